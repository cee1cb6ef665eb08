//! A room's chat: what was said, and what waits to be stored.
//!
//! A message is shown to anybody only once the database has it, so that no one
//! has seen a message that a crash then loses. Messages are stored one at a
//! time, in the order in which they came.

use std::collections::{HashSet, VecDeque};

use protocol::{ChatMessage, DisplayName, PeerId};

use super::SessionId;
use crate::{clock::UnixMillis, limits::RoomLimits};

/// A message to be stored and those who wait for it.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) from: PeerId,
    pub(super) display_name: DisplayName,
    pub(super) text: String,
    pub(super) nonce: String,
    pub(super) sent_at: UnixMillis,
    /// Sessions and the frames to be answered: a client that came back may
    /// have sent the message again.
    pub(super) waiting: Vec<(SessionId, u32)>,
}

impl Draft {
    fn message(&self, id: u64) -> ChatMessage {
        ChatMessage {
            id,
            from: self.from.clone(),
            display_name: self.display_name.clone(),
            text: self.text.clone(),
            sent_at: self.sent_at.get(),
            nonce: self.nonce.clone(),
        }
    }
}

/// What becomes of a message.
#[derive(Debug, PartialEq)]
pub(super) enum Submitted {
    /// It was said before.
    Known,
    /// It waits for its turn.
    Waits,
    /// It is to be stored now.
    Store(ChatMessage),
    /// Too many wait.
    Full,
}

/// A room's chat.
#[derive(Debug)]
pub(super) struct Chat {
    messages: VecDeque<ChatMessage>,
    bytes: usize,
    nonces: HashSet<(PeerId, String)>,
    /// The first one is with the database.
    drafts: VecDeque<Draft>,
    next_id: u64,
}

impl Chat {
    pub(super) fn new(stored: Vec<ChatMessage>, limits: &RoomLimits) -> Self {
        let mut chat = Self {
            messages: VecDeque::new(),
            bytes: 0,
            nonces: HashSet::new(),
            drafts: VecDeque::new(),
            next_id: 1,
        };
        for message in stored {
            chat.push(message, limits);
        }
        chat
    }

    /// What late joiners are shown, oldest first.
    pub(super) fn history(&self) -> Vec<ChatMessage> {
        self.messages.iter().cloned().collect()
    }

    /// Whether the database has everything.
    pub(super) fn is_stored(&self) -> bool {
        self.drafts.is_empty()
    }

    pub(super) fn submit(&mut self, draft: Draft, limits: &RoomLimits) -> Submitted {
        if self
            .nonces
            .contains(&(draft.from.clone(), draft.nonce.clone()))
        {
            return Submitted::Known;
        }
        if let Some(same) = self
            .drafts
            .iter_mut()
            .find(|other| other.from == draft.from && other.nonce == draft.nonce)
        {
            same.waiting.extend(draft.waiting);
            return Submitted::Waits;
        }
        if self.drafts.len() >= limits.chat_pending {
            return Submitted::Full;
        }
        self.drafts.push_back(draft);
        match self.drafts.len() {
            1 => Submitted::Store(self.drafts[0].message(self.next_id)),
            _ => Submitted::Waits,
        }
    }

    /// The database has the first draft: it is said now.
    pub(super) fn stored(&mut self, limits: &RoomLimits) -> Option<(Draft, ChatMessage)> {
        let draft = self.drafts.pop_front()?;
        let message = draft.message(self.next_id);
        self.push(message.clone(), limits);
        Some((draft, message))
    }

    /// The database refused the first draft: it was never said.
    pub(super) fn failed(&mut self) -> Option<Draft> {
        self.drafts.pop_front()
    }

    /// What is to be stored next.
    pub(super) fn next(&self) -> Option<ChatMessage> {
        Some(self.drafts.front()?.message(self.next_id))
    }

    fn push(&mut self, message: ChatMessage, limits: &RoomLimits) {
        self.next_id = message.id + 1;
        self.bytes += message.text.len();
        self.nonces
            .insert((message.from.clone(), message.nonce.clone()));
        self.messages.push_back(message);
        while self.messages.len() > limits.chat_messages || self.bytes > limits.chat_bytes {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some(oldest) = self.messages.pop_front() {
            self.bytes -= oldest.text.len();
            self.nonces.remove(&(oldest.from, oldest.nonce));
        }
    }
}
