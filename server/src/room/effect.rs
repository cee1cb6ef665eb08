//! What a room wants done.

use protocol::{
    ChatMessage, Ended, MediaState, Offer, PeerId, RoomEvent, ServerMessage, Snapshot, View, You,
};

use super::{Decisions, Granted, OrderId, OrderRefused, Reply, SeatId, SessionId};
use crate::{clock::UnixMillis, journal::Notice};

/// What a room wants done, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Tell one session something.
    Send {
        /// To whom.
        session: SessionId,
        /// The id of the client's frame that this answers.
        re: Option<u32>,
        /// What.
        message: ServerMessage,
    },
    /// Tell one session that it has to wait.
    Waiting(Box<WaitingTo>),
    /// Tell one session that it has a seat.
    Welcome(Box<WelcomeTo>),
    /// Tell one session what became of its participant, with a new ticket.
    You(Box<YouTo>),
    /// Give one session the events that it missed.
    Replay {
        /// To whom.
        session: SessionId,
        /// The numbered events, in order.
        events: Vec<(u64, RoomEvent)>,
    },
    /// Tell many sessions something.
    Broadcast {
        /// To whom.
        to: Audience,
        /// What.
        message: ServerMessage,
    },
    /// Close a session after what was sent to it so far.
    End {
        /// Whose.
        session: SessionId,
        /// What to say last.
        ended: Option<Ended>,
    },
    /// Store a chat message and what tells integrators of it, then say
    /// [`super::Command::ChatStored`] or [`super::Command::ChatFailed`]. One at a
    /// time.
    StoreChat(ChatMessage),
    /// Forget the chat, then say [`super::Command::ChatCleared`] or
    /// [`super::Command::ChatFailed`].
    ClearChat,
    /// Store what moderators decided, then say
    /// [`super::Command::DecisionsStored`]. One at a time.
    StoreDecisions(Box<Decisions>),
    /// Take a participant into the media plane.
    AddMedia(PeerId),
    /// Free what the media plane has of a participant.
    RemoveMedia(PeerId),
    /// Let the media plane forward these sources of a participant and no
    /// others. After [`Effect::AddMedia`] it forwards none.
    SetSources(PeerId, MediaState),
    /// Let only those hear a participant's microphone who listen to this
    /// language; none is everybody.
    SetInterpreter(PeerId, Option<String>),
    /// Let the media plane send a participant the interpreters of a language;
    /// none is the original alone.
    SetLanguage(PeerId, Option<String>),
    /// Let the media plane answer an offer, then say
    /// [`super::Command::OfferDone`].
    Offer {
        /// Whose.
        peer: PeerId,
        /// From which seat.
        seat: SeatId,
        /// The offer.
        offer: Offer,
        /// The recorder's, whose page runs on this machine.
        recorder: bool,
    },
    /// Pass a view on to the media plane.
    SetView(PeerId, View),
    /// Let the media plane send a participant's slots again.
    RefreshMedia(PeerId),
    /// Start the recording or stop it, then say [`super::Command::Recorded`].
    Record {
        /// Who wishes it.
        session: SessionId,
        /// The id of the client's frame.
        re: u32,
        /// Start or stop.
        on: bool,
    },
    /// Answer an order.
    Answer(OrderId, Box<Result<Reply, OrderRefused>>),
    /// Let the journal write it down.
    Notify(Notice),
}

/// Which sessions of a room are meant. Who was not welcomed yet has no part in
/// it: they wait, or their snapshot or the replayed events will tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// All.
    All,
    /// All but one.
    AllBut(SessionId),
}

/// What a `welcome` is made of; the ticket is added by whom has the key.
#[derive(Debug, Clone, PartialEq)]
pub struct WelcomeTo {
    /// To whom.
    pub session: SessionId,
    /// The id of the client's frame that this answers.
    pub re: u32,
    /// Who they are.
    pub peer: PeerId,
    /// Their seat.
    pub seat: SeatId,
    /// Whether they had the seat before.
    pub resumed: bool,
    /// Oneself.
    pub you: You,
    /// For the ticket.
    pub granted: Granted,
    /// When the ticket ends before its time.
    pub ends_at: Option<UnixMillis>,
    /// The room as it is now, unless they know it.
    pub snapshot: Option<Snapshot>,
}

/// What a `waiting` is made of; the ticket is added by whom has the key.
#[derive(Debug, Clone, PartialEq)]
pub struct WaitingTo {
    /// To whom.
    pub session: SessionId,
    /// The id of the client's frame that this answers.
    pub re: u32,
    /// Who they are.
    pub peer: PeerId,
    /// The seat that they would have.
    pub seat: SeatId,
    /// For the ticket.
    pub granted: Granted,
    /// When the ticket ends before its time.
    pub ends_at: Option<UnixMillis>,
}

/// What a `you` is made of; the ticket is added by whom has the key.
#[derive(Debug, Clone, PartialEq)]
pub struct YouTo {
    /// To whom.
    pub session: SessionId,
    /// Their seat.
    pub seat: SeatId,
    /// Oneself.
    pub you: You,
    /// For the ticket.
    pub granted: Granted,
    /// When the ticket ends before its time.
    pub ends_at: Option<UnixMillis>,
}
