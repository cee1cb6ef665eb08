//! What a user interface shows: plain values, compared and cloned cheaply.
//!
//! The engine owns the only [`Model`] and hands out copies after each change.
//! It knows no texts and no layout: failures are enums, the interface finds
//! the words. Compiles for the server too, where the first page is rendered.

mod devices;
mod notices;
mod refusals;

use protocol::{
    ChatMessage, DisplayName, ErrorCode, Participant, PeerId, QualityScore, Recording, RoomId,
    RoomKind, RoomSettings, Source, TrackRef, Waiting, WireError, You,
};

pub use self::{
    devices::{
        Device, DeviceFailure, Devices, Failures, Input, InputState, Prospects, ScreenShare, Volume,
    },
    notices::{Notice, NoticeId, NoticeKind},
    refusals::{Refusal, Refusals},
};

/// Everything that the interface shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    /// Where the session stands.
    pub phase: Phase,
    /// The participant's own id, once joined.
    pub me: Option<PeerId>,
    /// Oneself, with one's rights, once joined.
    pub you: Option<You>,
    /// What moderators asked to switch on and was not answered yet.
    pub asked: Vec<Asked>,
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
    /// What became of the latest [`crate::Intent::Request`]s, oldest first.
    pub replies: Vec<Reply>,
    /// What was refused, each time anew, seen by somebody or not.
    pub refusals: Refusals,
}

impl Model {
    /// Takes over what differs, and says whether anything did. What is the same
    /// is not copied: a level moves many times a second, a long chat does not.
    pub fn take_over(&mut self, now: &Self) -> bool {
        let Self {
            phase,
            me,
            you,
            asked,
            room,
            devices,
            notices,
            audio_blocked,
            replies,
            refusals,
        } = now;
        update(&mut self.phase, phase)
            | update(&mut self.me, me)
            | update(&mut self.you, you)
            | update(&mut self.asked, asked)
            | self.room.take_over(room)
            | update(&mut self.devices, devices)
            | update(&mut self.notices, notices)
            | update(&mut self.audio_blocked, audio_blocked)
            | update(&mut self.replies, replies)
            | update(&mut self.refusals, refusals)
    }
}

fn update<T: Clone + PartialEq>(shown: &mut T, now: &T) -> bool {
    let differs = shown != now;
    if differs {
        shown.clone_from(now);
    }
    differs
}

/// The mark of a [`crate::Intent::Request`], chosen by whoever asks.
pub type RequestMark = u32;

/// What became of a [`crate::Intent::Request`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reply {
    /// Which request.
    pub mark: RequestMark,
    /// Done, or why not.
    pub outcome: Result<(), ErrorCode>,
}

/// A moderator asks to switch something on;
/// [`crate::Intent::AnswerAsked`] answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// What.
    pub source: Source,
    /// Which moderator asks; none is the integrator.
    pub by: Option<PeerId>,
    /// Their name; may be empty.
    pub display_name: DisplayName,
}

/// Where the session stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Phase {
    /// Before joining: devices may be tried out.
    #[default]
    Prejoin,
    /// The event has not started yet; it is entered by itself when it does.
    Early {
        /// The start: milliseconds since 1970-01-01 UTC; 0 when nobody says.
        starts_at: u64,
    },
    /// The room is private; [`crate::Intent::EnterPin`] goes on.
    AskPin(PinState),
    /// A moderator has to let the participant in.
    Waiting,
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

/// What is known about a private room's PIN.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PinState {
    /// It was not asked for before.
    #[default]
    Wanted,
    /// The one that was given is wrong.
    Wrong,
    /// Too many were wrong; it may be tried again after so many milliseconds.
    Limited(u32),
}

/// Why a session is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndReason {
    /// The participant left.
    Left,
    /// Somebody joined with the same id.
    Replaced,
    /// The server refused or ended the session.
    Refused(WireError),
}

/// The room as it is now.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Room {
    /// The room's id.
    pub id: Option<RoomId>,
    /// Which interface is shown.
    pub kind: RoomKind,
    /// What holds for the whole room.
    pub settings: RoomSettings,
    /// Everybody on stage, oneself included unless one is a viewer, in the
    /// order of joining.
    pub participants: Vec<Participant>,
    /// How many viewers there are.
    pub audience: u32,
    /// The viewers, for moderators.
    pub viewers: Vec<Participant>,
    /// Who waits to be let in, for moderators.
    pub waiting: Vec<Waiting>,
    /// The language that is listened to; none is the original.
    pub language: Option<String>,
    /// The original is silent while a language is listened to.
    pub original_muted: bool,
    /// The recording, if there is one.
    pub recording: Option<Recording>,
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
            settings,
            participants,
            audience,
            viewers,
            waiting,
            language,
            original_muted,
            recording,
            speakers,
            quality,
            chat,
            unread,
            videos,
        } = now;
        update(&mut self.id, id)
            | update(&mut self.kind, kind)
            | update(&mut self.settings, settings)
            | update(&mut self.participants, participants)
            | update(&mut self.audience, audience)
            | update(&mut self.viewers, viewers)
            | update(&mut self.waiting, waiting)
            | update(&mut self.language, language)
            | update(&mut self.original_muted, original_muted)
            | update(&mut self.recording, recording)
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
