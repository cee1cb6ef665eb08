//! Who waits, who decides, and what all others learn of it.

use std::time::Duration;

use protocol::{ErrorCode, Moderation, Role, RoomEvent, ServerMessage, Source, Waiting};
use server::{
    limits::RoomLimits,
    room::{Claims, Effect, Granted, Join, Request},
};

use crate::pure::{
    Room, both, ended_codes, error_code, events, happened, id, is_told_to_wait, join, moderator,
    replies, role, sources, told, welcome,
};

/// A room with a waiting room and one who leads.
fn guarded() -> Room {
    guarded_with(RoomLimits::default())
}

fn guarded_with(limits: RoomLimits) -> Room {
    let mut room = Room::with(limits);
    room.join_as(1, "mod", moderator());
    room.done(1, Moderation::SetWaitingRoom { on: true });
    room
}

fn waits(effects: &[Effect], session: u64) -> bool {
    is_told_to_wait(effects, session)
}

fn admit(peer: &str) -> Moderation {
    Moderation::Admit {
        peer: Some(id(peer)),
    }
}

/// What a moderator's session is told of the lobby.
fn lobby(effects: &[Effect], session: u64) -> Vec<(bool, Vec<Waiting>, Vec<String>)> {
    let told = told(effects, session).into_iter();
    told.filter_map(|message| match message {
        ServerMessage::Lobby {
            reset,
            waiting,
            gone,
        } => {
            let gone = gone.iter().map(|peer| peer.as_str().to_owned());
            Some((reset, waiting, gone.collect()))
        }
        _ => None,
    })
    .collect()
}

fn names(waiting: &[Waiting]) -> Vec<&str> {
    waiting.iter().map(|waiting| waiting.id.as_str()).collect()
}

// proves moderator.1
#[test]
fn newcomer_waits_and_only_moderators_learn_of_it() {
    let mut room = guarded();
    room.join_as(2, "boss", moderator());
    let effects = room.join(3, "ada");
    assert!(waits(&effects, 3));
    assert_eq!(events(&effects), []);
    assert!(!effects.contains(&Effect::AddMedia(id("ada"))));
    for session in [1, 2] {
        let told = lobby(&effects, session);
        assert!(!told[0].0 && told[0].2.is_empty());
        let [ada] = told[0].1.as_slice() else {
            panic!("{told:?}");
        };
        assert_eq!((ada.id.clone(), ada.since), (id("ada"), 5_000));
        assert_eq!(ada.display_name.as_str(), "ada");
        assert!(!ada.removed_before);
    }
}

// proves attr.waitingRoom
#[test]
fn token_switches_the_waiting_room_on_until_a_moderator_decides() {
    let with_token = || Claims {
        waiting_room: true,
        ..Claims::default()
    };
    let mut room = Room::new();
    welcome(&room.join(1, "first"));
    let effects = room.join_as(2, "ada", with_token());
    assert!(is_told_to_wait(&effects, 2));
    assert!(matches!(
        happened(&effects).as_slice(),
        [RoomEvent::SettingsChanged { settings }] if settings.waiting_room
    ));
    assert!(waits(&room.join(3, "bob"), 3), "and so it is for all");
    let leads = Claims {
        waiting_room: true,
        ..moderator()
    };
    welcome(&room.join_as(4, "mod", leads));
    room.done(4, Moderation::SetWaitingRoom { on: false });
    welcome(&room.join_as(5, "eva", with_token()));
    assert!(!room.state.inspect().settings.waiting_room);
}

// proves moderator.2
#[test]
fn who_waits_goes_on_waiting_when_the_waiting_room_is_switched_off() {
    let mut room = guarded();
    room.join(2, "ada");
    let effects = room.done(1, Moderation::SetWaitingRoom { on: false });
    assert!(matches!(
        happened(&effects).as_slice(),
        [RoomEvent::SettingsChanged { settings }] if !settings.waiting_room
    ));
    assert_eq!(replies(&effects, 2), []);
    welcome(&room.join(3, "bob"));
    assert_eq!(room.state.inspect().waiting, 1);
    welcome(&room.done(1, admit("ada")));
}

// proves moderator.3
#[test]
fn admitted_person_comes_in_as_if_they_had_not_waited() {
    let mut room = guarded();
    room.come(Join {
        re: 41,
        media: both(),
        ..join(2, "ada")
    });
    let effects = room.done(1, admit("ada"));
    let to = welcome(&effects);
    assert_eq!((to.re, to.resumed), (41, false));
    assert_eq!(to.you.participant.media, both());
    assert_eq!(sources(&effects, "ada"), Some(both()));
    assert!(matches!(
        happened(&effects).as_slice(),
        [RoomEvent::Joined { participant }] if participant.id == id("ada")
    ));
    let gone = room.pass(Duration::from_millis(250));
    assert_eq!(lobby(&gone, 1)[0].2, ["ada"]);
    let effects = room.moderate(1, admit("ada"));
    assert_eq!(error_code(&effects, 1), Some(ErrorCode::NoSuchParticipant));
}

