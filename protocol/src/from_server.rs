//! What the server says to a page.

use serde::{Deserialize, Serialize};

use crate::{
    Allowed, ChatMessage, DisplayName, ErrorCode, MediaState, OffReason, Participant, PeerId,
    Quality, Recording, Role, RoomId, RoomSettings, SlotAssignment, Source, Waiting, WireError,
    You,
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
    /// Answers `join` when a moderator has to let the participant in; `welcome`
    /// or `error` follows with the same `re`.
    Waiting {
        /// Spares the same questions when the socket is lost; for `join`.
        ticket: String,
    },
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
    /// One's own role, rights or state were changed by somebody else. Replaces
    /// what `welcome` said, its ticket included.
    You {
        /// Oneself.
        you: Box<You>,
        /// The ticket from now on.
        ticket: String,
    },
    /// The server switched sources off; nobody hears or sees them any more.
    TurnedOff {
        /// Which.
        sources: Vec<Source>,
        /// Why.
        reason: OffReason,
        /// Which moderator did it, if one did.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PeerId>,
    },
    /// A moderator asks to switch a source on.
    Asked {
        /// Which.
        source: Source,
        /// Which moderator asks; the integrator's server when it is missing.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<PeerId>,
    },
    /// To moderators: who waits to be let in.
    Lobby {
        /// Replaces the list before; else the list changes by what follows.
        reset: bool,
        /// Who waits now.
        waiting: Vec<Waiting>,
        /// Who does not wait any more.
        gone: Vec<PeerId>,
    },
    /// How many viewers there are.
    Audience {
        /// Their number.
        count: u32,
    },
    /// To moderators: the viewers.
    Viewers {
        /// Replaces the list before; else the list changes by what follows.
        reset: bool,
        /// Who came or changed.
        viewers: Vec<Participant>,
        /// Who left, or is on stage now.
        gone: Vec<PeerId>,
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
    /// Oneself, as the server sees it now. What is off here is off, whatever
    /// `join` asked for.
    pub you: You,
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
    /// What holds for the whole room.
    pub settings: RoomSettings,
    /// How many viewers there are.
    #[serde(default)]
    pub viewers: u32,
    /// Everybody on stage, oneself included unless one is a viewer, in the
    /// order of joining.
    pub participants: Vec<Participant>,
    /// The recording, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recording: Option<Recording>,
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
    /// Somebody's role, or what they may switch on, changed.
    RoleChanged {
        /// Who.
        peer: PeerId,
        /// What they are now.
        role: Role,
        /// What they may switch on now.
        allowed: Allowed,
        /// The language that they speak as an interpreter; none is no language.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
    },
    /// Somebody raised a hand, or it was lowered.
    HandChanged {
        /// Who.
        peer: PeerId,
        /// Since when it is raised: milliseconds since 1970-01-01 UTC.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        raised_at: Option<u64>,
    },
    /// What holds for the whole room changed.
    SettingsChanged {
        /// As it is now.
        settings: RoomSettings,
    },
    /// A recording began, changed or is over.
    RecordingChanged {
        /// As it is now; none when there is nothing more to say of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        recording: Option<Recording>,
    },
    /// Somebody wrote into the chat.
    Chat {
        /// The message.
        message: ChatMessage,
    },
    /// The integrator cleared the chat: what was written so far is gone.
    ChatCleared,
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
