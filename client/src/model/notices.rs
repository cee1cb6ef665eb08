//! What is told once.

use protocol::{DisplayName, ErrorCode, NoRecording, OffReason, PeerId, Role, Source};

use super::DeviceFailure;

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
    /// The server switched one's own sources off; by this moderator, if one did.
    TurnedOff(Vec<Source>, OffReason, Option<DisplayName>),
    /// What was asked for was refused.
    Refused(ErrorCode),
    /// Nothing is recorded, though it was asked for.
    NotRecorded(NoRecording),
    /// One's own role changed.
    RoleChanged(Role),
    /// To moderators: somebody raised a hand.
    HandRaised(PeerId, DisplayName),
    /// To moderators: somebody waits to be let in.
    Waits(PeerId, DisplayName),
}
