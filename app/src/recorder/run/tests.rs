//! A recording as the server and the browser see it.

use super::*;

const FORM: Form = Form {
    width: 1_280,
    height: 720,
    frame_rate: 30,
    video_bitrate: 2_500_000,
    audio_bitrate: 128_000,
    keyframe_ms: 2_000,
    slice_ms: 1_000,
};

fn record(volume: u32) -> Input {
    Input::Told(ToRecorder::Record {
        volume,
        width: FORM.width,
        height: FORM.height,
        frame_rate: FORM.frame_rate,
        video_bitrate: FORM.video_bitrate,
        audio_bitrate: FORM.audio_bitrate,
        keyframe_ms: FORM.keyframe_ms,
        slice_ms: FORM.slice_ms,
    })
}

fn started(volume: u32) -> Input {
    Input::Started {
        volume,
        mime: "video/x-matroska".to_owned(),
        at: 7,
    }
}

fn told_started(volume: u32) -> Effect {
    Effect::Say(FromRecorder::Started {
        volume,
        mime: "video/x-matroska".to_owned(),
        at: 7,
    })
}

fn done(volume: u32) -> Effect {
    Effect::Say(FromRecorder::Done { volume })
}

/// A run that was greeted and asked for its first volume.
fn asked() -> Run {
    let mut run = Run::new("once".to_owned());
    run.apply(Input::Connected);
    assert_eq!(run.apply(record(1)), [Effect::Capture(FORM)]);
    run
}

/// A run whose first volume records.
fn running() -> Run {
    let mut run = asked();
    run.apply(Input::Joined);
    run.apply(Input::Settled);
    run.apply(started(1));
    run.apply(Input::Sent { volume: 1 });
    run
}

fn settled() -> Effect {
    Effect::Say(FromRecorder::Settled {
        width: 1_280,
        height: 720,
    })
}

const START: Effect = Effect::Start {
    volume: 1,
    form: FORM,
};

#[test]
fn the_page_says_its_token_first() {
    let mut run = Run::new("once".to_owned());
    let hello = FromRecorder::Hello {
        token: "once".to_owned(),
    };
    assert_eq!(run.apply(Input::Connected), [Effect::Say(hello)]);
}

#[test]
fn it_records_when_the_meeting_is_shown_in_the_right_size() {
    let mut run = asked();
    assert_eq!(run.apply(Input::Joined), []);
    assert_eq!(run.apply(Input::Settled), [settled(), START]);
    assert_eq!(run.apply(started(1)), [told_started(1)]);
}

#[test]
fn a_slow_way_into_the_meeting_is_waited_for() {
    let mut run = asked();
    assert_eq!(run.apply(Input::Settled), [settled()]);
    assert_eq!(run.apply(Input::Joined), [START]);
    assert_eq!(run.apply(Input::Joined), [], "once");
}

#[test]
fn a_picture_of_another_size_is_told_and_ends_the_page() {
    let mut run = asked();
    let effects = run.apply(Input::Unsettled {
        inner_width: 1_280,
        inner_height: 664,
    });
    let told = FromRecorder::Unsettled {
        inner_width: 1_280,
        inner_height: 664,
    };
    assert_eq!(effects, [Effect::Say(told), Effect::Close]);
    assert_eq!(run.apply(Input::Settled), []);
}

#[test]
fn the_next_volume_records_before_the_one_before_ends() {
    let mut run = running();
    let next = Effect::Start {
        volume: 2,
        form: FORM,
    };
    let split = Input::Told(ToRecorder::Split { volume: 2 });
    assert_eq!(run.apply(split.clone()), [next]);
    assert_eq!(run.apply(split), [], "once");
    assert_eq!(
        run.apply(started(2)),
        [told_started(2), Effect::End { volume: 1 }]
    );
    assert_eq!(run.apply(Input::Stopped { volume: 1 }), [done(1)]);
    assert_eq!(run.apply(Input::Sent { volume: 2 }), []);
    assert_eq!(
        run.apply(Input::Told(ToRecorder::Stop)),
        [Effect::End { volume: 2 }]
    );
    assert_eq!(
        run.apply(Input::Stopped { volume: 2 }),
        [done(2), Effect::Close]
    );
}

#[test]
fn a_stop_between_two_volumes_waits_for_both() {
    let mut run = running();
    run.apply(Input::Told(ToRecorder::Split { volume: 2 }));
    assert_eq!(
        run.apply(Input::Told(ToRecorder::Stop)),
        [Effect::End { volume: 1 }]
    );
    assert_eq!(run.apply(started(2)), [told_started(2)]);
    assert_eq!(
        run.apply(Input::Sent { volume: 2 }),
        [Effect::End { volume: 2 }]
    );
    assert_eq!(run.apply(Input::Stopped { volume: 2 }), [done(2)]);
    assert_eq!(
        run.apply(Input::Stopped { volume: 1 }),
        [done(1), Effect::Close]
    );
}

#[test]
fn a_stop_right_after_the_start_waits_for_a_picture() {
    let mut run = asked();
    run.apply(Input::Joined);
    run.apply(Input::Settled);
    assert_eq!(run.apply(Input::Told(ToRecorder::Stop)), []);
    assert_eq!(run.apply(started(1)), [told_started(1)]);
    assert_eq!(
        run.apply(Input::Sent { volume: 1 }),
        [Effect::End { volume: 1 }]
    );
    assert_eq!(run.apply(Input::Sent { volume: 1 }), [], "once");
}

#[test]
fn a_stop_before_anything_was_recorded_ends_at_once() {
    let mut run = asked();
    assert_eq!(run.apply(Input::Told(ToRecorder::Stop)), [Effect::Close]);
    assert_eq!(run.apply(Input::Settled), []);
}

#[test]
fn a_volume_that_ends_by_itself_is_a_failure() {
    let mut run = running();
    let effects = run.apply(Input::Stopped { volume: 1 });
    assert_eq!(effects[0], done(1));
    assert!(matches!(
        &effects[1],
        Effect::Say(FromRecorder::Failed { .. })
    ));
    assert_eq!(effects[2], Effect::Close);
}

#[test]
fn a_failure_is_said_once_and_is_the_end() {
    let mut run = running();
    let failed = || Input::Failed("the track ended".to_owned());
    assert_eq!(run.apply(failed()).len(), 2);
    assert_eq!(run.apply(failed()), []);
    assert_eq!(run.apply(Input::Stopped { volume: 1 }), []);
}

#[test]
fn without_the_server_everything_is_let_go() {
    let mut run = running();
    assert_eq!(run.apply(Input::Lost), [Effect::Close]);
    assert_eq!(run.apply(Input::Told(ToRecorder::Stop)), []);
}
