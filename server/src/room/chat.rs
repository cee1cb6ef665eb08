//! A room's chat: what was said, and what waits to be stored.
//!
//! A message is shown to anybody only once the database has it, so that no one
//! has seen a message that a crash then loses. Messages are stored one at a
//! time, in the order in which they came, and so is the clearing of the chat.

use std::collections::{HashSet, VecDeque};

use protocol::{ChatMessage, DisplayName, PeerId};

use super::{Effect, OrderId, SessionId};
use crate::{clock::UnixMillis, limits::RoomLimits};

/// A message to be stored and those who wait for it.
#[derive(Debug)]
pub(super) struct Draft {
    /// None is the integrator.
    pub(super) from: Option<PeerId>,
    pub(super) display_name: DisplayName,
    pub(super) text: String,
    pub(super) nonce: String,
    pub(super) sent_at: UnixMillis,
    /// A client that came back may have sent the message again.
    pub(super) waiting: Vec<Waits>,
}

/// Who waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    /// A session, with the id of its frame.
    Session(SessionId, u32),
    /// An order.
    Order(OrderId),
}

/// What the database has to do next.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// Store a message.
    Store(ChatMessage),
    /// Forget all messages.
    Clear,
}

impl From<Step> for Effect {
    fn from(step: Step) -> Self {
        match step {
            Step::Store(message) => Self::StoreChat(message),
            Step::Clear => Self::ClearChat,
        }
    }
}

/// What waits for the database.
#[derive(Debug)]
enum Entry {
    Say(Draft),
    Clear(Waits),
}

impl Entry {
    fn step(&self, next_id: u64) -> Step {
        match self {
            Self::Say(draft) => Step::Store(draft.message(next_id)),
            Self::Clear(_) => Step::Clear,
        }
    }

    fn draft(&mut self) -> Option<&mut Draft> {
        match self {
            Self::Say(draft) => Some(draft),
            Self::Clear(_) => None,
        }
    }
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
    /// It is to be done now.
    Next(Step),
    /// Too many wait.
    Full,
}

/// A room's chat.
#[derive(Debug)]
pub(super) struct Chat {
    messages: VecDeque<ChatMessage>,
    bytes: usize,
    nonces: HashSet<(Option<PeerId>, String)>,
    /// The first one is with the database.
    drafts: VecDeque<Entry>,
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
            .filter_map(Entry::draft)
            .find(|other| other.from == draft.from && other.nonce == draft.nonce)
        {
            same.waiting.extend(draft.waiting);
            return Submitted::Waits;
        }
        self.enqueue(Entry::Say(draft), limits)
    }

    /// Clears the chat, after what waits before it.
    pub(super) fn clear(&mut self, waits: Waits, limits: &RoomLimits) -> Submitted {
        self.enqueue(Entry::Clear(waits), limits)
    }

    fn enqueue(&mut self, entry: Entry, limits: &RoomLimits) -> Submitted {
        if self.drafts.len() >= limits.chat_pending {
            return Submitted::Full;
        }
        self.drafts.push_back(entry);
        match self.drafts.len() {
            1 => Submitted::Next(self.drafts[0].step(self.next_id)),
            _ => Submitted::Waits,
        }
    }

    /// The database has the first draft: it is said now.
    pub(super) fn stored(&mut self, limits: &RoomLimits) -> Option<(Draft, ChatMessage)> {
        let Entry::Say(draft) = self.drafts.pop_front()? else {
            return None;
        };
        let message = draft.message(self.next_id);
        self.push(message.clone(), limits);
        Some((draft, message))
    }

    /// The database has forgotten what was said. Numbers go on.
    pub(super) fn cleared(&mut self) -> Option<Waits> {
        let Entry::Clear(waits) = self.drafts.pop_front()? else {
            return None;
        };
        self.messages.clear();
        self.nonces.clear();
        self.bytes = 0;
        Some(waits)
    }

    /// The database refused the first step: it was never taken.
    pub(super) fn failed(&mut self) -> Vec<Waits> {
        match self.drafts.pop_front() {
            Some(Entry::Say(draft)) => draft.waiting,
            Some(Entry::Clear(waits)) => vec![waits],
            None => Vec::new(),
        }
    }

    /// What is to be done next.
    pub(super) fn next(&self) -> Option<Step> {
        Some(self.drafts.front()?.step(self.next_id))
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
