//! What a room lets integrators hear, on a clock turned by hand.

use std::{sync::Arc, time::Duration};

use protocol::{DisplayName, Moderation};
use server::{
    journal::Notice,
    limits::RoomLimits,
    room::{Claims, Command, Effect, Request, SessionId},
    webhooks::{EventTarget, Receiver},
};

use crate::pure::{Room, id, moderator, viewer};

fn told(claims: Claims) -> Claims {
    let target = EventTarget {
        receiver: Receiver::Tenant,
        authorization: None,
    };
    Claims {
        events: Some(Arc::new(target)),
        ..claims
    }
}

/// What is heard, in short.
fn heard(effects: &[Effect]) -> Vec<String> {
    let heard = effects.iter().filter_map(|effect| match effect {
        Effect::Notify(Notice::Joined(it)) => Some(format!(
            "+{} {} {}",
            it.peer,
            it.seat.0,
            it.display_name.as_str()
        )),
        Effect::Notify(Notice::Closed(it)) => Some(format!(
            "-{} {} {}",
            it.peer,
            it.seat.0,
            it.display_name.as_str()
        )),
        _ => None,
    });
    heard.collect()
}

// proves webhook.joinPeer, webhook.closePeer
#[test]
fn viewers_are_heard_of_as_well() {
    let mut room = Room::new();
    let joined = room.join_as(1, "vic", told(viewer()));
    assert_eq!(heard(&joined), ["+vic 100 vic"]);
    let left = room.ask(1, 2, Request::Leave);
    assert_eq!(heard(&left), ["-vic 100 vic"]);
}

// proves webhook.closePeer
#[test]
fn seat_that_waits_is_no_end_until_it_waited_too_long() {
    let mut room = Room::new();
    room.join_as(1, "ada", told(Claims::default()));
    room.join(2, "bob");
    room.detach(1);
    assert_eq!(heard(&room.pass(Duration::from_secs(20))), [""; 0]);
    assert_eq!(heard(&room.resume(3, 1, "ada", 0)), [""; 0]);
    room.apply(Command::Detach(SessionId(3)));
    let gone = room.pass(RoomLimits::default().grace);
    assert_eq!(heard(&gone), ["-ada 100 ada"]);
}

// proves webhook.joinPeer, webhook.closePeer
#[test]
fn who_is_replaced_leaves_before_the_other_comes() {
    let mut room = Room::new();
    room.join_as(1, "ada", told(Claims::default()));
    let effects = room.join_as(2, "ada", told(Claims::default()));
    assert_eq!(heard(&effects), ["-ada 100 ada", "+ada 200 ada"]);
}

// proves webhook.closePeer
#[test]
fn end_is_told_with_the_name_of_the_end() {
    let mut room = Room::new();
    room.join_as(1, "ada", told(Claims::default()));
    room.ask(1, 2, Request::SetDisplayName(DisplayName::from("Ada L.")));
    assert_eq!(heard(&room.ask(1, 3, Request::Leave)), ["-ada 100 Ada L."]);
}

// proves webhook.closePeer
#[test]
fn removal_refused_media_and_the_end_for_all_are_ends() {
    let mut room = Room::new();
    room.join_as(1, "mod", told(moderator()));
    for (session, peer) in [(2, "ada"), (3, "bob"), (4, "vic")] {
        room.join_as(session, peer, told(Claims::default()));
    }
    room.join(5, "untold");
    let removed = room.done(1, Moderation::Remove { peer: id("ada") });
    assert_eq!(heard(&removed), ["-ada 200 ada"]);
    let refused = room.apply(Command::MediaRefused(id("bob")));
    assert_eq!(heard(&refused), ["-bob 300 bob"]);
    let mut ended = heard(&room.done(1, Moderation::End));
    ended.sort();
    assert_eq!(
        ended,
        ["-mod 100 mod", "-untold 500 untold", "-vic 400 vic"]
    );
    assert_eq!(room.state.present(), []);
}

#[test]
fn waiting_to_be_let_in_is_no_beginning() {
    let mut room = Room::new();
    room.join_as(1, "mod", told(moderator()));
    room.done(1, Moderation::SetWaitingRoom { on: true });
    let waits = room.join_as(2, "ada", told(Claims::default()));
    assert_eq!(heard(&waits), [""; 0]);
    let admitted = room.done(1, Moderation::Admit { peer: None });
    assert_eq!(heard(&admitted), ["+ada 200 ada"]);
    assert_eq!(room.state.present().len(), 2);
}

#[test]
fn waiting_and_hands_are_noticed_and_chat_is_stored_with_its_messages() {
    let mut room = Room::new();
    let leads = Claims {
        may_raise_hand: true,
        ..moderator()
    };
    room.join_as(1, "mod", leads);
    room.done(1, Moderation::SetWaitingRoom { on: true });
    let waits = room.join(2, "ada");
    let noticed = |effects: &[Effect]| -> Vec<Notice> {
        let noticed = effects.iter().filter_map(|effect| match effect {
            Effect::Notify(notice) => Some(notice.clone()),
            _ => None,
        });
        noticed.collect()
    };
    let noticed_waiting = noticed(&waits);
    let [Notice::Waiting(waiting)] = &noticed_waiting[..] else {
        panic!("{waits:?}");
    };
    assert_eq!(waiting.id, id("ada"));
    let raised = room.ask(1, 2, Request::SetHand(true));
    let noticed_hand = noticed(&raised);
    let [Notice::Hand(hand)] = &noticed_hand[..] else {
        panic!("{raised:?}");
    };
    assert_eq!(hand.raised_at, Some(5_000));
    assert_eq!(noticed(&room.ask(1, 3, Request::SetHand(true))), []);
    let said = room.say(1, 4, "hello");
    assert!(matches!(said[..], [Effect::StoreChat(_)]), "{said:?}");
    assert_eq!(noticed(&room.apply(Command::ChatStored)), []);
}

// proves webhook.joinPeer, webhook.closePeer
#[test]
fn recorder_is_nobody() {
    let mut room = Room::new();
    let joined = room.join_as(1, "recorder", told(Claims::recorder()));
    assert_eq!(heard(&joined), [""; 0]);
    assert_eq!(room.state.present(), []);
    assert_eq!(heard(&room.ask(1, 2, Request::Leave)), [""; 0]);
}
