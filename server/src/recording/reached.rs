//! How far recordings are: everybody sees it at once, and the database keeps it
//! together with the messages that tell of it.
//!
//! What the database does not take waits here, in order, and is tried again.
//! When the server ends before, the next one finds the recording as it was
//! before, goes on from there and tells it then.

use protocol::{Recording, RecordingState};

use super::desk::{Desk, Happening};
use crate::clock::UnixMillis;

/// A state that the database does not have yet.
pub(super) struct Reached {
    recording: Recording,
    stopped_at: Option<UnixMillis>,
}

impl Desk {
    /// A recording got further.
    pub(super) async fn reach(
        &mut self,
        id: &str,
        state: RecordingState,
        stopped_at: Option<UnixMillis>,
    ) -> Result<(), sqlx::Error> {
        let Some(open) = self.open.get_mut(id) else {
            return Ok(());
        };
        open.state = state;
        let reached = Reached {
            recording: open.told(id),
            stopped_at,
        };
        open.unkept.push_back(reached);
        let is_next = open.unkept.len() == 1;
        self.show(id);
        match is_next {
            true => self.keep(id).await,
            // the one before is tried again, and this one after it
            false => Ok(()),
        }
    }

    /// Keeps what is not kept yet. Whatever fails is tried again after a while.
    pub(super) async fn keep(&mut self, id: &str) -> Result<(), sqlx::Error> {
        let Some(open) = self.open.get_mut(id) else {
            return Ok(());
        };
        let journal = &self.base.journal;
        while let Some(Reached {
            recording,
            stopped_at,
        }) = open.unkept.front()
        {
            if let Err(error) = journal.recording(&open.room, recording, *stopped_at).await {
                self.ask_again(id, Happening::Unkept);
                return Err(error);
            }
            open.unkept.pop_front();
        }
        self.close(id);
        Ok(())
    }

    /// Lets go of a recording that is over and kept.
    fn close(&mut self, id: &str) {
        let is_over = |state| matches!(state, RecordingState::Ready | RecordingState::Failed);
        if !self.open.get(id).is_some_and(|open| is_over(open.state)) {
            return;
        }
        let Some(open) = self.open.remove(id) else {
            return;
        };
        if !self.view.borrow().attended.contains(&open.room) {
            self.change(|view| drop(view.recordings.remove(&open.room)));
        }
    }
}
