//! Stable error codes, the same on the WebSocket and in the interface.

use serde::{Deserialize, Serialize};

use crate::NoRecording;

/// What went wrong, for programs. Codes are never renamed or reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The text was not JSON, or a field was missing or had the wrong form.
    BadMessage,
    /// The message's `type` is not known to this server.
    UnknownMessage,
    /// The first message of a connection must be `join` or `resume`.
    NotJoined,
    /// `join` or `resume` came a second time on one connection.
    AlreadyJoined,
    /// The client speaks a version of the protocol that the server does not.
    ProtocolVersion,
    /// The seat to resume is unknown: join again with the same intent.
    SeatGone,
    /// The resume ticket was forged, is expired, or belongs to another room.
    BadTicket,
    /// The SDP offer could not be understood or offers nothing usable.
    BadOffer,
    /// The media plane could not take the participant.
    MediaUnavailable,
    /// The chat text is empty or longer than [`crate::CHAT_TEXT_MAX`].
    ChatText,
    /// The client sends faster than the server accepts.
    RateLimited,
    /// The address needs a token and has none.
    TokenRequired,
    /// The token cannot be read, or is not signed by a key of the tenant.
    TokenInvalid,
    /// The token's `exp` is past.
    TokenExpired,
    /// The token's `nbf` is still to come.
    TokenNotYetValid,
    /// The token is for another room.
    TokenRoom,
    /// The token's `tokenLifetime` since its first use is over.
    TokenUsedUp,
    /// The integrator's server does not let the participant in (401).
    AccessDenied,
    /// The integrator's server found the access token invalid (403).
    AccessTokenInvalid,
    /// The integrator's server missed token, room or participant (400).
    AccessIncomplete,
    /// The integrator's server does not know the room (404).
    AccessRoomUnknown,
    /// The integrator's server says that the room is locked (423), with its
    /// own reason and contact in the details.
    AccessLocked,
    /// The integrator's server could not be asked (500).
    AccessUnreachable,
    /// The event has not started yet (425); the start is in the details.
    NotStarted,
    /// A moderator locked the room.
    RoomLocked,
    /// The room is private: `join` with its PIN.
    PinRequired,
    /// The PIN is not the room's.
    PinWrong,
    /// Too many wrong PINs were tried; when to go on is in the details.
    PinLimited,
    /// Somebody in the room has the id whom an address does not replace.
    PeerIdTaken,
    /// As many people as may be are in the room.
    RoomFull,
    /// A moderator turned the participant away.
    Rejected,
    /// A moderator removed the participant.
    Removed,
    /// The integrator's server removed the participant, who may come again.
    PeerClosed,
    /// The meeting was ended for all, or its time is over.
    MeetingEnded,
    /// The participant waits to be let in and has no seat yet.
    NotAdmitted,
    /// The participant has no right to this.
    Forbidden,
    /// The limit of maximum active attendees is exceeded.
    BroadcasterLimit,
    /// Nobody with this id is there.
    NoSuchParticipant,
    /// Recording is not possible on this server.
    RecordingUnavailable,
    /// Another session took over the participant's id.
    Replaced,
    /// The client did not read its messages fast enough.
    SlowClient,
    /// The server is being shut down; come back when it is up.
    ServerShutdown,
    /// The server failed; the log knows more.
    Internal,
    /// A code of a newer server.
    #[serde(other)]
    Unknown,
}

/// An error reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code:?}: {message}")]
pub struct WireError {
    /// What went wrong, for programs.
    pub code: ErrorCode,
    /// What went wrong, for developers; in English, never shown to participants.
    pub message: String,
    /// What participants are told besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Box<ErrorDetails>>,
}

/// What participants are told besides an error's code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ErrorDetails {
    /// The integrator's own words, in their language: plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whom to turn to, by the integrator's own words: plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// When the event starts: milliseconds since 1970-01-01 UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<u64>,
    /// After how many milliseconds another try makes sense.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u32>,
    /// Why there is no recording.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_recording: Option<NoRecording>,
}

impl WireError {
    /// An error with a message for developers.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: None,
        }
    }

    /// The same with something for participants.
    #[must_use]
    pub fn with(mut self, details: ErrorDetails) -> Self {
        self.details = Some(Box::new(details));
        self
    }
}
