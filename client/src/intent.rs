//! What a user interface may ask of the engine.

use protocol::{PeerId, RoomId, RoomKind, Source, ViewTile};

use crate::model::NoticeId;

/// Where and as whom to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomConfig {
    /// The room.
    pub room_id: RoomId,
    /// Which interface.
    pub kind: RoomKind,
    /// The integrator's id of the participant.
    pub peer_id: Option<PeerId>,
}

/// Something that the participant wants. Intents are never refused for coming
/// early or late: they change what is wanted, and the engine works toward it.
#[derive(Debug, Clone, PartialEq)]
pub enum Intent {
    /// Try the devices out before joining: asks for permission, fills the lists.
    Preview,
    /// Enter the meeting with the devices as they are wanted now.
    Join,
    /// Enter again after the session was over.
    Rejoin,
    /// Leave for good.
    Leave,
    /// Switch the microphone or camera on or off.
    SetInput(Source, bool),
    /// Choose the microphone or camera by its device id.
    ChooseInput(Source, String),
    /// Choose the speaker by its device id.
    ChooseSpeaker(String),
    /// Start or stop to share a screen.
    SetScreen(bool),
    /// Change the name.
    SetDisplayName(String),
    /// Write into the chat.
    SendChat(String),
    /// Send a failed chat message again, by its nonce.
    RetryChat(String),
    /// The chat is open (messages count as read) or closed.
    SetChatOpen(bool),
    /// The visible tiles, most important first, sizes in device pixels.
    SetView(Vec<ViewTile>),
    /// Start the sound that the browser held back; call it from a click.
    PlayAudio,
    /// The notice was seen.
    DismissNotice(NoticeId),
}
