//! Who is in a room.

use serde::{Deserialize, Serialize};

use crate::{Allowed, DisplayName, PeerId, Role, Source};

/// Which of the two interfaces of a room a page shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RoomKind {
    /// A conference: everybody may speak and be seen.
    #[default]
    Call,
    /// A broadcast: speakers and viewers.
    Webinar,
}

impl RoomKind {
    /// The first segment of the page's path.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Webinar => "webinar",
        }
    }
}

/// Which of a participant's sources are on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MediaState {
    /// The microphone is open.
    pub microphone: bool,
    /// The camera is on.
    pub camera: bool,
    /// A screen, window or tab is shared.
    pub screen: bool,
    /// The share carries sound.
    pub screen_audio: bool,
}

impl MediaState {
    /// Whether a source is on.
    #[must_use]
    pub fn is_on(self, source: Source) -> bool {
        match source {
            Source::Microphone => self.microphone,
            Source::Camera => self.camera,
            Source::Screen => self.screen,
            Source::ScreenAudio => self.screen_audio,
        }
    }

    /// The same state with one source changed.
    #[must_use]
    pub fn with(mut self, source: Source, on: bool) -> Self {
        match source {
            Source::Microphone => self.microphone = on,
            Source::Camera => self.camera = on,
            Source::Screen => self.screen = on,
            Source::ScreenAudio => self.screen_audio = on,
        }
        self
    }
}

/// A participant as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Participant {
    /// The participant's id.
    pub id: PeerId,
    /// The participant's name; may be empty.
    pub display_name: DisplayName,
    /// Which of their sources are on.
    pub media: MediaState,
    /// When they joined: milliseconds since 1970-01-01 UTC.
    pub joined_at: u64,
    /// False while their connection is lost and the seat waits for them.
    pub connected: bool,
    /// What they are in the room.
    #[serde(default)]
    pub role: Role,
    /// Which sources they may switch on.
    #[serde(default)]
    pub allowed: Allowed,
    /// Since when their hand is raised: milliseconds since 1970-01-01 UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hand_raised_at: Option<u64>,
    /// The language that an interpreter speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}