// proves moderator.3
#[test]
fn all_are_admitted_in_the_order_of_waiting_and_not_all_at_once() {
    let mut room = guarded_with(RoomLimits {
        admitted_at_once: 2,
        ..RoomLimits::default()
    });
    for (n, peer) in ["zoe", "ada", "mia", "bob", "eva"].iter().enumerate() {
        room.join(10 + n as u64, peer);
    }
    let mut effects = room.done(1, Moderation::Admit { peer: None });
    let joined = |effects: &[Effect]| -> Vec<String> {
        let joined = happened(effects).into_iter();
        joined
            .filter_map(|event| match event {
                RoomEvent::Joined { participant } => Some(participant.id.as_str().to_owned()),
                _ => None,
            })
            .collect()
    };
    assert_eq!(joined(&effects), ["zoe", "ada"]);
    room.join(20, "late");
    effects.extend(room.pass(Duration::from_secs(5)));
    assert_eq!(joined(&effects), ["zoe", "ada", "mia", "bob", "eva"]);
    assert_eq!(room.state.inspect().waiting, 1, "who came later waits");
    assert_eq!(room.state.deadline(), None);
}

// proves moderator.4
#[test]
fn rejected_person_is_told_and_may_ask_again() {
    let mut room = guarded();
    room.join(2, "ada");
    let peer = Some(id("ada"));
    let effects = room.done(1, Moderation::Reject { peer: peer.clone() });
    assert_eq!(error_code(&effects, 2), Some(ErrorCode::Rejected));
    assert_eq!(replies(&effects, 2)[0].0, Some(1), "it answers the join");
    assert_eq!(ended_codes(&effects, 2), [None]);
    let effects = room.moderate(1, Moderation::Reject { peer });
    assert_eq!(error_code(&effects, 1), Some(ErrorCode::NoSuchParticipant));
    assert!(waits(&room.join(3, "ada"), 3));
    room.join(4, "bob");
    let effects = room.done(1, Moderation::Reject { peer: None });
    for session in [3, 4] {
        assert_eq!(error_code(&effects, session), Some(ErrorCode::Rejected));
    }
    assert_eq!(room.done(1, Moderation::Reject { peer: None }).len(), 1);
}

#[test]
fn moderators_and_good_tickets_do_not_wait() {
    let mut room = guarded();
    welcome(&room.join_as(2, "boss", moderator()));
    let with = |session, meeting| Join {
        granted: Some(Granted {
            role: Role::Participant,
            meeting,
            admitted: true,
            ..Granted::default()
        }),
        ..join(session, "ada")
    };
    welcome(&room.come(with(3, 1_000)));
    assert!(waits(&room.come(with(4, 999)), 4), "of another meeting");
}

#[test]
fn room_lives_for_those_who_wait_and_a_moderator_who_comes_finds_them() {
    let mut room = guarded();
    room.join(2, "ada");
    room.ask(1, 9, Request::Leave);
    assert!(!room.state.is_over());
    assert!(
        waits(&room.join(3, "bob"), 3),
        "nobody lets them in meanwhile"
    );
    let effects = room.join_as(4, "mod", moderator());
    let told = lobby(&effects, 4);
    assert!(told[0].0, "a full list");
    assert_eq!(names(&told[0].1), ["ada", "bob"]);
    welcome(&room.done(4, admit("bob")));
}

#[test]
fn who_leaves_or_is_lost_does_not_wait_any_more() {
    let mut room = guarded();
    room.join(2, "ada");
    room.join(3, "bob");
    room.pass(Duration::from_secs(1));
    let effects = room.ask(2, 5, Request::Leave);
    assert_eq!(replies(&effects, 2), [(Some(5), ServerMessage::Ok)]);
    assert_eq!(ended_codes(&effects, 2), [None]);
    assert_eq!(lobby(&effects, 1)[0].2, ["ada"]);
    room.pass(Duration::from_secs(1));
    let effects = room.apply(server::room::Command::Detach(server::room::SessionId(3)));
    assert_eq!(lobby(&effects, 1)[0].2, ["bob"]);
    room.ask(1, 9, Request::Leave);
    assert!(room.state.is_over());
}

