//! The table of rights, field by field.

use protocol::{Allowed, ErrorCode, Moderation, PeerId, Role, Source};
use server::policy::{Action, Actor, Deed, Denied, Rights, Target, may};

const ALL: Rights = Rights {
    allowed: Allowed::ALL,
    chat: true,
    raise_hand: true,
    record: true,
    rename: true,
};
const NONE: Rights = Rights {
    allowed: Allowed::NONE,
    chat: false,
    raise_hand: false,
    record: false,
    rename: false,
};

/// Every role, by a match that does not compile when one is missing.
fn roles() -> Vec<Role> {
    let mut roles = vec![Role::Participant];
    loop {
        roles.push(match roles[roles.len() - 1] {
            Role::Participant => Role::Moderator,
            Role::Moderator => Role::Viewer,
            Role::Viewer => Role::Interpreter,
            Role::Interpreter => return roles,
        });
    }
}

fn sources() -> Vec<Source> {
    let mut sources = vec![Source::Microphone];
    loop {
        sources.push(match sources[sources.len() - 1] {
            Source::Microphone => Source::Camera,
            Source::Camera => Source::Screen,
            Source::Screen => Source::ScreenAudio,
            Source::ScreenAudio => return sources,
        });
    }
}

/// Every deed but for the source, by such a match.
fn deeds() -> Vec<Deed> {
    let first = Source::Microphone;
    let mut deeds = vec![Deed::SetWaitingRoom];
    loop {
        deeds.push(match deeds[deeds.len() - 1] {
            Deed::SetWaitingRoom => Deed::Admit,
            Deed::Admit => Deed::Reject,
            Deed::Reject => Deed::Allow(first),
            Deed::Allow(_) => Deed::Forbid(first),
            Deed::Forbid(_) => Deed::TurnOff(first),
            Deed::TurnOff(_) => Deed::Ask(first),
            Deed::Ask(_) => Deed::LowerHand,
            Deed::LowerHand => Deed::Remove,
            Deed::Remove => Deed::SetLocked,
            Deed::SetLocked => Deed::Promote,
            Deed::Promote => Deed::Demote,
            Deed::Demote => Deed::BringOnStage,
            Deed::BringOnStage => Deed::SendOffStage,
            Deed::SendOffStage => Deed::Record,
            Deed::Record => Deed::End,
            Deed::End => break,
        });
    }
    let with = |deed: Deed| {
        let all: fn(Source) -> Deed = match deed {
            Deed::Allow(_) => Deed::Allow,
            Deed::Forbid(_) => Deed::Forbid,
            Deed::TurnOff(_) => Deed::TurnOff,
            Deed::Ask(_) => Deed::Ask,
            _ => return vec![deed],
        };
        sources().into_iter().map(all).collect()
    };
    deeds.into_iter().flat_map(with).collect()
}

fn targets() -> Vec<Target> {
    let others = roles().into_iter().map(Target::Other);
    [Target::Room, Target::Oneself]
        .into_iter()
        .chain(others)
        .collect()
}

/// Every action that is no moderation.
fn own_actions() -> Vec<Action> {
    let first = Source::Microphone;
    let mut actions = vec![Action::Connect];
    loop {
        actions.push(match actions[actions.len() - 1] {
            Action::Connect => Action::SetView,
            Action::SetView => Action::TurnOn(first),
            Action::TurnOn(_) => Action::TurnOff(first),
            Action::TurnOff(_) => Action::Rename,
            Action::Rename => Action::Chat,
            Action::Chat => Action::RaiseHand,
            Action::RaiseHand => Action::LowerHand,
            Action::LowerHand => Action::Listen,
            Action::Listen => Action::Leave,
            Action::Leave => break,
            Action::Moderate(..) => unreachable!("it is in the other list"),
        });
    }
    let with = |action: Action| {
        let all: fn(Source) -> Action = match action {
            Action::TurnOn(_) => Action::TurnOn,
            Action::TurnOff(_) => Action::TurnOff,
            _ => return vec![action],
        };
        sources().into_iter().map(all).collect()
    };
    actions.into_iter().flat_map(with).collect()
}

fn moderation() -> Vec<Action> {
    let with = |deed| {
        targets()
            .into_iter()
            .map(move |to| Action::Moderate(deed, to))
    };
    deeds().into_iter().flat_map(with).collect()
}

fn can(role: Role, rights: Rights, action: Action) -> bool {
    may(&Actor::Seated(role, rights), action).is_ok()
}

/// What the table says of what everybody does for themselves, written down a
/// second time: participant, moderator, viewer, interpreter; `y` may, `-` may
/// not, `r` may with the right to it.
fn expected(action: Action) -> &'static str {
    match action {
        Action::Connect | Action::SetView | Action::Listen | Action::Leave => "yyyy",
        Action::TurnOff(_) | Action::LowerHand => "yyyy",
        Action::TurnOn(Source::Microphone) => "ry-r",
        Action::TurnOn(Source::Camera) => "ry--",
        Action::TurnOn(Source::Screen | Source::ScreenAudio) => "ry--",
        Action::Chat => "rr-r",
        Action::Rename | Action::RaiseHand => "rrrr",
        Action::Moderate(Deed::Record, _) => "-r--",
        Action::Moderate(..) => "-y--",
    }
}

