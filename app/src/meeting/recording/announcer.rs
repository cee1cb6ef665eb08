//! Tells those who listen to the page that it is recorded from now on, and
//! that it no longer is: once each.

use leptos::prelude::*;
use protocol::RecordingState;

use super::state;
use crate::{state::Meeting, text::text};

/// A live region that is there before there is anything to say. What it says
/// stays in the language in which it was said: translated it would be told
/// again.
#[component]
pub(in crate::meeting) fn RecordingAnnouncer() -> impl IntoView {
    let store = Meeting::expect().store;
    let recorded = Memo::new(move |_| state(store) == Some(RecordingState::Recording));
    let says = RwSignal::new(None::<&'static str>);
    Effect::new(move |before: Option<bool>| {
        let recorded = recorded.get();
        let words = &text().recording;
        match (before.unwrap_or(false), recorded) {
            (false, true) => says.set(Some(words.begins)),
            (true, false) => says.set(Some(words.ends)),
            _ => {}
        }
        recorded
    });
    view! {
        <p class="visually-hidden" role="status">
            {move || says.get()}
        </p>
    }
}
