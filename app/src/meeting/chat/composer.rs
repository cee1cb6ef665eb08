//! The field to write in: Enter sends, Shift and Enter start a new line.

use client::Intent;
use leptos::{ev, html, prelude::*};
use protocol::CHAT_TEXT_MAX;
use web_sys::HtmlTextAreaElement;

use crate::{components::Icon, state::Meeting, text::text};

/// The field and its button; counts in `sent` what was sent.
#[component]
pub(super) fn Composer(sent: RwSignal<u32>) -> impl IntoView {
    let meeting = Meeting::expect();
    let words = &text().chat;
    let field = NodeRef::<html::Textarea>::new();
    let empty = RwSignal::new(true);
    Effect::new(move |_| {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let send = move || {
        let Some(field) = field.get_untracked() else {
            return;
        };
        let text = field.value();
        if text.trim().is_empty() {
            return;
        }
        meeting.send(Intent::SendChat(text.trim().to_owned()));
        sent.update(|count| *count = count.wrapping_add(1));
        field.set_value("");
        empty.set(true);
        grow(&field);
        let _ = field.focus();
    };
    let on_key = move |event: ev::KeyboardEvent| {
        // while an input method composes, Enter belongs to it
        if event.key() == "Enter" && !event.shift_key() && !event.is_composing() {
            event.prevent_default();
            send();
        }
    };
    let on_input = move |_| {
        if let Some(field) = field.get_untracked() {
            empty.set(field.value().trim().is_empty());
            grow(&field);
        }
    };
    view! {
        <form
            class="composer"
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <textarea
                class="input composer__field"
                node_ref=field
                rows="1"
                maxlength=CHAT_TEXT_MAX.to_string()
                aria-label=words.message
                placeholder=words.placeholder
                enterkeyhint="send"
                dir="auto"
                on:keydown=on_key
                on:input=on_input
            ></textarea>
            <button
                type="submit"
                class="icon-button icon-button--accent"
                aria-label=words.send
                title=words.send
                prop:disabled=move || empty.get()
            >
                <Icon glyph=icondata::LuSendHorizontal />
            </button>
        </form>
    }
}

/// Makes the field as high as its text; the style sheet sets the limit.
fn grow(field: &HtmlTextAreaElement) {
    let style = web_sys::HtmlElement::style(field);
    let _ = style.set_property("height", "auto");
    let height = format!("{}px", field.scroll_height());
    let _ = style.set_property("height", &height);
}
