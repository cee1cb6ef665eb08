//! What a page says to the server.

use serde::{Deserialize, Serialize};

use crate::{DisplayName, MediaState, Offer, PeerId, RoomId, RoomKind, Source, View};

/// One text message from a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientFrame {
    /// Chosen by the client; the reply names it. Grows within a connection.
    pub id: u32,
    /// What is asked for.
    #[serde(flatten)]
    pub message: ClientMessage,
}

/// What a client asks for. Every message but [`ClientMessage::Ping`] is
/// answered by `ok`, by `error`, or by the message that its text names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum ClientMessage {
    /// Enters a room; answered by `welcome`. First message of a connection.
    Join(Join),
    /// Takes the seat again after the socket was lost; answered by `welcome`.
    /// First message of a connection.
    Resume(Resume),
    /// Offers a media connection or changes it; answered by `answer`.
    Offer(Offer),
    /// Says which tiles the page shows.
    SetView(View),
    /// Says that a source was switched on or off.
    SetMedia {
        /// Which source.
        source: Source,
        /// Whether it is on now.
        on: bool,
    },
    /// Changes the participant's name.
    SetDisplayName {
        /// The new name.
        display_name: DisplayName,
    },
    /// Writes into the chat. A repeated `nonce` of the same participant is
    /// answered by `ok` and not written twice.
    Chat {
        /// Plain text, 1 to [`crate::CHAT_TEXT_MAX`] characters.
        text: String,
        /// The writer's own mark, up to 64 characters.
        nonce: String,
    },
    /// Gives the seat up. The server closes the socket.
    Leave,
    /// Asks whether the server is there; answered by `pong`.
    Ping,
}

/// Enters a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Join {
    /// [`crate::PROTOCOL_VERSION`] of the client.
    pub version: u32,
    /// The room.
    pub room_id: RoomId,
    /// Which interface the page shows.
    #[serde(default)]
    pub kind: RoomKind,
    /// The participant's id; the server makes one when none is given. A
    /// session that has it already is replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peer_id: Option<PeerId>,
    /// The participant's name; may be empty.
    #[serde(default)]
    pub display_name: DisplayName,
    /// What is on at the start.
    #[serde(default)]
    pub media: MediaState,
    /// The ticket of the seat that was lost with a server that restarted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
}

/// Takes a seat again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resume {
    /// [`crate::PROTOCOL_VERSION`] of the client.
    pub version: u32,
    /// The room.
    pub room_id: RoomId,
    /// The ticket of the last `welcome`.
    pub ticket: String,
    /// The number of the last room event that arrived.
    pub last_event: u64,
}
