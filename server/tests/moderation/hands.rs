//! Raised hands.

use protocol::{ErrorCode, Moderation, RoomEvent, ServerMessage};
use server::room::{Claims, Effect, Request};

use crate::pure::{Room, error_code, happened, id, moderator, viewer, welcome, yous};

fn with_hand(claims: Claims) -> Claims {
    Claims {
        may_raise_hand: true,
        ..claims
    }
}

fn meeting() -> Room {
    let mut room = Room::new();
    room.join_as(1, "mod", moderator());
    for (session, peer) in [(2, "ada"), (3, "bob")] {
        room.join_as(session, peer, with_hand(Claims::default()));
    }
    room
}

fn raised(effects: &[Effect]) -> Vec<(String, Option<u64>)> {
    let hands = happened(effects).into_iter().map(|event| match event {
        RoomEvent::HandChanged { peer, raised_at } => (peer.as_str().to_owned(), raised_at),
        other => panic!("{other:?}"),
    });
    hands.collect()
}

// proves attr.handEnabled
#[test]
fn hand_is_raised_by_who_may_and_by_nobody_else() {
    let mut room = meeting();
    let effects = room.ask(2, 9, Request::SetHand(true));
    assert_eq!(raised(&effects), [("ada".to_owned(), Some(5_000))]);
    assert_eq!(room.ask(2, 9, Request::SetHand(true)).len(), 1, "it is up");
    let effects = room.join(4, "eva");
    assert!(!welcome(&effects).you.may_raise_hand);
    let refused = room.ask(4, 9, Request::SetHand(true));
    assert_eq!(error_code(&refused, 4), Some(ErrorCode::Forbidden));
    let effects = room.ask(2, 9, Request::SetHand(false));
    assert_eq!(raised(&effects), [("ada".to_owned(), None)]);
}

#[test]
fn hands_of_one_moment_have_an_order() {
    let mut room = meeting();
    let first = room.ask(3, 9, Request::SetHand(true));
    let second = room.ask(2, 9, Request::SetHand(true));
    assert!(raised(&first)[0].1 < raised(&second)[0].1);
    let participants = room.snapshot().participants;
    let at = |index: usize| participants[index].hand_raised_at;
    assert!(at(2) < at(1), "bob was before ada");
}

// proves moderator.9
#[test]
fn moderator_lowers_one_hand_and_all_hands() {
    let mut room = meeting();
    room.ask(3, 9, Request::SetHand(true));
    room.ask(2, 9, Request::SetHand(true));
    let peer = Some(id("ada"));
    let effects = room.done(1, Moderation::LowerHand { peer: peer.clone() });
    assert_eq!(raised(&effects), [("ada".to_owned(), None)]);
    let again = room.done(1, Moderation::LowerHand { peer });
    assert_eq!(again.len(), 1, "it is down");
    room.ask(2, 9, Request::SetHand(true));
    let effects = room.done(1, Moderation::LowerHand { peer: None });
    assert_eq!(
        raised(&effects),
        [("bob".to_owned(), None), ("ada".to_owned(), None)]
    );
}

#[test]
fn viewers_hand_is_seen_by_moderators_alone() {
    let mut room = meeting();
    room.join_as(4, "vic", with_hand(viewer()));
    room.pass(std::time::Duration::from_secs(2));
    let effects = room.ask(4, 9, Request::SetHand(true));
    assert_eq!(happened(&effects), []);
    let shown = crate::pure::told(&effects, 1);
    let [ServerMessage::Viewers { reset, viewers, .. }] = shown.as_slice() else {
        panic!("{shown:?}");
    };
    assert!(!reset && viewers[0].hand_raised_at.is_some());
    assert_eq!(crate::pure::told(&effects, 2), []);
    let effects = room.done(1, Moderation::LowerHand { peer: None });
    assert_eq!(yous(&effects, 4)[0].you.participant.hand_raised_at, None);
}

#[test]
fn hand_goes_with_who_raised_it() {
    let mut room = meeting();
    room.ask(2, 9, Request::SetHand(true));
    room.ask(2, 9, Request::Leave);
    room.join_as(5, "ada", with_hand(Claims::default()));
    let ada = room.snapshot().participants;
    assert!(ada.iter().all(|person| person.hand_raised_at.is_none()));
}
