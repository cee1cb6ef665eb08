//! What a room is told.

use std::sync::Arc;

use media::MediaEvent;
use protocol::{
    DisplayName, MediaState, Moderation, NoRecording, Offer, PeerId, Recording, Role, RoomKind,
    Source, View, WireError,
};
use serde::{Deserialize, Serialize};

use super::{Order, OrderId, SeatId};
use crate::{clock::UnixMillis, webhooks::EventTarget};

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

/// What admission found out about somebody, by token, address and tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// What they are to begin with.
    pub role: Role,
    /// May start and stop recordings.
    pub may_record: bool,
    /// May raise a hand.
    pub may_raise_hand: bool,
    /// May write into the chat.
    pub may_chat: bool,
    /// May change their own name: no token gives it.
    pub may_rename: bool,
    /// Their token switches the waiting room on.
    pub waiting_room: bool,
    /// Most people with camera or microphone on; 0 is no limit.
    pub max_broadcasters: u32,
    /// Most people with a tile; 0 is no limit.
    pub max_watchers: u32,
    /// A player for everybody: an https URL, checked.
    pub video: Option<String>,
    /// Their token says so, and not only their address.
    pub video_signed: bool,
    /// The language that an interpreter speaks.
    pub language: Option<String>,
    /// Their token switches interpretation on.
    pub interpreters: bool,
    /// Their id stands in their address and in no token: anybody may write it
    /// there.
    pub id_by_address: bool,
    /// Their token's hash: the same for all who have the same token.
    pub token: Option<TokenHash>,
    /// When their token expires: nobody new comes in by it after that.
    pub expires_at: Option<UnixMillis>,
    /// When their token's lifetime is over, and their tickets with it.
    pub ends_at: Option<UnixMillis>,
    /// Who is told that they join and leave.
    pub events: Option<Arc<EventTarget>>,
    /// The recorder's own page: it sees and hears what a viewer does, and is
    /// nobody.
    pub recorder: bool,
    /// By which of the room's two interfaces they come.
    pub interface: RoomKind,
}

impl Claims {
    /// What the recorder's page may: watch.
    #[must_use]
    pub fn recorder() -> Self {
        Self {
            role: Role::Viewer,
            may_chat: false,
            may_rename: false,
            recorder: true,
            ..Self::default()
        }
    }
}

impl Default for Claims {
    /// Somebody without a token, on a plain address.
    fn default() -> Self {
        Self {
            role: Role::Participant,
            may_record: false,
            may_raise_hand: false,
            may_chat: true,
            may_rename: true,
            waiting_room: false,
            max_broadcasters: 0,
            max_watchers: 0,
            video: None,
            video_signed: false,
            language: None,
            interpreters: false,
            id_by_address: false,
            token: None,
            expires_at: None,
            ends_at: None,
            events: None,
            recorder: false,
            interface: RoomKind::Call,
        }
    }
}

impl Claims {
    /// Until when their token is good for coming back.
    #[must_use]
    pub fn token_ends_at(&self) -> Option<UnixMillis> {
        [self.expires_at, self.ends_at].into_iter().flatten().min()
    }
}

/// SHA-256 of a participant's token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TokenHash(pub [u8; 32]);

/// What a seat was granted besides what its token says. Stands in tickets, so
/// that a server that restarted knows it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// The role by then.
    pub role: Role,
    /// When the room was made, in milliseconds since 1970-01-01 UTC: what was
    /// granted in one meeting is nothing in the next one of the same name.
    #[serde(default)]
    pub meeting: u64,
    /// They were let in; else they wait, and the ticket only says that nothing
    /// else stood in their way.
    pub admitted: bool,
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
