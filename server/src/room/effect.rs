//! What a room wants done.

use protocol::{ChatMessage, Ended, Offer, PeerId, RoomEvent, ServerMessage, Snapshot, View};

use super::{SeatId, SessionId};

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
    /// Tell one session that it has a seat.
    Welcome(Box<WelcomeTo>),
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
    /// Store a chat message, then say [`super::Command::ChatStored`] or
    /// [`super::Command::ChatFailed`]. One at a time.
    StoreChat(ChatMessage),
    /// Take a participant into the media plane.
    AddMedia(PeerId),
    /// Free what the media plane has of a participant.
    RemoveMedia(PeerId),
    /// Let the media plane answer an offer, then say
    /// [`super::Command::OfferDone`].
    Offer {
        /// Whose.
        peer: PeerId,
        /// From which seat.
        seat: SeatId,
        /// The offer.
        offer: Offer,
    },
    /// Pass a view on to the media plane.
    SetView(PeerId, View),
    /// Let the media plane send a participant's slots again.
    RefreshMedia(PeerId),
}

/// Which sessions of a room are meant.
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
    /// The room as it is now, unless they know it.
    pub snapshot: Option<Snapshot>,
}
