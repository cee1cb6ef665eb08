//! What a page says to the server.

use serde::{Deserialize, Serialize};

use crate::{DisplayName, MediaState, Moderation, Offer, PeerId, RoomId, RoomKind, Source, View};

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
    /// Raises one's hand or lowers it.
    SetHand {
        /// Raised or not.
        raised: bool,
    },
    /// Listens to the interpreters of a language; none is the original alone.
    SetLanguage {
        /// One of the room's languages.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        language: Option<String>,
    },
    /// Brings another token, while the seat and the media stay. What it says of
    /// rights and name holds from now on and is told by `you`, before `ok`.
    SetToken {
        /// Which interface the page shows. Counts for nothing: the seat keeps
        /// that by which it was taken.
        #[serde(default)]
        kind: RoomKind,
        /// As [`Join::query`], with the other token in it.
        query: String,
    },
    /// Does what only moderators may.
    Moderate(Moderation),
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
    /// The query of the page's address, as it stands there and without `?`:
    /// attributes and token. What they say wins over what this message says.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub query: String,
    /// The digits that a private room asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
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
    /// The one-time token of the recorder's own page: it sees and hears what a
    /// viewer does, is listed nowhere and counted nowhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recorder: Option<String>,
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
