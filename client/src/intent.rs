//! What a user interface may ask of the engine.

use protocol::{
    DisplayName, Moderation, PeerId, Role, RoomId, RoomKind, Source, TrackRef, ViewTile,
};

use crate::model::{NoticeId, RequestMark, Volume};

/// Where and as whom to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomConfig {
    /// The room.
    pub room_id: RoomId,
    /// Which interface.
    pub kind: RoomKind,
    /// The integrator's id of the participant.
    pub peer_id: Option<PeerId>,
    /// The query of the page's address, for `join`.
    pub query: String,
    /// The participant's name, when it is given.
    pub display_name: Option<DisplayName>,
    /// What the participant will be; a viewer's devices are left alone.
    pub role: Role,
    /// The one-time token of the recorder's own page.
    pub recorder: Option<String>,
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
    /// The digits of a private room.
    EnterPin(String),
    /// Raise or lower the hand.
    SetHand(bool),
    /// Listen to a language; none is the original.
    SetLanguage(Option<String>),
    /// Silence the original while a language is listened to, or not.
    MuteOriginal(bool),
    /// Do what only moderators may.
    Moderate(Moderation),
    /// Answer a moderator who asked: switch it on or not.
    AnswerAsked(Source, bool),
    /// The notice was seen.
    DismissNotice(NoticeId),
    /// The embedding page changes the name, a given one too; the server has the
    /// last word.
    Rename(String),
    /// How loud others are played.
    SetVolume(Volume),
    /// Others are not heard at all, or again as loud as before.
    SetSilence(bool),
    /// The most that one's own picture may take, in bits per second.
    SetVideoBitrate(Option<u32>),
    /// Have these tracks sent, too, besides the visible tiles.
    Glance(Vec<TrackRef>),
    /// Something that the server decides; its answer is in
    /// [`crate::model::Model::replies`].
    Request(RequestMark, Request),
}

/// What the server decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// Raise or lower the hand.
    Hand(bool),
    /// What only moderators may do.
    Moderate(Moderation),
    /// Another token: in the room it holds at once, else at the next join.
    Token(String),
}
