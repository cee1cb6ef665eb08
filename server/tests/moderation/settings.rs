//! What holds for the whole room.

use protocol::{ErrorCode, Moderation, Role, RoomEvent};
use server::room::{Granted, Join};

use crate::pure::{Room, ended_codes, error_code, happened, join, moderator, welcome};

#[test]
fn locked_room_lets_in_moderators_and_tickets_of_this_meeting_alone() {
    let mut room = Room::new();
    room.join_as(1, "mod", moderator());
    let effects = room.done(1, Moderation::SetLocked { locked: true });
    assert!(matches!(
        happened(&effects).as_slice(),
        [RoomEvent::SettingsChanged { settings }] if settings.locked
    ));
    let again = room.done(1, Moderation::SetLocked { locked: true });
    assert_eq!(again.len(), 1);
    let refused = room.join(2, "ada");
    assert_eq!(error_code(&refused, 2), Some(ErrorCode::RoomLocked));
    assert_eq!(ended_codes(&refused, 2), [None]);
    welcome(&room.join_as(3, "boss", moderator()));
    let with = |session, meeting| Join {
        granted: Some(Granted {
            role: Role::Participant,
            meeting,
            admitted: true,
            ..Granted::default()
        }),
        ..join(session, "bob")
    };
    welcome(&room.come(with(4, 1_000)));
    let refused = room.come(with(5, 2_000));
    assert_eq!(error_code(&refused, 5), Some(ErrorCode::RoomLocked));
    assert_eq!(ended_codes(&refused, 4), [], "whose id it is stays");
    room.done(1, Moderation::SetLocked { locked: false });
    welcome(&room.join(6, "ada"));
}

#[test]
fn report_counts_and_names_nobody() {
    let mut room = Room::new();
    room.join_as(1, "mod", moderator());
    room.join_as(2, "vic", crate::pure::viewer());
    room.join(3, "ada");
    room.switch(3, protocol::Source::Camera, true);
    room.done(1, Moderation::SetWaitingRoom { on: true });
    room.join(4, "eva");
    let report = room.state.inspect();
    assert!(report.settings.waiting_room);
    assert_eq!((report.on_stage, report.moderators), (2, 1));
    assert_eq!((report.viewers, report.waiting), (1, 1));
    assert_eq!(report.broadcasters, 1);
}
