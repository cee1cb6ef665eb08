//! What a user interface shows: plain values, compared and cloned cheaply.
//!
//! The engine owns the only [`Model`] and hands out copies after each change.
//! It knows no texts and no layout: failures are enums, the interface finds
//! the words. Compiles for the server too, where the first page is rendered.

use protocol::{
    ChatMessage, DisplayName, ErrorCode, MediaState, Participant, PeerId, QualityScore, RoomId,
    RoomKind, Source, TrackRef,
};

/// Everything that the interface shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    /// Where the session stands.
    pub phase: Phase,
    /// The participant's own id, once joined.
    pub me: Option<PeerId>,
    /// The room, its people and its chat.
    pub room: Room,
    /// The participant's own devices.
    pub devices: Devices,
    /// Things to tell once, oldest first; the interface removes them with
    /// [`crate::Intent::DismissNotice`].
    pub notices: Vec<Notice>,
    /// Sound of others is held back by the browser until a click
    /// ([`crate::Intent::PlayAudio`]).
    pub audio_blocked: bool,
}

impl Model {
    /// Takes over what differs, and says whether anything did. What is the same
    /// is not copied: a level moves many times a second, a long chat does not.
    pub fn take_over(&mut self, now: &Self) -> bool {
        let Self {
            phase,
            me,
            room,
            devices,
            notices,
            audio_blocked,
        } = now;
        update(&mut self.phase, phase)
            | update(&mut self.me, me)
            | self.room.take_over(room)
            | update(&mut self.devices, devices)
            | update(&mut self.notices, notices)
            | update(&mut self.audio_blocked, audio_blocked)
    }
}

fn update<T: Clone + PartialEq>(shown: &mut T, now: &T) -> bool {
    let differs = shown != now;
    if differs {
        shown.clone_from(now);
    }
    differs
}

/// Where the session stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Phase {
    /// Before joining: devices may be tried out.
    #[default]
    Prejoin,
    /// `join` is on its way.
    Joining {
        /// Counts the attempts, from 1; more than one means that the server
        /// was not reached yet. It is tried until the participant leaves.
        attempt: u32,
    },
    /// In the meeting.
    Joined,
    /// In the meeting, the connection is lost and being restored.
    Reconnecting {
        /// Counts the attempts, from 1.
        attempt: u32,
        /// The server said that it is restarting.
        server_restart: bool,
    },
    /// Over; [`crate::Intent::Rejoin`] leads back to [`Phase::Joining`].
    Ended(EndReason),
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    /// The participant left.
    Left,
    /// Somebody joined with the same id.
    Replaced,
    /// The server refused or ended the session.
    Refused(ErrorCode),
}

/// The room as it is now.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Room {
    /// The room's id.
    pub id: Option<RoomId>,
    /// Which interface is shown.
    pub kind: RoomKind,
    /// Everybody, oneself included, in the order of joining.
    pub participants: Vec<Participant>,
    /// Who speaks now, loudest first.
    pub speakers: Vec<PeerId>,
    /// Connections that are not [`QualityScore::Good`].
    pub quality: Vec<(PeerId, QualityScore)>,
    /// The chat, oldest first.
    pub chat: Vec<ChatLine>,
    /// Chat messages that came since the chat was last open.
    pub unread: u32,
    /// Video tracks whose picture can be shown now
    /// (`Engine::video_stream` returns the stream).
    pub videos: Vec<TrackRef>,
}

impl Room {
    fn take_over(&mut self, now: &Self) -> bool {
        let Self {
            id,
            kind,
            participants,
            speakers,
            quality,
            chat,
            unread,
            videos,
        } = now;
        update(&mut self.id, id)
            | update(&mut self.kind, kind)
            | update(&mut self.participants, participants)
            | update(&mut self.speakers, speakers)
            | update(&mut self.quality, quality)
            | update(&mut self.chat, chat)
            | update(&mut self.unread, unread)
            | update(&mut self.videos, videos)
    }
}

/// One line of the chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatLine {
    /// The message; its `id` is 0 while it is not delivered.
    pub message: ChatMessage,
    /// How far it got.
    pub delivery: Delivery,
}

/// How far a chat message of one's own got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// On its way; kept over a lost connection.
    Sending,
    /// Everybody has it.
    Delivered,
    /// Refused by the server.
    Failed(ErrorCode),
}

/// The participant's own devices.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Devices {
    /// Cameras that can be chosen.
    pub cameras: Vec<Device>,
    /// Microphones that can be chosen.
    pub microphones: Vec<Device>,
    /// Speakers that can be chosen; empty where the browser has no choice.
    pub speakers: Vec<Device>,
    /// The camera.
    pub camera: Input,
    /// The microphone.
    pub microphone: Input,
    /// The chosen speaker's id; none is the browser's default.
    pub speaker: Option<String>,
    /// The screen share.
    pub screen: ScreenShare,
    /// Loudness of the microphone, 0 to 100; moves with the voice.
    pub level: u8,
    /// The participant speaks while the microphone is muted.
    pub speaking_while_muted: bool,
    /// What is on, as others are told.
    pub media: MediaState,
    /// The participant's name.
    pub display_name: DisplayName,
    /// Whether the browser can share a screen at all.
    pub can_share: bool,
}

/// A device that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The browser's id.
    pub id: String,
    /// The name, or empty before permission was given.
    pub label: String,
}

/// A camera or microphone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// The participant wants it on.
    pub wanted: bool,
    /// How it is.
    pub state: InputState,
    /// The id of the device in use or chosen.
    pub device: Option<String>,
}

/// How a camera or microphone is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum InputState {
    /// Off.
    #[default]
    Off,
    /// The browser is asked, perhaps the participant too.
    Starting,
    /// Delivers.
    On,
    /// Cannot be had.
    Failed(DeviceFailure),
}

/// Why a device cannot be had. Each wants other words and another way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeviceFailure {
    /// The participant, or the browser's settings, said no.
    Denied,
    /// The page that embeds the meeting does not list it in the iframe's `allow`.
    BlockedByEmbedder,
    /// There is none.
    NotFound,
    /// Another program uses it, or the driver failed.
    InUse,
    /// The page is not served over HTTPS (or from localhost).
    InsecureContext,
    /// The browser has no support for it.
    Unsupported,
    /// Something else; the console has the browser's own words.
    Other,
}

/// The screen share.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ScreenShare {
    /// Nothing is shared.
    #[default]
    Off,
    /// The browser asks what to share.
    Choosing,
    /// Something is shared.
    On {
        /// With its sound.
        audio: bool,
    },
}

/// A notice's mark, unique within a session.
pub type NoticeId = u32;

/// Something to tell once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its mark.
    pub id: NoticeId,
    /// What happened.
    pub kind: NoticeKind,
}

/// What a notice tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoticeKind {
    /// Somebody came.
    Joined(PeerId, DisplayName),
    /// Somebody left.
    Left(PeerId, DisplayName),
    /// Somebody started to share a screen.
    ShareStarted(PeerId, DisplayName),
    /// The connection is back.
    Reconnected,
    /// A device was unplugged and another one took its place, by label.
    DeviceReplaced {
        /// Camera or microphone.
        source: Source,
        /// The name of the device in use now.
        label: String,
    },
    /// A device was unplugged and there is no other.
    DeviceLost(Source),
    /// A device could not be switched on.
    DeviceFailed(Source, DeviceFailure),
    /// The screen could not be shared.
    ShareFailed(DeviceFailure),
}
