//! The badge that says to everybody that the meeting is recorded.

use leptos::prelude::*;
use protocol::RecordingState;

use super::{is_on, progress::elapsed, state};
use crate::{state::Meeting, text::text};

/// In a corner of the stage; there also where all controls are hidden.
#[component]
pub(in crate::meeting) fn RecordingBadge() -> impl IntoView {
    let store = Meeting::expect().store;
    let shown = Memo::new(move |_| is_on(store));
    view! {
        <Show when=move || shown.get()>
            <Badge />
        </Show>
    }
}

#[component]
fn Badge() -> impl IntoView {
    let store = Meeting::expect().store;
    let words = &text().recording;
    let starting = Memo::new(move |_| state(store) == Some(RecordingState::Starting));
    let says = move || match starting.get() {
        true => words.starting,
        false => words.badge,
    };
    let elapsed = elapsed(store);
    view! {
        <p class="recording" data-starting=move || starting.get().then_some("true")>
            <span class="recording__dot" aria-hidden="true"></span>
            <span>{says}</span>
            // told when it is asked for: every second would be too much to listen to
            <span class="recording__time" role="timer" dir="ltr">
                {move || (!starting.get()).then(elapsed)}
            </span>
        </p>
    }
}
