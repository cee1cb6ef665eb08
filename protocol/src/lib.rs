//! Wire types of Meetframe: what the page and the server say to each other.
//!
//! Owns names, shapes and their JSON form, and nothing else: no logic, no I/O.
//! One WebSocket carries [`ClientFrame`]s up and [`ServerFrame`]s down, one
//! JSON object per text message. `docs/PROTOCOL.md` shows every message with
//! an example from `tests/golden/`, which the tests of this crate read.
//!
//! Unknown fields are ignored by both sides; an unknown message is answered
//! with [`ErrorCode::UnknownMessage`].

mod chat;
mod error;
mod from_client;
mod from_server;
mod id;
mod media;
mod participant;

pub use chat::{CHAT_TEXT_MAX, ChatMessage};
pub use error::{ErrorCode, WireError};
pub use from_client::{ClientFrame, ClientMessage, Join, Resume};
pub use from_server::{Ended, RoomEvent, ServerFrame, ServerMessage, Snapshot, Welcome};
pub use id::{DISPLAY_NAME_MAX, DisplayName, ID_MAX, InvalidId, PeerId, RoomId};
pub use media::{
    Offer, OfferedTrack, Quality, QualityScore, SlotAssignment, Source, TrackRef, View, ViewTile,
};
pub use participant::{MediaState, Participant, RoomKind};

/// Version of this protocol, sent in [`Join`] and [`Welcome`]. A server
/// refuses a client whose version it does not speak with
/// [`ErrorCode::ProtocolVersion`]; the page then reloads itself once.
pub const PROTOCOL_VERSION: u32 = 1;

/// How often a client sends [`ClientMessage::Ping`], in milliseconds. Three
/// unanswered pings mean that the socket is dead, whatever the browser says.
pub const PING_INTERVAL_MS: u32 = 4_000;
