//! Chat.

use serde::{Deserialize, Serialize};

use crate::{DisplayName, PeerId};

/// The most characters of one chat message.
pub const CHAT_TEXT_MAX: usize = 4_000;

/// One message of a room's chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ChatMessage {
    /// Grows by one with each message of the room.
    pub id: u64,
    /// Who wrote it; nobody of the room, but the integrator's server, when it
    /// is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<PeerId>,
    /// The writer's name at that time, or the one that the integrator gave.
    pub display_name: DisplayName,
    /// What was written: plain text.
    pub text: String,
    /// When the server received it: milliseconds since 1970-01-01 UTC.
    pub sent_at: u64,
    /// The writer's own mark, by which a client knows its message again.
    pub nonce: String,
}
