//! The recording of the meeting: what everybody sees and hears of it, and what
//! those find who may start and stop it. Decides nothing: the server does.

mod announcer;
mod badge;
mod control;
mod progress;

use leptos::prelude::*;
use protocol::{NoRecording, RecordingState};

use super::moderation::Confirm;
use crate::state::{Denied, Desk, Store};

pub(super) use announcer::RecordingAnnouncer;
pub(super) use badge::RecordingBadge;
pub(super) use control::RecordingControl;

/// How far the recording is; none when there is none. Tracks.
pub(super) fn state(store: Store) -> Option<RecordingState> {
    store
        .recording
        .with(|recording| recording.as_ref().map(|recording| recording.state))
}

/// Whether there is something to stop: it records, or is about to. Tracks.
pub(super) fn is_on(store: Store) -> bool {
    matches!(
        state(store),
        Some(RecordingState::Starting | RecordingState::Recording)
    )
}

/// Why nothing can be started now. Tracks.
pub(super) fn why_not(store: Store) -> Option<NoRecording> {
    store.no_recording().filter(|_| !is_on(store))
}

/// Asks before a recording is started or stopped, or says why there is none.
pub(super) fn press(store: Store, desk: Desk) {
    let (on, why_not) = untrack(|| (is_on(store), why_not(store)));
    match why_not {
        Some(why) => desk.deny(Denied::Recording(why)),
        None if on => desk.ask(Confirm::StopRecording),
        None => desk.ask(Confirm::StartRecording),
    }
}
