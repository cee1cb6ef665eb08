//! What a moderator is offered to do with somebody. Decides nothing: the
//! server does.

use protocol::{Allowed, MediaState, Moderation, PeerId, Role, Source};

/// Something to do with somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::meeting) enum Deed {
    /// Switch a source off.
    TurnOff(Source),
    /// Ask to switch a source on.
    Ask(Source),
    /// Allow or forbid a source; holds what it would be after.
    Allow(Source, bool),
    /// Lower the hand.
    LowerHand,
    /// Make a moderator, or take it back.
    SetModerator(bool),
    /// Bring on stage, or send among the viewers.
    SetStage(bool),
    /// Remove from the meeting.
    Remove,
}

/// Somebody, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::meeting) struct About {
    pub(in crate::meeting) role: Role,
    pub(in crate::meeting) media: MediaState,
    pub(in crate::meeting) allowed: Allowed,
    pub(in crate::meeting) hand: bool,
}

/// The sources that are moderated; a share's sound goes with its picture.
pub(in crate::meeting) const SOURCES: [Source; 3] =
    [Source::Microphone, Source::Camera, Source::Screen];

/// What is offered, in the order of the menu. Where there are viewers,
/// participants can be sent among them.
pub(in crate::meeting) fn deeds(about: About, has_viewers: bool) -> Vec<Deed> {
    let mut deeds = Vec::new();
    if about.hand {
        deeds.push(Deed::LowerHand);
    }
    if about.role == Role::Viewer {
        deeds.extend([Deed::SetStage(true), Deed::Remove]);
        return deeds;
    }
    let sources = SOURCES
        .into_iter()
        .filter(|source| can_have(about.role, *source));
    deeds.extend(
        sources
            .clone()
            .map(|source| match about.media.is_on(source) {
                true => Deed::TurnOff(source),
                false => Deed::Ask(source),
            }),
    );
    let leads = about.role == Role::Moderator;
    if !leads {
        deeds.extend(sources.map(|source| Deed::Allow(source, !about.allowed.allows(source))));
    }
    deeds.push(Deed::SetModerator(!leads));
    if has_viewers && about.role == Role::Participant {
        deeds.push(Deed::SetStage(false));
    }
    deeds.push(Deed::Remove);
    deeds
}

fn can_have(role: Role, source: Source) -> bool {
    match role {
        Role::Participant | Role::Moderator => true,
        Role::Interpreter => source != Source::Camera,
        Role::Viewer => false,
    }
}

impl Deed {
    /// What the server is told.
    pub(in crate::meeting) fn moderation(self, peer: PeerId) -> Moderation {
        match self {
            Self::TurnOff(source) => Moderation::TurnOff {
                source,
                peer: Some(peer),
            },
            Self::Ask(source) => Moderation::Ask { source, peer },
            Self::Allow(source, allowed) => Moderation::Allow {
                source,
                allowed,
                peer: Some(peer),
            },
            Self::LowerHand => Moderation::LowerHand { peer: Some(peer) },
            Self::SetModerator(moderator) => Moderation::SetModerator { peer, moderator },
            Self::SetStage(on) => Moderation::SetStage { peer, on },
            Self::Remove => Moderation::Remove { peer },
        }
    }

    /// Where a line is drawn in the menu: deeds of one kind stand together.
    pub(in crate::meeting) fn group(self) -> u8 {
        match self {
            Self::LowerHand | Self::TurnOff(_) | Self::Ask(_) => 0,
            Self::Allow(..) => 1,
            Self::SetModerator(_) | Self::SetStage(_) => 2,
            Self::Remove => 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(role: Role) -> About {
        About {
            role,
            media: MediaState::default().with(Source::Microphone, true),
            allowed: Allowed::ALL.with(Source::Screen, false),
            hand: false,
        }
    }

    #[test]
    fn what_is_on_can_be_turned_off_and_what_is_off_can_be_asked_for() {
        let deeds = deeds(about(Role::Participant), false);
        assert_eq!(
            deeds,
            [
                Deed::TurnOff(Source::Microphone),
                Deed::Ask(Source::Camera),
                Deed::Ask(Source::Screen),
                Deed::Allow(Source::Microphone, false),
                Deed::Allow(Source::Camera, false),
                Deed::Allow(Source::Screen, true),
                Deed::SetModerator(true),
                Deed::Remove,
            ]
        );
    }

    #[test]
    fn nothing_is_allowed_to_moderators_or_forbidden_them() {
        let deeds = deeds(about(Role::Moderator), true);
        assert!(!deeds.iter().any(|deed| matches!(deed, Deed::Allow(..))));
        assert!(deeds.contains(&Deed::SetModerator(false)));
    }

    #[test]
    fn nobody_is_asked_for_a_camera_they_cannot_have() {
        let deeds = deeds(about(Role::Interpreter), true);
        assert!(!deeds.contains(&Deed::Ask(Source::Camera)));
        assert!(!deeds.contains(&Deed::Allow(Source::Camera, false)));
    }

    #[test]
    fn a_viewer_can_be_brought_on_stage() {
        let raised = About {
            hand: true,
            ..about(Role::Viewer)
        };
        assert_eq!(
            deeds(raised, true),
            [Deed::LowerHand, Deed::SetStage(true), Deed::Remove]
        );
    }
}
