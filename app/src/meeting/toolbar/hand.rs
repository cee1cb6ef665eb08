//! The raised hand.

use leptos::prelude::*;

use super::rights::toggle_hand;
use crate::{components::Icon, state::Meeting, text::text};

/// Raises the hand or lowers it; only where hands are raised.
#[component]
pub(super) fn HandTool() -> impl IntoView {
    let meeting = Meeting::expect();
    let store = meeting.store;
    let words = &text().tools;
    let raised = Memo::new(move |_| store.own_hand().is_some());
    let shown = Memo::new(move |_| store.may_raise_hand() || raised.get());
    let title = move || match raised.get() {
        true => words.lower_hand,
        false => words.raise_hand,
    };
    view! {
        <Show when=move || shown.get()>
            <button
                type="button"
                class="tool tool--hand"
                // the name stays, the state changes: pressed or not
                aria-label=words.raise_hand
                title=title
                aria-keyshortcuts="r"
                aria-pressed=move || raised.get().to_string()
                data-active=move || raised.get().then_some("true")
                on:click=move |_| toggle_hand(meeting)
            >
                <Icon glyph=icondata::LuHand />
            </button>
        </Show>
    }
}
