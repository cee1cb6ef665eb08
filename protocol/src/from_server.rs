//! What the server says to a page.

use serde::{Deserialize, Serialize};

use crate::{
    ChatMessage, DisplayName, ErrorCode, MediaState, Participant, PeerId, Quality, RoomId,
    SlotAssignment, WireError,
};

/// One text message from the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerFrame {
    /// The id of the client frame that this answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub re: Option<u32>,
    /// What is said.
    #[serde(flatten)]
    pub message: ServerMessage,
}

/// What the server says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum ServerMessage {
    /// The seat is taken: answers `join` and `resume`.
    Welcome(Box<Welcome>),
    /// Done.
    Ok,
    /// Not done, and why. The connection goes on, unless it was the first message.
    Error(WireError),
    /// The SDP answer.
    Answer {
        /// The `negotiation` of the offer.
        negotiation: u32,
        /// The `connection` of the offer.
        connection: u32,
        /// The SDP.
        sdp: String,
    },
    /// What slots carry from now on. Slots that are not named are unchanged.
    SlotAssigned {
        /// The slots that changed.
        slots: Vec<SlotAssignment>,
    },
    /// Something happened in the room. `n` grows by one with each event, and a
    /// client that resumes gets those it missed, in order, each once.
    Event {
        /// The event's number in the room.
        n: u64,
        /// What happened.
        event: RoomEvent,
    },
    /// Who is speaking, loudest first. Replaces the list sent before.
    Speakers {
        /// The participants who speak.
        peers: Vec<PeerId>,
    },
    /// Connections whose quality changed.
    Quality {
        /// The changes.
        changes: Vec<Quality>,
    },
    /// The session is over; the server closes the socket after it.
    Ended(Ended),
    /// Answers `ping`.
    Pong,
}

/// The seat and the room as it is now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Welcome {
    /// [`crate::PROTOCOL_VERSION`] of the server.
    pub version: u32,
    /// The participant's own id.
    pub peer_id: PeerId,
    /// A secret that proves the seat; for `resume`, and for `join` after the
    /// server restarted.
    pub ticket: String,
    /// Whether a seat was resumed: missed events follow, and the media
    /// connection lives on. Otherwise `snapshot` is all there is to know.
    pub resumed: bool,
    /// The room as it is now; absent when a seat was resumed and the missed
    /// events follow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Snapshot>,
    /// Receive-only audio m-lines that the client should offer.
    pub audio_slots: u32,
    /// The most receive-only video m-lines that the client may offer.
    pub max_video_slots: u32,
}

/// A room as it is at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    /// The room.
    pub room_id: RoomId,
    /// When the room was made: milliseconds since 1970-01-01 UTC.
    pub created_at: u64,
    /// The number of the last event that is contained.
    pub last_event: u64,
    /// Everybody in the room, oneself included, in the order of joining.
    pub participants: Vec<Participant>,
    /// The chat so far, oldest first.
    pub chat: Vec<ChatMessage>,
}

/// Something that happened in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum RoomEvent {
    /// Somebody came in.
    Joined {
        /// Who.
        participant: Participant,
    },
    /// Somebody left for good.
    Left {
        /// Who.
        peer: PeerId,
    },
    /// Somebody's sources changed.
    MediaChanged {
        /// Who.
        peer: PeerId,
        /// What is on now.
        media: MediaState,
    },
    /// Somebody's name changed.
    Renamed {
        /// Who.
        peer: PeerId,
        /// The new name.
        display_name: DisplayName,
    },
    /// Somebody's connection was lost or came back.
    ConnectedChanged {
        /// Who.
        peer: PeerId,
        /// Whether they are connected.
        connected: bool,
    },
    /// Somebody wrote into the chat.
    Chat {
        /// The message.
        message: ChatMessage,
    },
}

/// Why a session is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ended {
    /// Why.
    pub code: ErrorCode,
    /// The same for developers.
    pub message: String,
    /// Whether the client should come back by itself, and after how many
    /// milliseconds at the earliest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u32>,
}
