//! The recorder's seat: it sees and hears what a viewer does, and is nobody.

use protocol::{
    ErrorCode, Moderation, NoRecording, Recording, RecordingState, RoomEvent, ServerMessage,
};
use server::room::{Claims, Command, Effect};

use crate::pure::{
    Room, error_code, events, happened, id, moderator, replies, role, told, viewer, welcome, yous,
};

fn recording(state: RecordingState) -> Recording {
    Recording {
        id: "r1".to_owned(),
        state,
        since: 5_000,
        progress: None,
    }
}

fn may_record() -> Claims {
    Claims {
        may_record: true,
        ..moderator()
    }
}

#[test]
fn nobody_hears_of_the_recorder_and_it_hears_what_happens() {
    let mut room = Room::new();
    room.join_as(1, "anna", moderator());
    let came = room.join_as(2, "recorder", Claims::recorder());
    assert!(events(&came).is_empty(), "{came:?}");
    assert!(told(&came, 1).is_empty(), "{came:?}");
    assert!(welcome(&came).snapshot.is_some());
    assert!(came.contains(&Effect::AddMedia(id("recorder"))));
    assert!(!came.iter().any(|e| matches!(e, Effect::Notify(_))));
    let snapshot = room.snapshot();
    assert_eq!(snapshot.viewers, 0);
    assert!(
        snapshot
            .participants
            .iter()
            .all(|one| one.id != id("recorder"))
    );
    assert_eq!(room.state.seats(), 2);
    assert_eq!(room.state.inspect().viewers, 0);
}

#[test]
fn the_recorder_comes_into_a_locked_room_and_takes_no_place() {
    let mut room = Room::new();
    let one = Claims {
        max_watchers: 1,
        ..moderator()
    };
    room.join_as(1, "anna", one);
    room.done(1, Moderation::SetLocked { locked: true });
    let came = room.join_as(2, "recorder", Claims::recorder());
    assert_eq!(error_code(&came, 2), None);
    assert!(room.state.inspect().on_stage == 1);
}

#[test]
fn a_room_with_a_recorder_alone_is_over() {
    let mut room = Room::new();
    room.join(1, "anna");
    room.join_as(2, "recorder", Claims::recorder());
    assert!(!room.state.is_over());
    room.ask(1, 9, server::room::Request::Leave);
    assert!(room.state.is_over());
}

#[test]
fn moderators_can_do_nothing_to_the_recorder() {
    let mut room = Room::new();
    room.join_as(1, "anna", moderator());
    room.join_as(2, "recorder", Claims::recorder());
    let refused = room.moderate(
        1,
        Moderation::Remove {
            peer: id("recorder"),
        },
    );
    assert_eq!(error_code(&refused, 1), Some(ErrorCode::NoSuchParticipant));
    assert!(room.pass(std::time::Duration::from_secs(3)).is_empty());
}

#[test]
fn a_moderator_with_the_right_starts_and_is_answered_when_it_is_done() {
    let mut room = Room::new();
    room.join_as(1, "anna", may_record());
    let effects = room.moderate(1, Moderation::SetRecording { on: true });
    assert!(replies(&effects, 1).is_empty());
    let [
        Effect::Record {
            session,
            re,
            on: true,
        },
    ] = effects[..]
    else {
        panic!("{effects:?}");
    };
    let done = Ok(());
    let answered = room.apply(Command::Recorded { session, re, done });
    assert_eq!(replies(&answered, 1), [(Some(77), ServerMessage::Ok)]);
    let done = Err(NoRecording::Busy);
    let refused = room.apply(Command::Recorded { session, re, done });
    assert_eq!(
        error_code(&refused, 1),
        Some(ErrorCode::RecordingUnavailable)
    );
}

#[test]
fn nobody_else_starts_a_recording() {
    let mut room = Room::new();
    room.join_as(1, "anna", moderator());
    room.join_as(2, "bert", role(protocol::Role::Participant));
    room.join_as(3, "carl", viewer());
    for session in [1, 2, 3] {
        let effects = room.moderate(session, Moderation::SetRecording { on: true });
        assert_eq!(error_code(&effects, session), Some(ErrorCode::Forbidden));
    }
}

#[test]
fn everybody_sees_how_far_the_recording_is_once() {
    let mut room = Room::new();
    room.join(1, "anna");
    let now = recording(RecordingState::Starting);
    let effects = room.apply(Command::Recording(Some(now.clone())));
    let changed = RoomEvent::RecordingChanged {
        recording: Some(now.clone()),
    };
    assert_eq!(happened(&effects), [changed]);
    assert!(room.apply(Command::Recording(Some(now.clone()))).is_empty());
    assert_eq!(room.snapshot().recording, Some(now));
}

#[test]
fn who_may_record_is_told_why_it_is_not_possible() {
    let mut room = Room::new();
    room.join_as(1, "anna", may_record());
    room.join_as(2, "bert", moderator());
    let effects = room.apply(Command::NoRecording(Some(NoRecording::NoFfmpeg)));
    let you = &yous(&effects, 1)[0].you;
    assert_eq!(you.no_recording, Some(NoRecording::NoFfmpeg));
    assert!(yous(&effects, 2).is_empty());
    let came = room.join_as(3, "carl", may_record());
    assert_eq!(welcome(&came).you.no_recording, Some(NoRecording::NoFfmpeg));
}
