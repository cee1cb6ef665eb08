//! For how long the meeting has been recorded.

use leptos::prelude::*;
use protocol::{Recording, RecordingState};

use crate::{
    browser::clock::{self, ticking},
    state::Store,
};

/// Since when a recording runs, by the clock of this page. Who saw it start
/// knows that better than by the server's clock, which may be another one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Seen {
    id: String,
    since: u64,
}

impl Seen {
    fn of(recording: &Recording, before: Option<&Self>, now: u64) -> Self {
        if let Some(before) = before.filter(|before| before.id == recording.id) {
            return before.clone();
        }
        let since = match recording.state {
            RecordingState::Starting => now,
            _ => recording.since.min(now),
        };
        Self {
            id: recording.id.clone(),
            since,
        }
    }
}

/// The time that has been recorded, as `1:02:03`. Ticks while the calling
/// component stands; none where there is no recording.
pub(super) fn elapsed(store: Store) -> impl Fn() -> Option<String> + Copy + Send + Sync {
    let now = ticking();
    let seen = Memo::new(move |before: Option<&Option<Seen>>| {
        let before = before.and_then(Option::as_ref);
        store.recording.with(|recording| {
            let recording = recording.as_ref()?;
            Some(Seen::of(recording, before, clock::now()))
        })
    });
    move || {
        let (now, seen) = (now.get()?, seen.get()?);
        Some(clock::duration(now.saturating_sub(seen.since) / 1_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(state: RecordingState) -> Recording {
        Recording {
            id: "rec_1".to_owned(),
            state,
            since: 1_000,
            progress: None,
        }
    }

    #[test]
    fn who_saw_it_start_counts_by_their_own_clock() {
        let seen = Seen::of(&recording(RecordingState::Starting), None, 9_000);
        assert_eq!(seen.since, 9_000);
        let later = Seen::of(&recording(RecordingState::Recording), Some(&seen), 12_000);
        assert_eq!(later, seen);
    }

    #[test]
    fn who_came_later_counts_from_when_it_was_asked_for() {
        let seen = Seen::of(&recording(RecordingState::Recording), None, 9_000);
        assert_eq!(seen.since, 1_000);
    }

    #[test]
    fn a_slow_clock_counts_from_nought() {
        let seen = Seen::of(&recording(RecordingState::Recording), None, 500);
        assert_eq!(seen.since, 500);
    }

    #[test]
    fn another_recording_counts_anew() {
        let seen = Seen::of(&recording(RecordingState::Starting), None, 9_000);
        let other = Recording {
            id: "rec_2".to_owned(),
            ..recording(RecordingState::Starting)
        };
        assert_eq!(Seen::of(&other, Some(&seen), 20_000).since, 20_000);
    }
}