#[test]
fn every_role_may_what_the_table_says_and_nothing_else() {
    let room = deeds()
        .into_iter()
        .map(|deed| Action::Moderate(deed, Target::Room));
    for action in own_actions().into_iter().chain(room) {
        for (role, rule) in roles().into_iter().zip(expected(action).chars()) {
            let with = matches!(rule, 'y' | 'r');
            let without = rule == 'y';
            assert_eq!(can(role, ALL, action), with, "{role:?} {action:?}");
            assert_eq!(can(role, NONE, action), without, "{role:?} {action:?}");
        }
    }
}

#[test]
fn nobody_but_moderators_does_anything_to_others() {
    for action in moderation() {
        for role in roles().into_iter().filter(|role| *role != Role::Moderator) {
            let denied = may(&Actor::Seated(role, ALL), action);
            assert_eq!(denied, Err(Denied::Forbidden), "{role:?} {action:?}");
        }
    }
}

#[test]
fn moderators_do_everything_but_what_cannot_be_done_to_somebody() {
    let moderator = Target::Other(Role::Moderator);
    let viewer = Target::Other(Role::Viewer);
    let interpreter = Target::Other(Role::Interpreter);
    for action in moderation() {
        let Action::Moderate(deed, target) = action else {
            continue;
        };
        let cannot = match deed {
            Deed::Remove => target == Target::Oneself,
            Deed::Forbid(_) | Deed::SendOffStage => {
                target == Target::Oneself || target == moderator
            }
            Deed::Allow(Source::Microphone) | Deed::Ask(Source::Microphone) => target == viewer,
            Deed::Allow(_) | Deed::Ask(_) => target == viewer || target == interpreter,
            _ => false,
        };
        assert_eq!(can(Role::Moderator, ALL, action), !cannot, "{action:?}");
    }
}

#[test]
fn each_right_is_one_thing() {
    let chat = Rights { chat: true, ..NONE };
    assert!(can(Role::Participant, chat, Action::Chat));
    assert!(!can(Role::Participant, chat, Action::RaiseHand));
    let hand = Rights {
        raise_hand: true,
        ..NONE
    };
    assert!(can(Role::Viewer, hand, Action::RaiseHand));
    assert!(!can(Role::Viewer, hand, Action::Rename));
    for source in sources() {
        let allowed = Allowed::NONE.with(source, true);
        let rights = Rights { allowed, ..NONE };
        for other in sources() {
            let same = allowed.allows(other);
            assert_eq!(can(Role::Participant, rights, Action::TurnOn(other)), same);
        }
    }
}

#[test]
fn who_waits_may_go_and_nothing_else() {
    for action in own_actions().into_iter().chain(moderation()) {
        let expected = match action {
            Action::Leave => Ok(()),
            _ => Err(Denied::NotAdmitted),
        };
        assert_eq!(may(&Actor::Waiting, action), expected, "{action:?}");
    }
    assert_eq!(Denied::NotAdmitted.code(), ErrorCode::NotAdmitted);
    assert_eq!(Denied::Forbidden.code(), ErrorCode::Forbidden);
}

#[test]
fn each_word_of_the_protocol_is_its_deed() {
    let peer = || PeerId::parse("ada").expect("an id");
    let source = Source::Camera;
    let pairs = [
        (
            Moderation::SetWaitingRoom { on: true },
            Deed::SetWaitingRoom,
        ),
        (Moderation::Admit { peer: None }, Deed::Admit),
        (Moderation::Reject { peer: None }, Deed::Reject),
        (
            Moderation::Allow {
                source,
                allowed: true,
                peer: None,
            },
            Deed::Allow(source),
        ),
        (
            Moderation::Allow {
                source,
                allowed: false,
                peer: None,
            },
            Deed::Forbid(source),
        ),
        (
            Moderation::TurnOff { source, peer: None },
            Deed::TurnOff(source),
        ),
        (
            Moderation::Ask {
                source,
                peer: peer(),
            },
            Deed::Ask(source),
        ),
        (Moderation::LowerHand { peer: None }, Deed::LowerHand),
        (Moderation::Remove { peer: peer() }, Deed::Remove),
        (Moderation::SetLocked { locked: true }, Deed::SetLocked),
        (
            Moderation::SetModerator {
                peer: peer(),
                moderator: true,
            },
            Deed::Promote,
        ),
        (
            Moderation::SetModerator {
                peer: peer(),
                moderator: false,
            },
            Deed::Demote,
        ),
        (
            Moderation::SetStage {
                peer: peer(),
                on: true,
            },
            Deed::BringOnStage,
        ),
        (
            Moderation::SetStage {
                peer: peer(),
                on: false,
            },
            Deed::SendOffStage,
        ),
        (Moderation::SetRecording { on: true }, Deed::Record),
        (Moderation::End, Deed::End),
    ];
    for (word, deed) in pairs {
        assert_eq!(Deed::from(&word), deed);
    }
}
