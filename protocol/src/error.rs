//! Stable error codes, the same on the WebSocket and in the interface.

use serde::{Deserialize, Serialize};

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
}

impl WireError {
    /// An error with a message for developers.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}
