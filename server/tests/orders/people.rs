//! Who is in the room, closing, removing, roles and rights.

use protocol::{
    ErrorCode, MediaState, Moderation, OffReason, Role, RoomEvent, ServerMessage, Source,
};
use server::room::{Order, Reply};

use crate::{
    answer, done, order,
    pure::{
        Room, both, ended_codes, error_code, happened, id, is_told_to_wait, join, moderator,
        sources, told, viewer, welcome, yous,
    },
    refused,
};

fn meeting() -> Room {
    let mut room = Room::new();
    room.join_as(1, "mod", moderator());
    room.join(2, "ada");
    room.join_as(3, "eve", viewer());
    room
}

fn change(peer: &str, role: Option<Role>, allowed: &[(Source, bool)]) -> Order {
    Order::Change {
        peer: id(peer),
        role,
        allowed: allowed.to_vec(),
    }
}

#[test]
fn closed_person_is_told_by_whom_and_may_come_back() {
    let mut room = meeting();
    let effects = done(&mut room, Order::Close(id("ada")));
    assert_eq!(ended_codes(&effects, 2), [Some(ErrorCode::PeerClosed)]);
    assert_eq!(happened(&effects), [RoomEvent::Left { peer: id("ada") }]);
    assert!(!is_told_to_wait(&room.join(4, "ada"), 4));
    // nobody has that id, or had the seat only before
    let effects = order(&mut room, Order::Close(id("nobody")));
    assert_eq!(refused(&effects), Some(ErrorCode::NoSuchParticipant));
}

#[test]
fn moderators_can_be_closed_and_removed_as_well() {
    let mut room = meeting();
    let effects = done(&mut room, Order::Close(id("mod")));
    assert_eq!(ended_codes(&effects, 1), [Some(ErrorCode::PeerClosed)]);
    let peer = id("ada");
    let effects = done(&mut room, Order::Moderate(Moderation::Remove { peer }));
    assert_eq!(ended_codes(&effects, 2), [Some(ErrorCode::Removed)]);
    assert!(is_told_to_wait(&room.join(4, "ada"), 4));
}

#[test]
fn end_is_the_end_for_all() {
    let mut room = meeting();
    let effects = done(&mut room, Order::Moderate(Moderation::End));
    for session in [1, 2, 3] {
        let codes = ended_codes(&effects, session);
        assert_eq!(codes, [Some(ErrorCode::MeetingEnded)], "{session}");
    }
    assert!(room.state.is_over());
    assert!(room.state.inspect().over);
}

#[test]
fn people_are_listed_in_pages_in_the_order_of_coming() {
    let mut room = meeting();
    let mut page = |after, most| {
        let effects = order(&mut room, Order::People { after, most });
        match answer(&effects) {
            Some(Ok(Reply::People(people))) => people,
            other => panic!("no people: {other:?}"),
        }
    };
    let first = page(0, 2);
    let names: Vec<&str> = first.iter().map(|(_, p)| p.id.as_str()).collect();
    assert_eq!(names, ["mod", "ada"]);
    let rest = page(first[1].0, 2);
    assert_eq!(rest.len(), 1);
    assert_eq!(rest[0].1.role, Role::Viewer);
    let effects = order(&mut room, Order::Person(id("ada")));
    let Some(Ok(Reply::Person(ada))) = answer(&effects) else {
        panic!("no ada: {effects:?}");
    };
    assert_eq!(ada.display_name.as_str(), "ada");
    let effects = order(&mut room, Order::Person(id("nobody")));
    assert_eq!(refused(&effects), Some(ErrorCode::NoSuchParticipant));
}

#[test]
fn waiting_ones_are_listed_let_in_and_turned_away() {
    let mut room = meeting();
    done(
        &mut room,
        Order::Moderate(Moderation::SetWaitingRoom { on: true }),
    );
    room.join(4, "bob");
    room.join(5, "cyd");
    let list = Order::Waiting { after: 0, most: 10 };
    let Some(Ok(Reply::Waiting(waiting))) = answer(&order(&mut room, list)) else {
        panic!("nobody waits");
    };
    let names: Vec<&str> = waiting.iter().map(|(_, w)| w.id.as_str()).collect();
    assert_eq!(names, ["bob", "cyd"]);
    let peer = Some(id("bob"));
    let effects = done(&mut room, Order::Moderate(Moderation::Admit { peer }));
    assert_eq!(welcome(&effects).peer, id("bob"));
    let peer = Some(id("cyd"));
    let effects = done(&mut room, Order::Moderate(Moderation::Reject { peer }));
    assert_eq!(error_code(&effects, 5), Some(ErrorCode::Rejected));
    let peer = Some(id("cyd"));
    let effects = order(&mut room, Order::Moderate(Moderation::Admit { peer }));
    assert_eq!(refused(&effects), Some(ErrorCode::NoSuchParticipant));
}

#[test]
fn role_goes_from_each_to_each() {
    let all = [
        Role::Viewer,
        Role::Moderator,
        Role::Participant,
        Role::Viewer,
    ];
    let mut room = meeting();
    for role in all
        .into_iter()
        .chain([Role::Participant, Role::Moderator, Role::Viewer])
    {
        let effects = done(&mut room, change("eve", Some(role), &[]));
        let now = order(&mut room, Order::Person(id("eve")));
        let Some(Ok(Reply::Person(eve))) = answer(&now) else {
            panic!("no eve");
        };
        assert_eq!(eve.role, role);
        // whom it concerns is told, unless it was so
        if let Some(you) = yous(&effects, 3).last() {
            assert_eq!(you.you.participant.role, role);
        }
    }
    let effects = order(&mut room, change("eve", Some(Role::Interpreter), &[]));
    assert_eq!(refused(&effects), Some(ErrorCode::Forbidden));
}

#[test]
fn change_is_done_whole_or_not_at_all() {
    let mut room = meeting();
    // viewers use nothing, so nothing can be allowed to one
    let change = change("ada", Some(Role::Viewer), &[(Source::Camera, true)]);
    let effects = order(&mut room, change);
    assert_eq!(refused(&effects), Some(ErrorCode::Forbidden));
    assert_eq!(effects.len(), 1, "nothing else happened");
}

#[test]
fn sources_are_forbidden_turned_off_and_asked_for_by_nobody_in_the_room() {
    let mut room = Room::new();
    room.come(server::room::Join {
        media: both(),
        ..join(2, "ada")
    });
    let forbid = change("ada", None, &[(Source::Camera, false)]);
    let effects = done(&mut room, forbid);
    let off = told(&effects, 2)
        .into_iter()
        .find_map(|message| match message {
            ServerMessage::TurnedOff {
                sources,
                reason,
                by,
            } => Some((sources, reason, by)),
            _ => None,
        });
    assert_eq!(
        off,
        Some((vec![Source::Camera], OffReason::Forbidden, None))
    );
    let peer = Some(id("ada"));
    let source = Source::Microphone;
    let mute = Order::Moderate(Moderation::TurnOff { source, peer });
    let effects = done(&mut room, mute);
    assert_eq!(sources(&effects, "ada"), Some(MediaState::default()));
    let peer = id("ada");
    let effects = done(&mut room, Order::Moderate(Moderation::Ask { source, peer }));
    let asked = ServerMessage::Asked { source, by: None };
    assert!(told(&effects, 2).contains(&asked));
}

#[test]
fn moderators_means_are_not_the_integrators_to_forbid() {
    let mut room = meeting();
    let effects = order(&mut room, change("mod", None, &[(Source::Camera, false)]));
    assert_eq!(refused(&effects), Some(ErrorCode::Forbidden));
}
