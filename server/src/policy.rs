//! Who may do what in a room: one table, and nothing else decides.
//!
//! Pure. It knows roles and rights and nothing of rooms: whether there is
//! space, and whether somebody is there at all, belongs to `room`. What
//! outsiders may, who have not even joined, is `signaling`'s: nothing.

use protocol::{Allowed, ErrorCode, Moderation, Role, Source};

/// Who wants to do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// Somebody who waits to be let in.
    Waiting,
    /// Somebody who has a seat.
    Seated(Role, Rights),
    /// The integrator's server, which has no seat.
    Integrator,
}

/// What somebody has besides their role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    /// Which sources they may switch on.
    pub allowed: Allowed,
    /// May write into the chat.
    pub chat: bool,
    /// May raise a hand.
    pub raise_hand: bool,
    /// May start and stop recordings.
    pub record: bool,
    /// May change their own name.
    pub rename: bool,
}

/// What somebody wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Offer a media connection.
    Connect,
    /// Say which tiles are shown.
    SetView,
    /// Switch a source of their own on.
    TurnOn(Source),
    /// Switch a source of their own off.
    TurnOff(Source),
    /// Change their own name.
    Rename,
    /// Write into the chat.
    Chat,
    /// Raise their hand.
    RaiseHand,
    /// Lower their own hand.
    LowerHand,
    /// Choose the language to listen to.
    Listen,
    /// Go.
    Leave,
    /// Do something to the room or to somebody.
    Moderate(Deed, Target),
}

/// What moderators do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Switch the waiting room on or off.
    SetWaitingRoom,
    /// Let in who waits.
    Admit,
    /// Turn away who waits.
    Reject,
    /// Allow a source.
    Allow(Source),
    /// Forbid a source.
    Forbid(Source),
    /// Switch a source off.
    TurnOff(Source),
    /// Ask to switch a source on.
    Ask(Source),
    /// Lower a hand.
    LowerHand,
    /// Remove somebody.
    Remove,
    /// Lock the room or open it.
    SetLocked,
    /// Make somebody a moderator.
    Promote,
    /// Take that back.
    Demote,
    /// Bring somebody on stage.
    BringOnStage,
    /// Send somebody among the viewers.
    SendOffStage,
    /// Start or stop the recording.
    Record,
    /// End the meeting for all.
    End,
}

/// To whom something is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// To the room, to those who wait, or to all but the moderators.
    Room,
    /// To whom does it.
    Oneself,
    /// To somebody else.
    Other(Role),
}

/// Why something may not be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// They wait and have no seat yet.
    #[error("who waits has no seat yet")]
    NotAdmitted,
    /// They have no right to it.
    #[error("there is no right to this")]
    Forbidden,
}

impl Denied {
    /// The same for programs.
    #[must_use]
    pub fn code(self) -> ErrorCode {
        match self {
            Self::NotAdmitted => ErrorCode::NotAdmitted,
            Self::Forbidden => ErrorCode::Forbidden,
        }
    }
}

/// Whether somebody may do something.
///
/// # Errors
/// Says why not.
pub fn may(actor: &Actor, action: Action) -> Result<(), Denied> {
    let (role, rights) = match (actor, action) {
        (Actor::Seated(role, rights), _) => (role, rights),
        (Actor::Waiting, Action::Leave) | (Actor::Integrator, Action::Chat) => return Ok(()),
        (Actor::Integrator, Action::Moderate(deed, target)) if befalls(deed, target) => {
            return Ok(());
        }
        (Actor::Waiting, _) => return Err(Denied::NotAdmitted),
        (Actor::Integrator, _) => return Err(Denied::Forbidden),
    };
    let (participant, moderator, viewer, interpreter) = row(action);
    let rule = match role {
        Role::Participant => participant,
        Role::Moderator => moderator,
        Role::Viewer => viewer,
        Role::Interpreter => interpreter,
    };
    let yes = match rule {
        Rule::Yes => true,
        Rule::No => false,
        Rule::ByRight => has_right(*rights, action),
    };
    if yes { Ok(()) } else { Err(Denied::Forbidden) }
}

/// One field of the table.
#[derive(Clone, Copy)]
enum Rule {
    Yes,
    No,
    /// Who has the right besides the role.
    ByRight,
}

/// The table: what a participant, a moderator, a viewer and an interpreter may.
fn row(action: Action) -> (Rule, Rule, Rule, Rule) {
    use Rule::{ByRight, No, Yes};
    match action {
        Action::Connect
        | Action::SetView
        | Action::TurnOff(_)
        | Action::LowerHand
        | Action::Listen
        | Action::Leave => (Yes, Yes, Yes, Yes),
        Action::Rename => (ByRight, ByRight, ByRight, ByRight),
        Action::TurnOn(Source::Microphone) => (ByRight, Yes, No, ByRight),
        Action::TurnOn(Source::Camera | Source::Screen | Source::ScreenAudio) => {
            (ByRight, Yes, No, No)
        }
        Action::Chat => (ByRight, ByRight, No, ByRight),
        Action::RaiseHand => (ByRight, ByRight, ByRight, ByRight),
        Action::Moderate(Deed::Record, _) => (No, ByRight, No, No),
        Action::Moderate(deed, target) if befalls(deed, target) => (No, Yes, No, No),
        Action::Moderate(..) => (No, No, No, No),
    }
}

fn has_right(rights: Rights, action: Action) -> bool {
    match action {
        Action::TurnOn(source) => rights.allowed.allows(source),
        Action::Chat => rights.chat,
        Action::RaiseHand => rights.raise_hand,
        Action::Rename => rights.rename,
        Action::Moderate(Deed::Record, _) => rights.record,
        _ => false,
    }
}

/// Whether something can be done to somebody. What a moderator uses is not
/// theirs to forbid who is one as well; viewers use nothing as long as they
/// are viewers; and interpreters have neither camera nor screen.
fn befalls(deed: Deed, target: Target) -> bool {
    match (deed, target) {
        (Deed::Remove, Target::Oneself)
        | (
            Deed::Forbid(_) | Deed::SendOffStage,
            Target::Oneself | Target::Other(Role::Moderator),
        )
        | (Deed::Allow(_) | Deed::Ask(_), Target::Other(Role::Viewer)) => false,
        (Deed::Allow(source) | Deed::Ask(source), Target::Other(Role::Interpreter)) => {
            source == Source::Microphone
        }
        _ => true,
    }
}

impl From<&Moderation> for Deed {
    fn from(moderation: &Moderation) -> Self {
        match moderation {
            Moderation::SetWaitingRoom { .. } => Self::SetWaitingRoom,
            Moderation::Admit { .. } => Self::Admit,
            Moderation::Reject { .. } => Self::Reject,
            Moderation::Allow {
                source,
                allowed: true,
                ..
            } => Self::Allow(*source),
            Moderation::Allow { source, .. } => Self::Forbid(*source),
            Moderation::TurnOff { source, .. } => Self::TurnOff(*source),
            Moderation::Ask { source, .. } => Self::Ask(*source),
            Moderation::LowerHand { .. } => Self::LowerHand,
            Moderation::Remove { .. } => Self::Remove,
            Moderation::SetLocked { .. } => Self::SetLocked,
            Moderation::SetModerator {
                moderator: true, ..
            } => Self::Promote,
            Moderation::SetModerator { .. } => Self::Demote,
            Moderation::SetStage { on: true, .. } => Self::BringOnStage,
            Moderation::SetStage { .. } => Self::SendOffStage,
            Moderation::SetRecording { .. } => Self::Record,
            Moderation::End => Self::End,
        }
    }
}