#[test]
fn who_waits_may_do_nothing() {
    let mut room = guarded();
    room.join(2, "ada");
    for request in [
        Request::SetMedia(Source::Camera, true),
        Request::SetDisplayName("Ada".into()),
        Request::SetHand(true),
        Request::SetLanguage(None),
        Request::Moderate(Moderation::Admit { peer: None }),
        Request::Chat {
            text: "let me in".to_owned(),
            nonce: "1".to_owned(),
        },
    ] {
        let effects = room.ask(2, 8, request);
        assert_eq!(error_code(&effects, 2), Some(ErrorCode::NotAdmitted));
        assert_eq!(effects.len(), 1);
    }
}

#[test]
fn same_id_in_the_lobby_replaces_and_a_seat_is_replaced_only_by_who_is_admitted() {
    let mut room = guarded();
    room.join(2, "ada");
    let effects = room.join(3, "ada");
    assert_eq!(ended_codes(&effects, 2), [Some(ErrorCode::Replaced)]);
    assert_eq!(room.state.inspect().waiting, 1);
    welcome(&room.done(1, admit("ada")));
    let effects = room.join(4, "ada");
    assert_eq!(ended_codes(&effects, 3), [], "a stranger puts nobody out");
    let effects = room.done(1, admit("ada"));
    assert_eq!(ended_codes(&effects, 3), [Some(ErrorCode::Replaced)]);
    assert_eq!(welcome(&effects).session, server::room::SessionId(4));
}

#[test]
fn lobby_has_an_end() {
    let mut room = guarded_with(RoomLimits {
        lobby: 2,
        ..RoomLimits::default()
    });
    room.join(2, "ada");
    room.join(3, "bob");
    let effects = room.join(4, "eva");
    assert_eq!(error_code(&effects, 4), Some(ErrorCode::RoomFull));
    assert!(
        waits(&room.join(5, "ada"), 5),
        "a second try takes no place"
    );
    welcome(&room.join_as(6, "boss", moderator()));
}

#[test]
fn admission_to_a_full_room_is_refused_and_they_go_on_waiting() {
    let mut room = Room::new();
    let leads = Claims {
        max_watchers: 2,
        ..moderator()
    };
    room.join_as(1, "mod", leads);
    room.done(1, Moderation::SetWaitingRoom { on: true });
    room.join(2, "ada");
    room.join(3, "bob");
    welcome(&room.done(1, admit("ada")));
    for moderation in [admit("bob"), Moderation::Admit { peer: None }] {
        let effects = room.moderate(1, moderation);
        assert_eq!(error_code(&effects, 1), Some(ErrorCode::RoomFull));
    }
    assert_eq!(room.state.inspect().waiting, 1);
    // a viewer needs no tile
    assert!(waits(&room.join_as(4, "vic", role(Role::Viewer)), 4));
    welcome(&room.done(1, Moderation::Admit { peer: None }));
    assert_eq!(room.state.inspect().viewers, 1);
}

#[test]
fn who_is_removed_and_waits_in_another_window_is_marked_and_let_in_for_good() {
    let mut room = guarded();
    room.join(2, "ada");
    welcome(&room.done(1, admit("ada")));
    assert!(waits(&room.join(3, "ada"), 3));
    room.pass(Duration::from_secs(1));
    let mut effects = room.done(1, Moderation::Remove { peer: id("ada") });
    effects.extend(room.pass(Duration::from_secs(1)));
    let told = lobby(&effects, 1);
    assert!(told[0].1[0].removed_before, "{told:?}");
    welcome(&room.done(1, admit("ada")));
    room.done(1, Moderation::SetWaitingRoom { on: false });
    welcome(&room.join(4, "ada"));
}

#[test]
fn crowd_at_the_door_is_told_in_batches() {
    let mut room = guarded();
    room.pass(Duration::from_secs(1));
    let mut messages = 0;
    for n in 0..500 {
        let effects = room.join(10 + n, &format!("peer-{n}"));
        messages += lobby(&effects, 1).len();
    }
    assert_eq!(messages, 1, "the first at once");
    let rest = room.pass(Duration::from_secs(1));
    let told = lobby(&rest, 1);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].1.len(), 499);
}

#[test]
fn moderator_who_comes_back_gets_the_whole_list() {
    let mut room = guarded();
    room.join(2, "ada");
    room.detach(1);
    room.join(3, "bob");
    let effects = room.resume(4, 1, "mod", 2);
    assert!(welcome(&effects).resumed);
    let told = lobby(&effects, 4);
    assert!(told[0].0);
    assert_eq!(names(&told[0].1), ["ada", "bob"]);
}
