//! What a room tells the journal, and what it keeps while the journal's recorder
//! is behind. Never waits.
//!
//! What cannot be told is kept in order, with its time, and told as soon as
//! there is space. When too much is kept, nothing more is: what is dropped is
//! counted, and the list of those who are here follows, so that only who came
//! and went meanwhile is missed.

use std::collections::VecDeque;

use protocol::ChatMessage;
use tracing::{error, warn};

use super::{Command, actor::Actor};
use crate::{clock::Now, journal::Notice};

/// What could not be told yet.
#[derive(Debug, Default)]
pub(super) struct Backlog {
    notices: VecDeque<(Now, Notice)>,
    /// How many found no space.
    dropped: u64,
    /// What was said meanwhile. It is stored after what happened before.
    chat: Option<ChatMessage>,
}

impl Backlog {
    /// Says whether it was kept. Nothing is that comes after what was dropped:
    /// it would be told before the list that makes up for it.
    fn keep(&mut self, at: Now, notice: Notice, most: usize) -> bool {
        if self.dropped > 0 || self.notices.len() >= most {
            self.dropped += 1;
            return false;
        }
        self.notices.push_back((at, notice));
        true
    }
}

impl Actor {
    pub(super) fn notify(&mut self, notice: Notice) -> Vec<Command> {
        let now = Now::read();
        if self.untold.is_none() {
            let told = self.shared.journal.tell(&self.room, now, notice.clone());
            if told.is_ok() {
                return Vec::new();
            }
            warn!(room = %self.room, "The recorder of the journal is behind");
        }
        let backlog = self.untold.get_or_insert_default();
        if !backlog.keep(now, notice, self.shared.limits.journal.late) {
            self.shared.census.dropped_notice();
        }
        Vec::new()
    }

    /// Tells what could not be told.
    pub(super) fn catch_up(&mut self) {
        let Some(backlog) = &mut self.untold else {
            return;
        };
        let (journal, room) = (&self.shared.journal, &self.room);
        while let Some((at, notice)) = backlog.notices.front() {
            if journal.tell(room, *at, notice.clone()).is_err() {
                return;
            }
            backlog.notices.pop_front();
        }
        let dropped = backlog.dropped;
        if dropped > 0 {
            if journal.tell_all(room, self.state.present()).is_err() {
                return;
            }
            error!(room = %room, dropped, "Webhooks and visits of a room were lost: the recorder of the journal was behind for too long");
        }
        let chat = backlog.chat.take();
        self.untold = None;
        chat.into_iter().for_each(|message| self.store(message));
    }

    pub(super) fn store(&mut self, message: ChatMessage) {
        if let Some(backlog) = &mut self.untold {
            backlog.chat = Some(message);
            return;
        }
        let (journal, room) = (self.shared.journal.clone(), self.room.clone());
        self.work.spawn(async move {
            match journal.chat(&room, &message).await {
                Ok(()) => Command::ChatStored,
                Err(error) => {
                    error!(room = %room, %error, "Chat message could not be stored");
                    Command::ChatFailed
                }
            }
        });
    }
}
