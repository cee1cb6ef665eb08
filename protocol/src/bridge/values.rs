//! What methods give.

use serde::Serialize;

use super::{BridgePerson, CapabilityState};
use crate::{DisplayName, Participant, PeerId, Recording, Role};

/// A participant, as the method `participants` gives them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BridgeParticipant {
    /// Their id.
    pub peer_id: PeerId,
    /// Their name; may be empty.
    pub display_name: DisplayName,
    /// What they are.
    pub role: Role,
    /// Oneself.
    pub me: bool,
    /// The camera is on.
    pub camera: bool,
    /// The microphone is on.
    pub microphone: bool,
    /// A screen is shared.
    pub share: bool,
    /// The hand is raised.
    pub hand: bool,
    /// False while their connection is lost.
    pub connected: bool,
}

impl BridgeParticipant {
    /// Somebody, seen by `me`.
    #[must_use]
    pub fn of(participant: &Participant, me: Option<&PeerId>) -> Self {
        let media = participant.media;
        Self {
            peer_id: participant.id.clone(),
            display_name: participant.display_name.clone(),
            role: participant.role,
            me: me == Some(&participant.id),
            camera: media.camera,
            microphone: media.microphone,
            share: media.screen,
            hand: participant.hand_raised_at.is_some(),
            connected: participant.connected,
        }
    }
}

/// What a method gives.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum BridgeValue {
    /// Whether it is so; done.
    Is(bool),
    /// A picture as a data URL.
    Picture(String),
    /// Everybody on stage.
    People(Vec<BridgeParticipant>),
    /// The recording, if there is one.
    Recording(Option<Recording>),
    /// How everything is.
    State(Box<BridgeState>),
    /// What works here.
    Diagnosis(Box<BridgeDiagnosis>),
}

/// How everything is in a frame.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BridgeState {
    /// `prejoin`, `early`, `pin`, `waiting`, `joining`, `joined`,
    /// `reconnecting` or `ended`.
    pub phase: &'static str,
    /// Oneself; no id before joining.
    #[serde(flatten)]
    pub me: BridgePerson,
    /// What oneself is; unknown before joining.
    pub role: Option<Role>,
    /// The camera is on.
    pub camera: bool,
    /// The microphone is on.
    pub microphone: bool,
    /// A screen is shared.
    pub share: bool,
    /// The hand is raised.
    pub hand: bool,
    /// How loud others are, in percent.
    pub volume: u8,
    /// Others are silenced.
    pub muted: bool,
    /// Sound waits for a click.
    pub audio_blocked: bool,
    /// The most that the own video may take, in bits per second.
    pub bitrate: Option<u32>,
    /// The frame fills the screen.
    pub fullscreen: bool,
    /// Who is held on the stage.
    pub pinned: Option<PeerId>,
    /// The interface's language.
    pub locale: &'static str,
    /// The controls are shown.
    pub controls_visible: bool,
    /// Tiles show no name and no icons.
    pub indicators_hidden: bool,
    /// Who comes waits until a moderator lets them in.
    pub waiting_room: bool,
    /// How many viewers there are.
    pub audience: u32,
    /// The recording, if there is one.
    pub recording: Option<Recording>,
    /// Until when the token is good for coming in, in milliseconds since
    /// 1970-01-01 UTC; none when it has no end, or it is not known.
    pub token_ends_at: Option<u64>,
    /// Cameras, as this frame may call them.
    pub cameras: Vec<BridgeDevice>,
    /// Microphones, as this frame may call them.
    pub microphones: Vec<BridgeDevice>,
}

/// A device. Browsers give each origin other ids; names are the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BridgeDevice {
    /// The id in this frame.
    pub device_id: String,
    /// The name.
    pub label: String,
    /// The id, in this frame, of what it belongs to.
    pub group_id: String,
}

/// What works in a frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct BridgeDiagnosis {
    /// The camera.
    pub camera: BridgeCapability,
    /// The microphone.
    pub microphone: BridgeCapability,
    /// Sharing a screen.
    pub display_capture: BridgeCapability,
    /// Sound without a click.
    pub autoplay: BridgeCapability,
    /// Filling the screen.
    pub fullscreen: BridgeCapability,
    /// Keeping the screen on.
    pub screen_wake_lock: BridgeCapability,
}

/// Whether something works in a frame, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BridgeCapability {
    /// How it is.
    pub state: CapabilityState,
    /// The very line for the integrator's page, or what else helps; none where
    /// nothing is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
}
