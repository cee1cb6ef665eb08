//! What somebody is in a room, and what they may do.

use serde::{Deserialize, Serialize};

use crate::{NoRecording, Participant, Source};

/// What somebody is in a room. Decided by the server: from the signed token,
/// the interface, and what moderators did since.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Takes part with camera, microphone and screen.
    #[default]
    Participant,
    /// Takes part and leads.
    Moderator,
    /// Watches a webinar: sees and hears only, has no tile, is not listed.
    Viewer,
    /// Translates: has a microphone and no camera.
    Interpreter,
}

impl Role {
    /// Whether somebody has a tile and is seen in the list of participants.
    #[must_use]
    pub fn is_on_stage(self) -> bool {
        self != Self::Viewer
    }
}

/// Which sources may be switched on. Moderators may always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Allowed {
    /// The microphone.
    pub microphone: bool,
    /// The camera.
    pub camera: bool,
    /// A screen, with its sound.
    pub screen: bool,
}

impl Allowed {
    /// Everything.
    pub const ALL: Self = Self {
        microphone: true,
        camera: true,
        screen: true,
    };
    /// Nothing.
    pub const NONE: Self = Self {
        microphone: false,
        camera: false,
        screen: false,
    };

    /// Whether a source may be switched on.
    #[must_use]
    pub fn allows(self, source: Source) -> bool {
        match source {
            Source::Microphone => self.microphone,
            Source::Camera => self.camera,
            Source::Screen | Source::ScreenAudio => self.screen,
        }
    }

    /// The same with one source changed.
    #[must_use]
    pub fn with(mut self, source: Source, allowed: bool) -> Self {
        match source {
            Source::Microphone => self.microphone = allowed,
            Source::Camera => self.camera = allowed,
            Source::Screen | Source::ScreenAudio => self.screen = allowed,
        }
        self
    }
}

impl Default for Allowed {
    fn default() -> Self {
        Self::ALL
    }
}

/// Oneself, with what only oneself is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct You {
    /// As others see it; a viewer is seen by moderators only.
    pub participant: Participant,
    /// May write into the chat.
    pub may_chat: bool,
    /// May raise a hand.
    pub may_raise_hand: bool,
    /// May start and stop recordings.
    pub may_record: bool,
    /// Why this server would not, for those who may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_recording: Option<NoRecording>,
    /// Until when the own token is good for coming back, in milliseconds since
    /// 1970-01-01 UTC; none when it has no end. Who is in the room stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_ends_at: Option<u64>,
}

/// What holds for the whole room and may change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RoomSettings {
    /// Who comes waits until a moderator lets them in.
    pub waiting_room: bool,
    /// Nobody comes in any more.
    pub locked: bool,
    /// What those who are no moderators may switch on, unless a moderator
    /// made an exception. When one of the three changes here, all exceptions
    /// for it are void: each participant's own `allowed` follows, without an
    /// event of its own.
    pub allowed: Allowed,
    /// An external player that everybody is shown: an https URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub video: Option<String>,
    /// Most people with camera or microphone on; 0 is no limit.
    pub max_broadcasters: u32,
    /// Most people with a tile; 0 is no limit.
    pub max_watchers: u32,
    /// Languages that can be listened to besides the original: those of the
    /// interpreters who are here, or left less than 30 seconds ago.
    pub languages: Vec<String>,
}

/// Why the server switched off what somebody had on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum OffReason {
    /// A moderator switched it off; it may be switched on again.
    Moderator,
    /// It is not allowed.
    Forbidden,
    /// The limit of maximum active attendees is exceeded.
    BroadcasterLimit,
    /// A moderator sent them back among the viewers.
    OffStage,
    /// A reason of a newer server.
    #[serde(other)]
    Unknown,
}
