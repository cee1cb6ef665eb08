//! The chat: what was written here and is not delivered yet, and its lines.
//!
//! A message keeps its nonce until the room has it, over any number of lost
//! connections, so that it arrives once.

use protocol::{CHAT_TEXT_MAX, ChatMessage, DisplayName, ErrorCode, PeerId};

use crate::{
    Moment,
    model::{ChatLine, Delivery, Room},
};

/// The most lines that are kept; the oldest make room.
const LINES_MAX: usize = 5_000;

/// How a line of one's own is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Unsent {
    nonce: String,
    text: String,
    /// On the socket, and not answered yet.
    sent: bool,
}

#[derive(Debug, Default)]
pub(super) struct Chat {
    /// Not acknowledged, oldest first.
    unsent: Vec<Unsent>,
    open: bool,
    written: u64,
    /// The highest message number seen.
    newest: u64,
}

impl Chat {
    /// The participant writes something. What is empty or too long is cut, for
    /// the interface has a limit of its own.
    pub(super) fn write(
        &mut self,
        room: &mut Room,
        text: &str,
        me: (Option<&PeerId>, &DisplayName),
        at: Moment,
    ) {
        let text: String = text.trim().chars().take(CHAT_TEXT_MAX).collect();
        let Some(from) = me.0.filter(|_| !text.is_empty()) else {
            return;
        };
        self.written += 1;
        let nonce = format!("{:016x}-{}", at.random, self.written);
        self.unsent.push(Unsent {
            nonce: nonce.clone(),
            text: text.clone(),
            sent: false,
        });
        push(
            room,
            ChatLine {
                message: ChatMessage {
                    id: 0,
                    from: Some(from.clone()),
                    display_name: me.1.clone(),
                    text,
                    sent_at: at.unix_ms,
                    nonce,
                },
                delivery: Delivery::Sending,
            },
        );
    }

    /// The participant wants a failed message to be tried again.
    pub(super) fn retry(&mut self, room: &mut Room, nonce: &str) {
        let Some(line) = own_line(room, nonce) else {
            return;
        };
        if matches!(line.delivery, Delivery::Failed(_)) {
            line.delivery = Delivery::Sending;
            self.unsent.push(Unsent {
                nonce: nonce.to_owned(),
                text: line.message.text.clone(),
                sent: false,
            });
        }
    }

    pub(super) fn set_open(&mut self, room: &mut Room, open: bool) {
        self.open = open;
        if open {
            room.unread = 0;
        }
    }

    /// The next message to put on the socket: text and nonce.
    pub(super) fn take_unsent(&mut self) -> Option<(String, String)> {
        let next = self.unsent.iter_mut().find(|unsent| !unsent.sent)?;
        next.sent = true;
        Some((next.text.clone(), next.nonce.clone()))
    }

    /// The socket was lost with messages that nobody acknowledged.
    pub(super) fn socket_lost(&mut self) {
        for unsent in &mut self.unsent {
            unsent.sent = false;
        }
    }

    /// The server has the message; its event may come earlier or later.
    pub(super) fn acknowledged(&mut self, room: &mut Room, nonce: &str) {
        self.settle(room, nonce, Delivery::Delivered);
    }

    pub(super) fn refused(&mut self, room: &mut Room, nonce: &str, code: ErrorCode) {
        self.settle(room, nonce, Delivery::Failed(code));
    }

    /// A message of the room; one's own is known by its nonce.
    pub(super) fn arrived(&mut self, room: &mut Room, me: Option<&PeerId>, message: ChatMessage) {
        self.newest = self.newest.max(message.id);
        let own = me.is_some() && me == message.from.as_ref();
        let known = room.chat.iter().rposition(|line| {
            line.message.from == message.from && line.message.nonce == message.nonce
        });
        if own {
            self.unsent.retain(|unsent| unsent.nonce != message.nonce);
        } else if known.is_none() && !self.open {
            room.unread = room.unread.saturating_add(1);
        }
        let line = ChatLine {
            message,
            delivery: Delivery::Delivered,
        };
        match known {
            Some(at) if room.chat[at].message.id != 0 => room.chat[at] = line,
            known => {
                if let Some(at) = known {
                    room.chat.remove(at);
                }
                insert(room, line);
            }
        }
    }

    /// The whole chat as the server has it, at the start or after a gap. Own
    /// messages that it does not have stay under way. History from before the
    /// first join counts as read.
    pub(super) fn replaced(
        &mut self,
        room: &mut Room,
        me: &PeerId,
        chat: Vec<ChatMessage>,
        first: bool,
    ) {
        let has = |line: &ChatLine| {
            chat.iter()
                .any(|message| is_of(message, me) && message.nonce == line.message.nonce)
        };
        let mut own: Vec<ChatLine> = std::mem::take(&mut room.chat)
            .into_iter()
            .filter(|line| line.message.id == 0 && !has(line))
            .collect();
        for line in &mut own {
            line.message.from = Some(me.clone());
        }
        self.unsent
            .retain(|unsent| own.iter().any(|line| line.message.nonce == unsent.nonce));
        let missed = chat
            .iter()
            .filter(|message| message.id > self.newest && !is_of(message, me))
            .count();
        if !first && !self.open {
            room.unread += u32::try_from(missed).unwrap_or(u32::MAX);
        }
        self.newest = chat.last().map_or(0, |message| message.id);
        room.chat = chat.into_iter().map(delivered).chain(own).collect();
    }

    fn settle(&mut self, room: &mut Room, nonce: &str, delivery: Delivery) {
        self.unsent.retain(|unsent| unsent.nonce != nonce);
        if let Some(line) = own_line(room, nonce).filter(|l| l.delivery == Delivery::Sending) {
            line.delivery = delivery;
        }
    }
}

/// The integrator cleared the chat. What is on its way comes after that, and
/// what was refused was never said.
pub(super) fn cleared(room: &mut Room) {
    room.chat.retain(|line| line.message.id == 0);
    room.unread = 0;
}

fn is_of(message: &ChatMessage, person: &PeerId) -> bool {
    message.from.as_ref() == Some(person)
}

fn delivered(message: ChatMessage) -> ChatLine {
    ChatLine {
        message,
        delivery: Delivery::Delivered,
    }
}

/// A line written here, by the nonce that was drawn here.
fn own_line<'a>(room: &'a mut Room, nonce: &str) -> Option<&'a mut ChatLine> {
    let mut lines = room.chat.iter_mut().rev();
    lines.find(|line| line.message.nonce == nonce)
}

/// Behind everything, for it is on its way.
fn push(room: &mut Room, line: ChatLine) {
    make_place(room);
    room.chat.push(line);
}

/// Behind all that has arrived and before what is on its way, so that everybody
/// reads the messages in the same order.
fn insert(room: &mut Room, line: ChatLine) {
    make_place(room);
    let last = room.chat.iter().rposition(|line| !is_under_way(line));
    room.chat.insert(last.map_or(0, |last| last + 1), line);
}

fn is_under_way(line: &ChatLine) -> bool {
    line.message.id == 0 && !matches!(line.delivery, Delivery::Failed(_))
}

fn make_place(room: &mut Room) {
    if room.chat.len() >= LINES_MAX {
        room.chat.remove(0);
    }
}
