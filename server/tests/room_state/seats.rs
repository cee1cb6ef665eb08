//! Coming, going and coming back.

use std::time::Duration;

use protocol::{DisplayName, ErrorCode, MediaState, RoomEvent, ServerMessage, Source};
use server::{
    limits::RoomLimits,
    room::{Audience, Effect, Request, SessionId},
};

use crate::pure::{Room, ended_codes, error_code, events, id, replies, welcome};

#[test]
fn newcomer_learns_all_and_the_others_learn_of_them() {
    let mut room = Room::new();
    room.join(1, "ada");
    let effects = room.join(2, "bob");

    let snapshot = welcome(&effects).snapshot.clone().expect("a snapshot");
    let names: Vec<&str> = snapshot
        .participants
        .iter()
        .map(|p| p.id.as_str())
        .collect();
    assert_eq!(names, ["ada", "bob"]);
    assert_eq!(snapshot.created_at, 1_000);
    assert_eq!(snapshot.last_event, 2, "the own arrival is contained");
    let joined = effects.iter().find_map(|effect| match effect {
        Effect::Broadcast { to, message } => Some((*to, message.clone())),
        _ => None,
    });
    let (to, message) = joined.expect("the others are told");
    assert_eq!(to, Audience::AllBut(SessionId(2)));
    assert!(matches!(
        message,
        ServerMessage::Event { n: 2, event: RoomEvent::Joined { participant } }
            if participant.id == id("bob") && participant.joined_at == 5_000
    ));
    assert!(effects.contains(&Effect::AddMedia(id("bob"))));
}

#[test]
fn participants_stand_in_the_order_of_joining() {
    let mut room = Room::new();
    for (session, peer) in ["zoe", "ada", "mia", "bob", "eva"].iter().enumerate() {
        room.join(session as u64, peer);
    }
    let snapshot = room.snapshot();
    let names: Vec<&str> = snapshot
        .participants
        .iter()
        .map(|p| p.id.as_str())
        .collect();
    assert_eq!(names, ["zoe", "ada", "mia", "bob", "eva", "onlooker"]);
}

#[test]
fn leaver_is_gone_at_once_and_the_room_is_over_with_the_last() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    let effects = room.ask(1, 7, Request::Leave);
    assert_eq!(events(&effects), [(3, RoomEvent::Left { peer: id("ada") })]);
    assert_eq!(replies(&effects, 1), [(Some(7), ServerMessage::Ok)]);
    assert_eq!(ended_codes(&effects, 1), [None]);
    assert!(effects.contains(&Effect::RemoveMedia(id("ada"))));
    assert!(!room.state.is_over());
    room.ask(2, 8, Request::Leave);
    assert!(room.state.is_over());
    assert_eq!(room.state.deadline(), None);
}

#[test]
fn events_grow_by_one_and_nothing_is_told_when_nothing_changes() {
    let mut room = Room::new();
    room.join(1, "ada");
    let on = room.ask(1, 2, Request::SetMedia(Source::Camera, true));
    let again = room.ask(1, 3, Request::SetMedia(Source::Camera, true));
    let name = room.ask(1, 4, Request::SetDisplayName(DisplayName::from("Ada")));
    let same = room.ask(1, 5, Request::SetDisplayName(DisplayName::from("Ada")));
    let media = MediaState::default().with(Source::Camera, true);
    let changed = RoomEvent::MediaChanged {
        peer: id("ada"),
        media,
    };
    assert_eq!(events(&on), [(2, changed)]);
    assert_eq!(events(&again), []);
    assert_eq!(replies(&again, 1), [(Some(3), ServerMessage::Ok)]);
    let display_name = DisplayName::from("Ada");
    let renamed = RoomEvent::Renamed {
        peer: id("ada"),
        display_name,
    };
    assert_eq!(events(&name), [(3, renamed)]);
    assert_eq!(events(&same), []);
}

#[test]
fn short_loss_of_the_socket_is_told_to_nobody() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    room.detach(1);
    assert_eq!(room.pass(Duration::from_millis(1_999)), []);
    let effects = room.resume(3, 1, "ada", 2);
    assert_eq!(events(&effects), []);
    assert!(welcome(&effects).resumed);
    assert_eq!(room.pass(Duration::from_secs(600)), []);
}

#[test]
fn longer_loss_is_told_and_so_is_the_return() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    room.detach(1);
    let lost = room.pass(Duration::from_secs(2));
    let peer = id("ada");
    let connected = false;
    let event = RoomEvent::ConnectedChanged { peer, connected };
    assert_eq!(events(&lost), [(3, event)]);
    assert!(!room.snapshot().participants[0].connected);

    let effects = room.resume(3, 1, "ada", 4);
    let peer = id("ada");
    let connected = true;
    let event = RoomEvent::ConnectedChanged { peer, connected };
    assert_eq!(events(&effects), [(5, event)]);
    assert!(effects.contains(&Effect::RefreshMedia(id("ada"))));
}

