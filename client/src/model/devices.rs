//! The participant's own devices, and how loud others are played.

use protocol::{DisplayName, MediaState};

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
    /// How often a share could not be had.
    pub share_failures: Failures,
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
    /// How loud others are played.
    pub volume: Volume,
    /// Others are not heard at all.
    pub silenced: bool,
    /// The most that all layers of one picture may take together, in bits per
    /// second; none is as much as the picture is worth.
    pub video_bitrate: Option<u32>,
}

/// How loud the sound of others is played, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Volume(u8);

impl Volume {
    /// As loud as it came.
    pub const FULL: Self = Self(100);

    /// A volume in percent; more than 100 is 100.
    #[must_use]
    pub fn percent(percent: u8) -> Self {
        Self(percent.min(Self::FULL.0))
    }

    /// In percent.
    #[must_use]
    pub fn as_percent(self) -> u8 {
        self.0
    }

    /// That part of another volume.
    #[must_use]
    pub fn of(self, percent: u8) -> u8 {
        let part = u16::from(self.0) * u16::from(percent) / 100;
        u8::try_from(part).unwrap_or(u8::MAX)
    }
}

impl Default for Volume {
    fn default() -> Self {
        Self::FULL
    }
}

/// A device that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    /// The browser's id.
    pub id: String,
    /// The name, or empty before permission was given.
    pub label: String,
    /// The browser's id of the machine's part that it belongs to; empty where
    /// there is none.
    pub group: String,
}

/// What stands between a page and a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prospects {
    /// The page came over HTTPS, or from localhost.
    pub secure: bool,
    /// The browser has support for it.
    pub supported: bool,
    /// The pages around this one let it.
    pub allowed: bool,
    /// There is such a device.
    pub present: bool,
    /// The participant, or the browser's settings, said no.
    pub denied: bool,
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
    /// The device that was chosen is being opened; until then the one before
    /// goes on.
    pub switching: bool,
    /// How often it, or a device in its place, could not be had.
    pub failures: Failures,
}

/// How often something could not be had. A state alone does not tell that it
/// failed once more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Failures {
    /// Grows by one with each.
    pub count: u32,
    /// Why, the last time.
    pub last: Option<DeviceFailure>,
}

impl Failures {
    pub(crate) fn add(&mut self, failure: DeviceFailure) {
        self.count = self.count.wrapping_add(1);
        self.last = Some(failure);
    }

    /// Why it failed after so many times, if it did.
    #[must_use]
    pub fn since(self, count: u32) -> Option<DeviceFailure> {
        self.last.filter(|_| self.count != count)
    }
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
    /// The browser wants a click or a key first.
    Untouched,
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
