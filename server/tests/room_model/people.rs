//! Who the people are, and how what they try is said.

use protocol::{Moderation, PeerId, Role};
use server::room::Claims;

use crate::What;

pub(crate) fn moderation(what: What, whom: u8) -> Moderation {
    let one = |all: bool| (!all).then(|| peer(whom));
    let peer = peer(whom);
    match what {
        What::WaitingRoom(on) => Moderation::SetWaitingRoom { on },
        What::Lock(locked) => Moderation::SetLocked { locked },
        What::Admit { all } => Moderation::Admit { peer: one(all) },
        What::Reject { all } => Moderation::Reject { peer: one(all) },
        What::Allow(source, allowed, all) => Moderation::Allow {
            source,
            allowed,
            peer: one(all),
        },
        What::TurnOff(source, all) => Moderation::TurnOff {
            source,
            peer: one(all),
        },
        What::Ask(source) => Moderation::Ask { source, peer },
        What::LowerHand(all) => Moderation::LowerHand { peer: one(all) },
        What::Remove => Moderation::Remove { peer },
        What::Moderator(moderator) => Moderation::SetModerator { peer, moderator },
        What::Stage(on) => Moderation::SetStage { peer, on },
    }
}

/// Who the people are.
pub(crate) fn claims(who: u8) -> Claims {
    let everybody = Claims {
        may_raise_hand: true,
        ..Claims::default()
    };
    match who {
        0 => Claims {
            role: Role::Moderator,
            ..everybody
        },
        3 => Claims {
            role: Role::Viewer,
            ..everybody
        },
        4 => Claims {
            role: Role::Interpreter,
            language: Some("de".to_owned()),
            interpreters: true,
            ..everybody
        },
        5 => Claims {
            max_broadcasters: 2,
            max_watchers: 4,
            video: Some("https://player.example".to_owned()),
            ..everybody
        },
        _ => everybody,
    }
}

pub(crate) fn peer(who: u8) -> PeerId {
    PeerId::parse(&format!("peer-{who}")).expect("a participant id")
}

pub(crate) fn who(peer: &PeerId) -> u8 {
    let number = peer.as_str().strip_prefix("peer-");
    number.and_then(|n| n.parse().ok()).expect("one of them")
}