#[test]
fn seat_is_kept_for_thirty_seconds_and_not_longer() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    room.detach(1);
    let kept = room.pass(Duration::from_millis(29_999));
    assert!(!kept.contains(&Effect::RemoveMedia(id("ada"))));
    let gone = room.pass(Duration::from_millis(1));
    assert_eq!(events(&gone), [(4, RoomEvent::Left { peer: id("ada") })]);
    assert!(gone.contains(&Effect::RemoveMedia(id("ada"))));

    let effects = room.resume(3, 1, "ada", 2);
    assert_eq!(error_code(&effects, 3), Some(ErrorCode::SeatGone));
    assert_eq!(ended_codes(&effects, 3), [None]);
}

#[test]
fn returner_gets_each_missed_event_once_and_in_order() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    room.detach(1);
    room.ask(2, 1, Request::SetMedia(Source::Camera, true));
    room.ask(2, 2, Request::SetMedia(Source::Camera, false));
    let effects = room.resume(3, 1, "ada", 2);
    let to = welcome(&effects);
    assert!(to.resumed && to.snapshot.is_none());
    let replayed = effects.iter().find_map(|effect| match effect {
        Effect::Replay { session, events } => Some((*session, events)),
        _ => None,
    });
    let (session, missed) = replayed.expect("events are replayed");
    assert_eq!(session, SessionId(3));
    let numbers: Vec<u64> = missed.iter().map(|(n, _)| *n).collect();
    assert_eq!(numbers, [3, 4]);
}

#[test]
fn returner_who_missed_nothing_gets_nothing() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.detach(1);
    let effects = room.resume(2, 1, "ada", 1);
    assert!(!effects.iter().any(|e| matches!(e, Effect::Replay { .. })));
    assert!(welcome(&effects).snapshot.is_none());
}

#[test]
fn returner_who_missed_too_much_gets_a_snapshot() {
    let mut room = Room::with(RoomLimits {
        events: 10,
        ..RoomLimits::default()
    });
    room.join(1, "ada");
    room.join(2, "bob");
    room.detach(1);
    for n in 0..11 {
        room.ask(2, n, Request::SetMedia(Source::Camera, n % 2 == 0));
    }
    let just = room.resume(3, 1, "ada", 3);
    assert!(welcome(&just).snapshot.is_none(), "ten missed, ten kept");
    let too_old = room.resume(4, 1, "ada", 2);
    let to = welcome(&too_old);
    assert!(to.resumed);
    assert_eq!(to.snapshot.as_ref().map(|s| s.last_event), Some(13));
}

#[test]
fn own_return_is_contained_in_the_snapshot_and_not_told_twice() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.detach(1);
    room.pass(Duration::from_secs(3));
    let effects = room.resume(2, 1, "ada", 1_000);
    let snapshot = welcome(&effects).snapshot.as_ref().expect("a snapshot");
    assert_eq!(snapshot.last_event, 3);
    assert!(snapshot.participants[0].connected);
    let told = effects.iter().find_map(|effect| match effect {
        Effect::Broadcast { to, .. } => Some(*to),
        _ => None,
    });
    assert_eq!(told, Some(Audience::AllBut(SessionId(2))));
}

#[test]
fn returner_with_a_number_from_the_future_gets_a_snapshot() {
    let mut room = Room::new();
    room.join(1, "ada");
    let effects = room.resume(2, 1, "ada", 1_000);
    assert!(welcome(&effects).snapshot.is_some());
}

#[test]
fn returner_takes_over_from_their_own_dying_socket() {
    let mut room = Room::new();
    room.join(1, "ada");
    let effects = room.resume(2, 1, "ada", 1);
    assert_eq!(ended_codes(&effects, 1), [Some(ErrorCode::Replaced)]);
    // the old socket's end comes late and means nothing
    room.detach(1);
    assert_eq!(room.state.deadline(), None);
    let answer = room.ask(2, 5, Request::SetMedia(Source::Camera, true));
    assert_eq!(replies(&answer, 2), [(Some(5), ServerMessage::Ok)]);
}

#[test]
fn second_join_with_the_same_id_replaces_the_first() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "bob");
    let effects = room.join(3, "ada");
    assert_eq!(ended_codes(&effects, 1), [Some(ErrorCode::Replaced)]);
    let kinds: Vec<RoomEvent> = events(&effects).into_iter().map(|(_, e)| e).collect();
    assert_eq!(kinds[0], RoomEvent::Left { peer: id("ada") });
    assert!(matches!(&kinds[1], RoomEvent::Joined { participant } if participant.id == id("ada")));
    // the media connection of the first is nothing to the second
    let media: Vec<&Effect> = effects
        .iter()
        .filter(|e| matches!(e, Effect::AddMedia(_) | Effect::RemoveMedia(_)))
        .collect();
    let ada = id("ada");
    assert_eq!(
        media,
        [&Effect::RemoveMedia(ada.clone()), &Effect::AddMedia(ada)]
    );
    assert_eq!(room.state.seats(), 2);
}

#[test]
fn replaced_session_does_not_come_back_by_its_ticket() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "ada");
    let effects = room.resume(3, 1, "ada", 1);
    assert_eq!(error_code(&effects, 3), Some(ErrorCode::Replaced));
    assert_eq!(ended_codes(&effects, 2), [], "the second is not disturbed");
}

#[test]
fn what_a_replaced_session_still_asks_for_is_ignored() {
    let mut room = Room::new();
    room.join(1, "ada");
    room.join(2, "ada");
    assert_eq!(room.ask(1, 9, Request::Leave), []);
    assert_eq!(room.state.seats(), 1);
}
