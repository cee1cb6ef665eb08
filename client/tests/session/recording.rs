//! The recording of a room: what its people see of it, and how the recorder's
//! own page comes in.

use client::{Intent, RoomConfig, model::NoticeKind};
use protocol::{
    ClientMessage, ErrorCode, ErrorDetails, Moderation, NoRecording, Recording, RecordingState,
    Role, RoomEvent, Welcome,
};

use crate::stage::{Stage, config};

fn recording(state: RecordingState) -> Recording {
    Recording {
        id: "rec_1".to_owned(),
        state,
        since: 1_700_000_000_000,
        progress: None,
    }
}

fn changed(recording: Option<Recording>) -> RoomEvent {
    RoomEvent::RecordingChanged { recording }
}

fn recorded(welcome: &mut Welcome) {
    let snapshot = welcome.snapshot.as_mut().expect("a first welcome has one");
    snapshot.recording = Some(recording(RecordingState::Recording));
}

fn recorder() -> Stage {
    let mut stage = Stage::with(RoomConfig {
        role: Role::Viewer,
        recorder: Some("once".to_owned()),
        ..config()
    });
    stage.intent(Intent::Join);
    stage.open_socket();
    stage
}

fn token_of(messages: &[ClientMessage]) -> Option<Option<&str>> {
    messages.iter().find_map(|message| match message {
        ClientMessage::Join(join) => Some(join.recorder.as_deref()),
        _ => None,
    })
}

#[test]
fn a_recording_is_shown_from_its_start_to_its_end() {
    let mut stage = Stage::joined();
    let states = [
        RecordingState::Starting,
        RecordingState::Recording,
        RecordingState::Processing,
        RecordingState::Ready,
    ];
    for (n, state) in (11..).zip(states) {
        stage.event(n, changed(Some(recording(state))));
        let shown = stage.model().room.recording.as_ref();
        assert_eq!(shown.map(|recording| recording.state), Some(state));
    }
    stage.event(15, changed(None));
    assert_eq!(stage.model().room.recording, None);
}

#[test]
fn who_comes_into_a_recorded_room_is_told_with_the_welcome() {
    let stage = Stage::joined_as(recorded);
    let shown = stage.model().room.recording.clone();
    assert_eq!(shown, Some(recording(RecordingState::Recording)));
}

#[test]
fn a_recording_that_ended_while_the_connection_was_lost_is_over() {
    let mut stage = Stage::joined_as(recorded);
    stage.lose_socket();
    stage.pass_ms(2_000);
    stage.open_socket();
    stage.resumed();
    stage.event(11, changed(None));
    assert_eq!(stage.model().room.recording, None);
}

#[test]
fn the_recorder_joins_with_its_token_and_nobody_else_has_one() {
    let mut stage = recorder();
    assert_eq!(token_of(&stage.take_sent()), Some(Some("once")));

    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    stage.open_socket();
    assert_eq!(token_of(&stage.take_sent()), Some(None));
}

#[test]
fn the_recorder_opens_no_device() {
    let mut stage = recorder();
    stage.intent(Intent::Preview);
    assert!(!crate::rights::opens(&stage.take_effects()));
}

#[test]
fn why_nothing_is_recorded_is_told_once() {
    let mut stage = Stage::joined();
    for _ in 0..2 {
        let wish = Moderation::SetRecording { on: true };
        stage.intent(Intent::Moderate(wish));
        let frames = stage.take_frames();
        let id = frames.last().map(|frame| frame.id);
        let details = ErrorDetails {
            no_recording: Some(NoRecording::Busy),
            ..ErrorDetails::default()
        };
        let id = id.expect("wishes are answered");
        stage.refuse_with(id, ErrorCode::RecordingUnavailable, details);
    }
    assert_eq!(
        stage.notices(),
        [NoticeKind::NotRecorded(NoRecording::Busy)]
    );
}
