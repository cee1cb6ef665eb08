//! What a frame tells without being asked.

use serde::Serialize;

use super::{BridgeCode, BridgeError};
use crate::{DisplayName, ErrorCode, PeerId, QualityScore, Recording, Role};

/// An event with its number.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NumberedEvent {
    /// Grows by one with each event.
    pub n: u64,
    /// What happened.
    #[serde(flatten)]
    pub event: BridgeEvent,
    /// Told before, and again to a bridge that came late.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub again: bool,
}

/// Somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BridgePerson {
    /// Their id; unknown for oneself before joining.
    pub peer_id: Option<PeerId>,
    /// Their name; may be empty.
    pub display_name: DisplayName,
}

/// Somebody who could not do something, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BridgeTrouble {
    /// Who.
    #[serde(flatten)]
    pub person: BridgePerson,
    /// Why.
    #[serde(flatten)]
    pub error: BridgeError,
}

/// What happens in a frame.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(
    tag = "event",
    content = "data",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum BridgeEvent {
    /// The participant is in the room.
    Join(BridgePerson),
    /// The frame is loaded.
    Ready {},
    /// The room can be joined now.
    ReadyToJoin {},
    /// Somebody's camera is on.
    SwitchOnCamera(BridgePerson),
    /// Somebody's camera is off.
    SwitchOffCamera(BridgePerson),
    /// The own camera cannot be had.
    ErrorGetCamera(BridgeTrouble),
    /// Somebody's microphone is on.
    SwitchOnMic(BridgePerson),
    /// Somebody's microphone is off.
    SwitchOffMic(BridgePerson),
    /// The own microphone cannot be had.
    ErrorGetMic(BridgeTrouble),
    /// Somebody shares a screen.
    SwitchOnShare(BridgePerson),
    /// Somebody shares no more.
    SwitchOffShare(BridgePerson),
    /// The own screen cannot be shared.
    ErrorGetShare(BridgeTrouble),
    /// Somebody came.
    NewPeer(BridgePerson),
    /// Somebody left.
    PeerClosed(BridgePerson),
    /// The server cannot be reached; it is tried again.
    ConnectionFailed {},
    /// The connection is lost, or the server ended the session.
    Disconnected {},
    /// The participant left.
    ConnectionClosed {},
    /// Something was refused.
    ConnectionError {
        /// Oneself.
        peer_id: Option<PeerId>,
        /// For developers, in English.
        error: String,
        /// For programs.
        code: BridgeCode,
    },
    /// Sound waits for a click.
    PlayingAudioPrevent {},
    /// Somebody was put on the stage.
    SwitchOnPin {
        /// Who.
        peer_id: PeerId,
    },
    /// Nobody is held on the stage any more.
    SwitchOffPin {},
    /// Somebody could not be put on the stage.
    ErrorGetPin {
        /// Who; as it was given.
        peer_id: String,
    },
    /// Somebody wrote into the chat.
    Message {
        /// Grows by one with each message of the room.
        id: u64,
        /// Who.
        #[serde(flatten)]
        person: BridgePerson,
        /// Plain text.
        text: String,
        /// Milliseconds since 1970-01-01 UTC.
        sent_at: u64,
    },
    /// Somebody raised a hand.
    HandRaised(BridgePerson),
    /// Somebody's hand is down.
    HandLowered(BridgePerson),
    /// To moderators: somebody waits to be let in. To who waits: oneself.
    Waiting {
        /// Who.
        #[serde(flatten)]
        person: BridgePerson,
        /// They were removed from this meeting before.
        removed_before: bool,
    },
    /// Somebody does not wait any more.
    WaitingGone(BridgePerson),
    /// Somebody is something else now.
    RoleChanged {
        /// Who.
        #[serde(flatten)]
        person: BridgePerson,
        /// What they are.
        role: Role,
    },
    /// Somebody's connection is better or worse than before.
    ConnectionQuality {
        /// Whose.
        #[serde(flatten)]
        person: BridgePerson,
        /// How good.
        quality: QualityScore,
    },
    /// A recording was asked for.
    RecordingStarting(Recording),
    /// From now on everything is recorded.
    RecordingStarted(Recording),
    /// Nothing is recorded any more.
    RecordingStopped(Recording),
    /// The videos of a recording are there.
    RecordingReady(Recording),
    /// Nothing of a recording can be used.
    RecordingFailed(Recording),
    /// The token is soon no good any more for coming in.
    TokenExpiring {
        /// Its end: milliseconds since 1970-01-01 UTC.
        ends_at: u64,
        /// How long that is from now, in milliseconds; 0 when it is over.
        left: u64,
    },
    /// It is over. Nothing comes after it but a new `join`.
    Left {
        /// Why.
        reason: LeftReason,
        /// Who ended it.
        by: LeftBy,
        /// Whether joining again makes sense.
        can_rejoin: bool,
    },
}

impl BridgeEvent {
    /// The names of all.
    pub const NAMES: &'static [&'static str] = &[
        "join",
        "ready",
        "readyToJoin",
        "switchOnCamera",
        "switchOffCamera",
        "errorGetCamera",
        "switchOnMic",
        "switchOffMic",
        "errorGetMic",
        "switchOnShare",
        "switchOffShare",
        "errorGetShare",
        "newPeer",
        "peerClosed",
        "connectionFailed",
        "disconnected",
        "connectionClosed",
        "connectionError",
        "playingAudioPrevent",
        "switchOnPin",
        "switchOffPin",
        "errorGetPin",
        "message",
        "handRaised",
        "handLowered",
        "waiting",
        "waitingGone",
        "roleChanged",
        "connectionQuality",
        "recordingStarting",
        "recordingStarted",
        "recordingStopped",
        "recordingReady",
        "recordingFailed",
        "tokenExpiring",
        "left",
    ];
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum LeftReason {
    /// The participant left: `left`.
    Left(LeftWord),
    /// The server's code.
    Code(ErrorCode),
}

/// The word for a session that nobody but the participant ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LeftWord {
    /// Left.
    Left,
}

/// Who ended a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum LeftBy {
    /// The participant, in the frame.
    Participant,
    /// The embedding page.
    Host,
    /// A moderator.
    Moderator,
    /// The server.
    Server,
}
