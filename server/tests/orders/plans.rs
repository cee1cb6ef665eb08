//! What was planned holds from the first person on, and can be changed.

use protocol::{Allowed, ErrorCode, RoomId, Source};
use server::{
    clock::UnixMillis,
    db::StoredRoom,
    limits::RoomLimits,
    room::{Claims, Join, Order, Plan, RoomState},
};

use crate::{
    done,
    pure::{Room, error_code, is_told_to_wait, join, moderator, welcome},
};

fn planned(plan: &Plan) -> Room {
    let mut room = Room::new();
    let stored = StoredRoom {
        created_at: UnixMillis::new(1_000),
        chat: Vec::new(),
        decisions: None,
        plan: Some(plan.text()),
    };
    let id = RoomId::parse("room").expect("a room id");
    room.state = RoomState::new(id, stored, RoomLimits::default());
    room
}

#[test]
fn planned_settings_hold_when_the_first_one_comes() {
    let allowed = Allowed {
        screen: false,
        ..Allowed::ALL
    };
    let mut room = planned(&Plan {
        waiting_room: Some(true),
        allowed: Some(allowed),
        max_broadcasters: Some(3),
        max_watchers: Some(9),
        ..Plan::default()
    });
    assert!(is_told_to_wait(&room.join(1, "ada"), 1));
    let effects = room.join_as(2, "mod", moderator());
    let settings = welcome(&effects)
        .snapshot
        .clone()
        .expect("a snapshot")
        .settings;
    assert!(settings.waiting_room);
    assert_eq!(settings.allowed, allowed);
    assert_eq!((settings.max_broadcasters, settings.max_watchers), (3, 9));
}

#[test]
fn smaller_limit_of_plan_and_people_is_in_force() {
    let mut room = planned(&Plan {
        max_watchers: Some(2),
        ..Plan::default()
    });
    let brings = |max_watchers| Claims {
        max_watchers,
        ..Claims::default()
    };
    room.join_as(1, "ada", brings(5));
    room.join(2, "bob");
    let effects = room.join(3, "cyd");
    assert_eq!(error_code(&effects, 3), Some(ErrorCode::RoomFull));
    done(
        &mut room,
        Order::Plan(Plan {
            max_watchers: Some(0),
            ..Plan::default()
        }),
    );
    assert_eq!(error_code(&room.join(3, "cyd"), 3), None);
}

#[test]
fn locked_room_opens_to_moderators_alone() {
    let mut room = planned(&Plan {
        locked: Some(true),
        ..Plan::default()
    });
    assert_eq!(
        error_code(&room.join(1, "ada"), 1),
        Some(ErrorCode::RoomLocked)
    );
    room.join_as(2, "mod", moderator());
    done(
        &mut room,
        Order::Plan(Plan {
            locked: Some(false),
            ..Plan::default()
        }),
    );
    assert_eq!(error_code(&room.join(3, "ada"), 3), None);
}

#[test]
fn room_whose_time_is_over_lets_nobody_new_in() {
    let mut room = planned(&Plan {
        closes_at: Some(Some(6_000)),
        ..Plan::default()
    });
    let granted = welcome(&room.join(1, "ada")).granted;
    room.now.unix = UnixMillis::new(6_000);
    let late = room.join_as(2, "mod", moderator());
    assert_eq!(error_code(&late, 2), Some(ErrorCode::MeetingEnded));
    // who is in it stays, also over a lost connection
    let back = Join {
        granted: Some(granted),
        ..join(3, "ada")
    };
    assert_eq!(error_code(&room.come(back), 3), None);
    done(
        &mut room,
        Order::Plan(Plan {
            closes_at: Some(None),
            ..Plan::default()
        }),
    );
    assert_eq!(error_code(&room.join(4, "bob"), 4), None);
}

#[test]
fn changed_sources_reach_those_who_are_in() {
    let mut room = planned(&Plan::default());
    room.join(1, "ada");
    let allowed = Some(Allowed {
        camera: false,
        ..Allowed::ALL
    });
    done(
        &mut room,
        Order::Plan(Plan {
            allowed,
            ..Plan::default()
        }),
    );
    let effects = room.switch(1, Source::Camera, true);
    assert_eq!(error_code(&effects, 1), Some(ErrorCode::Forbidden));
}

#[test]
fn plan_survives_its_way_to_the_database() {
    for closes_at in [None, Some(None), Some(Some(5))] {
        let plan = Plan {
            closes_at,
            locked: Some(true),
            ..Plan::default()
        };
        assert_eq!(Plan::read(&plan.text()), plan);
    }
    assert_eq!(Plan::read("nonsense").locked, Some(true));
}
