//! What moderators do, and whom only they see.

use serde::{Deserialize, Serialize};

use crate::{DisplayName, PeerId, Source};

/// What a moderator does. Anybody else is refused with
/// [`crate::ErrorCode::Forbidden`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "action",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Moderation {
    /// Switches the waiting room on, or off. Whoever waits is not let in by it.
    SetWaitingRoom {
        /// On or off.
        on: bool,
    },
    /// Lets somebody in who waits; without a name, all.
    Admit {
        /// Whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        peer: Option<PeerId>,
    },
    /// Turns somebody away who waits; without a name, all.
    Reject {
        /// Whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        peer: Option<PeerId>,
    },
    /// Lets somebody use a source or forbids it; without a name, everybody who
    /// is no moderator and those who come later. What is on goes off.
    Allow {
        /// Microphone, camera or screen.
        source: Source,
        /// Allowed or forbidden.
        allowed: bool,
        /// Whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        peer: Option<PeerId>,
    },
    /// Switches somebody's source off, who may switch it on again; without a
    /// name, that of everybody who is no moderator.
    TurnOff {
        /// Which.
        source: Source,
        /// Whose.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        peer: Option<PeerId>,
    },
    /// Asks somebody to switch a source on; allows it, where it was forbidden.
    /// Nothing is switched on but by themselves.
    Ask {
        /// Which.
        source: Source,
        /// Whom.
        peer: PeerId,
    },
    /// Lowers somebody's hand; without a name, all hands.
    LowerHand {
        /// Whose.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        peer: Option<PeerId>,
    },
    /// Removes somebody. With the same id or token they come back only through
    /// the waiting room, even while it is off.
    Remove {
        /// Whom.
        peer: PeerId,
    },
    /// Locks the room or opens it.
    SetLocked {
        /// Locked or open.
        locked: bool,
    },
    /// Makes somebody a moderator, or takes it back.
    SetModerator {
        /// Whom.
        peer: PeerId,
        /// Moderator or participant.
        moderator: bool,
    },
    /// Brings a viewer on stage, or sends a participant among the viewers.
    SetStage {
        /// Whom.
        peer: PeerId,
        /// On stage or not.
        on: bool,
    },
    /// Starts or stops the recording; needs `mayRecord` besides.
    SetRecording {
        /// Start or stop.
        on: bool,
    },
    /// Ends the meeting for all.
    End,
}

/// Somebody who waits to be let in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// Their id.
    pub id: PeerId,
    /// Their name; may be empty.
    pub display_name: DisplayName,
    /// Since when: milliseconds since 1970-01-01 UTC.
    pub since: u64,
    /// They were removed from this meeting before.
    #[serde(default)]
    pub removed_before: bool,
}
