//! The field to write in: Enter sends, Shift and Enter start a new line.

use client::Intent;
use leptos::{ev, html, prelude::*};
use protocol::CHAT_TEXT_MAX;
use web_sys::HtmlTextAreaElement;

use crate::{
    components::Icon,
    state::{Desk, Meeting},
    text::text,
};

/// The key code of a key press that an input method takes for itself.
const COMPOSING: u32 = 229;

/// The field and its button; counts in `sent` what was sent.
#[component]
pub(super) fn Composer(sent: RwSignal<u32>) -> impl IntoView {
    let words = &text().chat;
    let draft = Draft {
        meeting: Meeting::expect(),
        kept: expect_context::<Desk>().draft,
        field: NodeRef::new(),
        empty: RwSignal::new(true),
        sent,
    };
    Effect::new(move |_| {
        if let Some(field) = draft.field.get() {
            field.set_value(&draft.kept.get_untracked());
            draft.on_input();
            let _ = field.focus();
        }
    });
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        draft.send();
    };
    view! {
        <form class="composer" on:submit=on_submit>
            <textarea
                class="input composer__field"
                node_ref=draft.field
                rows="1"
                maxlength=CHAT_TEXT_MAX.to_string()
                aria-label=words.message
                placeholder=words.placeholder
                enterkeyhint="send"
                dir="auto"
                on:keydown=move |event| draft.on_key(&event)
                on:input=move |_| draft.on_input()
            ></textarea>
            <button
                type="submit"
                class="icon-button icon-button--accent"
                aria-label=words.send
                title=words.send
                prop:disabled=move || draft.empty.get()
            >
                <Icon glyph=icondata::LuSendHorizontal />
            </button>
        </form>
    }
}

/// What is being written.
#[derive(Clone, Copy)]
struct Draft {
    meeting: Meeting,
    /// Where it stays while the panel is closed.
    kept: RwSignal<String>,
    field: NodeRef<html::Textarea>,
    empty: RwSignal<bool>,
    sent: RwSignal<u32>,
}

impl Draft {
    fn send(self) {
        let Some(field) = self.field.get_untracked() else {
            return;
        };
        let written = field.value();
        if written.trim().is_empty() {
            return;
        }
        self.meeting
            .send(Intent::SendChat(written.trim().to_owned()));
        self.sent.update(|count| *count = count.wrapping_add(1));
        field.set_value("");
        self.on_input();
        let _ = field.focus();
    }

    fn on_input(self) {
        if let Some(field) = self.field.get_untracked() {
            let written = field.value();
            self.empty.set(written.trim().is_empty());
            self.kept.set(written);
            grow(&field);
        }
    }

    fn on_key(self, event: &ev::KeyboardEvent) {
        // while an input method composes, Enter belongs to it; Safari says so
        // by the key's code alone
        let composing = event.is_composing() || event.key_code() == COMPOSING;
        if event.key() == "Enter" && !event.shift_key() && !composing {
            event.prevent_default();
            self.send();
        }
    }
}

/// Makes the field as high as its text; the style sheet sets the limit.
fn grow(field: &HtmlTextAreaElement) {
    let style = web_sys::HtmlElement::style(field);
    let _ = style.set_property("height", "auto");
    let height = format!("{}px", field.scroll_height());
    let _ = style.set_property("height", &height);
}
