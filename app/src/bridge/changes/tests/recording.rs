//! What is told of recordings.

use client::model::Model;
use protocol::{Recording, RecordingState};
use serde_json::json;

use super::{inside, names, told, with};

fn recording(state: RecordingState) -> Recording {
    Recording {
        id: "r".to_owned(),
        state,
        since: 7,
        progress: None,
    }
}

#[test]
fn a_recording_is_told_from_the_wish_to_the_video() {
    use RecordingState as R;
    let none = inside(&["ann"]);
    let state = |state| with(&none, |model| model.room.recording = Some(recording(state)));
    let names_of = |before: &Model, after: &Model| {
        let events = told(before, after);
        let names = names(&events).into_iter().map(ToOwned::to_owned);
        names.collect::<Vec<_>>()
    };
    for (before, after, events) in [
        (&none, &state(R::Starting), vec!["recordingStarting"]),
        (
            &state(R::Starting),
            &state(R::Recording),
            vec!["recordingStarted"],
        ),
        (
            &state(R::Recording),
            &state(R::Processing),
            vec!["recordingStopped"],
        ),
        (
            &state(R::Processing),
            &state(R::Ready),
            vec!["recordingReady"],
        ),
        (
            &state(R::Starting),
            &state(R::Failed),
            vec!["recordingFailed"],
        ),
        (
            &state(R::Recording),
            &state(R::Failed),
            vec!["recordingStopped", "recordingFailed"],
        ),
        (&state(R::Recording), &none, vec!["recordingStopped"]),
        (&state(R::Ready), &none, vec![]),
        // who comes is told of what runs, and of nothing that is over
        (
            &Model::default(),
            &state(R::Recording),
            vec!["join", "recordingStarted"],
        ),
        (&Model::default(), &state(R::Ready), vec!["join"]),
    ] {
        assert_eq!(names_of(before, after), events);
    }
    let events = told(&none, &state(R::Recording));
    assert_eq!(
        events[0]["data"],
        json!({"id": "r", "state": "recording", "since": 7})
    );
}

#[test]
fn progress_of_a_recording_is_no_event() {
    let at = |progress| {
        with(&inside(&[]), |model| {
            model.room.recording = Some(Recording {
                progress: Some(progress),
                ..recording(RecordingState::Processing)
            });
        })
    };
    assert!(told(&at(10), &at(20)).is_empty());
}
