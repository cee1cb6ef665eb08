//! Wire types of Meetframe: what the page and the server say to each other.
//!
//! Owns names, shapes and their JSON form, and nothing else: no logic, no I/O.
//! One WebSocket carries [`ClientFrame`]s up and [`ServerFrame`]s down, one
//! JSON object per text message. `docs/PROTOCOL.md` shows every message with
//! an example from `tests/golden/`, which the tests of this crate read.
//!
//! Unknown fields are ignored by both sides; an unknown message is answered
//! with [`ErrorCode::UnknownMessage`].

mod bridge;
mod chat;
mod error;
mod from_client;
mod from_server;
mod id;
mod media;
mod moderation;
mod page;
mod participant;
mod recording;
mod role;
mod video;

pub use bridge::{
    BRIDGE_EVENTS_KEPT, BRIDGE_VERSION, BridgeCapability, BridgeCode, BridgeDevice,
    BridgeDiagnosis, BridgeError, BridgeEvent, BridgeFault, BridgeHello, BridgeMethod,
    BridgeParticipant, BridgePerson, BridgeRoom, BridgeState, BridgeTrouble, BridgeValue,
    BridgeWelcome, CapabilityState, FromFrame, LeftBy, LeftReason, LeftWord, NumberedEvent,
    ToFrame,
};
pub use chat::{CHAT_TEXT_MAX, ChatMessage};
pub use error::{ErrorCode, ErrorDetails, WireError};
pub use from_client::{ClientFrame, ClientMessage, Join, Resume};
pub use from_server::{Ended, RoomEvent, ServerFrame, ServerMessage, Snapshot, Welcome};
pub use id::{DISPLAY_NAME_MAX, DisplayName, ID_MAX, InvalidId, PeerId, RoomId, turns_text};
pub use media::{
    Offer, OfferedTrack, Quality, QualityScore, SlotAssignment, Source, TrackRef, View, ViewTile,
};
pub use moderation::{Moderation, Waiting};
pub use page::{Brand, PageSettings};
pub use participant::{MediaState, Participant, RoomKind};
pub use recording::{FromRecorder, NoRecording, Recording, RecordingState, ToRecorder};
pub use role::{Allowed, OffReason, Role, RoomSettings, You};
pub use video::{StoreTrouble, Video, VideoVolume};

/// Version of this protocol, sent in [`Join`] and [`Welcome`]. A server
/// refuses a client whose version it does not speak with
/// [`ErrorCode::ProtocolVersion`]; the page then reloads itself once.
pub const PROTOCOL_VERSION: u32 = 1;

/// How often a client sends [`ClientMessage::Ping`], in milliseconds. Three
/// unanswered pings mean that the socket is dead, whatever the browser says.
pub const PING_INTERVAL_MS: u32 = 4_000;

/// How long a client tries to open a socket and waits for the answer to its
/// first message, in milliseconds, before it tries again. What a server asks
/// others meanwhile has to take clearly less: else nobody sees why there is no
/// way in, and a question that is good for one time is asked twice.
pub const HELLO_TIMEOUT_MS: u32 = 10_000;
