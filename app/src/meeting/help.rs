//! The help dialog: which key does what.

use leptos::prelude::*;

use super::shortcuts::Action;
use crate::{
    components::Modal,
    state::{Desk, Overlay},
    text::text,
};

/// All shortcuts.
#[component]
pub(super) fn HelpDialog() -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = &text().help;
    let rows = move || {
        Action::ALL
            .into_iter()
            .map(|action| {
                view! {
                    <div class="keys__row">
                        <dt>
                            <kbd>{key_name(action)}</kbd>
                        </dt>
                        <dd>{description(action)}</dd>
                    </div>
                }
            })
            .collect_view()
    };
    view! {
        <Modal
            open=Signal::derive(move || desk.overlay.get() == Some(Overlay::Help))
            on_close=move |()| close(desk)
            title=words.title
        >
            <dl class="keys">{rows}</dl>
            <Show when=move || !desk.shortcuts.get()>
                <p class="explained__hint">{words.off}</p>
            </Show>
        </Modal>
    }
}

fn close(desk: Desk) {
    desk.overlay.update(|overlay| {
        if *overlay == Some(Overlay::Help) {
            *overlay = None;
        }
    });
}

fn key_name(action: Action) -> String {
    match action {
        Action::Escape => text().help.escape_key.to_owned(),
        other => other.key().to_ascii_uppercase(),
    }
}

fn description(action: Action) -> &'static str {
    let words = &text().help;
    match action {
        Action::Microphone => words.microphone,
        Action::Camera => words.camera,
        Action::Share => words.share,
        Action::Chat => words.chat,
        Action::People => words.people,
        Action::Layout => words.layout,
        Action::FullScreen => words.full_screen,
        Action::Hand => words.hand,
        Action::Help => words.help,
        Action::Escape => words.escape,
    }
}
