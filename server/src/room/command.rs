//! What a room is told.

use media::MediaEvent;
use protocol::{
    DisplayName, MediaState, Moderation, NoRecording, Offer, PeerId, Recording, Source, View,
    WireError,
};

use super::{Claims, Granted, Order, OrderId, SeatId};

/// One WebSocket connection of this process. Never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u64);

/// What a room is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Somebody comes in.
    Join(Box<Join>),
    /// Somebody comes back to a seat.
    Resume(Resume),
    /// A session that has a seat wants something.
    Request {
        /// Who asks.
        session: SessionId,
        /// The id of the client's frame.
        re: u32,
        /// What is asked for.
        request: Request,
    },
    /// An integrator's server wants something.
    Order(OrderId, Box<Order>),
    /// A session's socket is gone.
    Detach(SessionId),
    /// The message that was to be stored is stored.
    ChatStored,
    /// The message that was to be stored, or the clearing, could not be.
    ChatFailed,
    /// The chat that was to be cleared is cleared.
    ChatCleared,
    /// What moderators decided is stored, or could not be.
    DecisionsStored,
    /// The media plane answered an offer or refused it.
    OfferDone(OfferDone),
    /// The media plane could not take a participant in.
    MediaRefused(PeerId),
    /// Something happened in the media plane.
    Media(MediaEvent),
    /// A recording of the room began, changed or is over.
    Recording(Option<Recording>),
    /// Whether recordings can be started, and why not.
    NoRecording(Option<NoRecording>),
    /// What came of a moderator's wish to start or stop the recording.
    Recorded {
        /// Who wished it.
        session: SessionId,
        /// The id of the client's frame.
        re: u32,
        /// Done, or why not.
        done: Result<(), NoRecording>,
    },
    /// A deadline has passed.
    Tick,
}

/// Somebody comes in. Their right to do so was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    /// The connection.
    pub session: SessionId,
    /// The id of the client's frame.
    pub re: u32,
    /// The new seat, chosen at random.
    pub seat: SeatId,
    /// The participant.
    pub peer: PeerId,
    /// Their name.
    pub display_name: DisplayName,
    /// What they want to have on.
    pub media: MediaState,
    /// What admission found out about them.
    pub claims: Claims,
    /// What an earlier seat of theirs was granted, by a good ticket.
    pub granted: Option<Granted>,
}

/// Somebody comes back to a seat. Their ticket was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Resume {
    /// The connection.
    pub session: SessionId,
    /// The id of the client's frame.
    pub re: u32,
    /// The seat that the ticket names.
    pub seat: SeatId,
    /// The participant that the ticket names.
    pub peer: PeerId,
    /// The last event that the client has.
    pub last_event: u64,
}

/// What a participant may ask a room for.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Offers a media connection.
    Offer(Offer),
    /// Says which tiles are shown.
    SetView(View),
    /// Switches a source on or off.
    SetMedia(Source, bool),
    /// Changes the name.
    SetDisplayName(DisplayName),
    /// Writes into the chat.
    Chat {
        /// What is written.
        text: String,
        /// The writer's mark.
        nonce: String,
    },
    /// Raises the hand or lowers it.
    SetHand(bool),
    /// Listens to a language; none is the original.
    SetLanguage(Option<String>),
    /// Does what only moderators may.
    Moderate(Moderation),
    /// Brings another token.
    Renew(Box<Renewed>),
    /// Gives the seat up.
    Leave,
}

/// What another token of somebody in the room says. It was checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Renewed {
    /// Whose it is, where it says so.
    pub peer: Option<PeerId>,
    /// The name that it has signed.
    pub display_name: Option<DisplayName>,
    /// What admission found out.
    pub claims: Claims,
}

/// The fate of an offer.
#[derive(Debug, Clone, PartialEq)]
pub struct OfferDone {
    /// Whose offer.
    pub peer: PeerId,
    /// From which seat.
    pub seat: SeatId,
    /// The SDP answer.
    pub answer: Result<String, WireError>,
}
