//! What the participant asked for by a click and the server has not answered:
//! a raised hand, and what moderators do.
//!
//! Held while the connection is lost, and said again when nobody knows whether
//! it was heard: each of them says how things shall be, so twice is once.

use std::collections::VecDeque;

use protocol::{ClientMessage, ErrorCode, Moderation};

use super::Session;
use crate::model::{Reply, RequestMark};

/// The most that are held; the oldest make room.
const HELD_MAX: usize = 16;

/// The most answers that are kept; the oldest make room.
const REPLIES_MAX: usize = 256;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wish {
    pub(super) message: ClientMessage,
    /// Whoever wants to know what became of it.
    pub(super) mark: Option<RequestMark>,
}

impl From<ClientMessage> for Wish {
    fn from(message: ClientMessage) -> Self {
        Self {
            message,
            mark: None,
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Wishes {
    held: VecDeque<Wish>,
    /// Will never be said.
    dropped: Vec<RequestMark>,
}

impl Wishes {
    pub(super) fn hold(&mut self, wish: Wish) {
        if is_hand(&wish) {
            let dropped = self.held.iter().filter(|held| is_hand(held));
            self.dropped.extend(dropped.filter_map(|held| held.mark));
            self.held.retain(|held| !is_hand(held));
        }
        if self.held.len() >= HELD_MAX {
            let oldest = self.held.pop_front();
            self.dropped.extend(oldest.and_then(|oldest| oldest.mark));
        }
        self.held.push_back(wish);
    }

    /// Nobody knows whether the server heard this. Who waits by now may be
    /// somebody else than whom the moderator saw: that is not said again.
    pub(super) fn unanswered(&mut self, wish: Wish) {
        let unseen = matches!(
            wish.message,
            ClientMessage::Moderate(
                Moderation::Admit { peer: None } | Moderation::Reject { peer: None }
            )
        );
        let newer = is_hand(&wish) && self.held.iter().any(is_hand);
        if unseen || newer {
            self.dropped.extend(wish.mark);
        } else {
            self.hold(wish);
        }
    }

    pub(super) fn take(&mut self) -> Option<Wish> {
        self.held.pop_front()
    }

    pub(super) fn clear(&mut self) {
        let marks = self.held.drain(..).filter_map(|held| held.mark);
        self.dropped.extend(marks);
    }
}

fn is_hand(wish: &Wish) -> bool {
    matches!(wish.message, ClientMessage::SetHand { .. })
}

impl Session {
    /// Something to tell the server as soon as it listens.
    pub(super) fn wish(&mut self, wish: impl Into<Wish>) {
        let wish = wish.into();
        if self.is_inside() && self.entered {
            self.wishes.hold(wish);
        } else {
            self.reply(wish.mark, Err(ErrorCode::NotJoined));
        }
    }

    /// What became of a request, for whoever asked.
    pub(super) fn reply(&mut self, mark: Option<RequestMark>, outcome: Result<(), ErrorCode>) {
        let Some(mark) = mark else { return };
        let replies = &mut self.model.replies;
        if replies.len() >= REPLIES_MAX {
            replies.remove(0);
        }
        replies.push(Reply { mark, outcome });
    }

    /// What was too much, or came too late to be said again.
    pub(super) fn reply_to_dropped(&mut self) {
        for mark in std::mem::take(&mut self.wishes.dropped) {
            self.reply(Some(mark), Err(ErrorCode::RateLimited));
        }
    }
}
