//! What a room is told.

use media::MediaEvent;
use protocol::{DisplayName, MediaState, Offer, PeerId, Source, View, WireError};

use super::SeatId;

/// One WebSocket connection of this process. Never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u64);

/// What a room is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Somebody comes in.
    Join(Join),
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
    /// A session's socket is gone.
    Detach(SessionId),
    /// The message that was to be stored is stored.
    ChatStored,
    /// The message that was to be stored could not be.
    ChatFailed,
    /// The media plane answered an offer or refused it.
    OfferDone(OfferDone),
    /// The media plane could not take a participant in.
    MediaRefused(PeerId),
    /// Something happened in the media plane.
    Media(MediaEvent),
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
    /// What they have on.
    pub media: MediaState,
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
    /// Gives the seat up.
    Leave,
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
