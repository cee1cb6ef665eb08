//! Moderators ask to switch something on; the participant decides.

use client::{
    Intent,
    model::{Asked, DeviceFailure},
    session::{Effect, Input},
};
use protocol::{Allowed, RoomEvent, ServerMessage, Source};

use crate::{
    rights::{CAMERA, MICROPHONE, opens, settings},
    stage::{Stage, joined, peer},
};

fn ask(stage: &mut Stage, source: Source, by: &str) {
    let by = Some(peer(by));
    stage.hear(None, ServerMessage::Asked { source, by });
}

fn asked_sources(stage: &Stage) -> Vec<Source> {
    let asked = stage.model().asked.iter();
    asked.map(|asked| asked.source).collect()
}

#[test]
fn nobody_but_the_participant_opens_a_microphone_that_was_asked_for() {
    let mut stage = Stage::joined();
    stage.event(11, joined("ada"));
    stage.event(12, joined("bob"));
    stage.take_effects();
    ask(&mut stage, MICROPHONE, "ada");
    ask(&mut stage, MICROPHONE, "bob");
    let newest = Asked {
        source: MICROPHONE,
        by: Some(peer("bob")),
        display_name: "bob".into(),
    };
    assert_eq!(stage.model().asked, [newest]);
    assert!(!opens(&stage.take_effects()));
    stage.intent(Intent::AnswerAsked(MICROPHONE, true));
    assert!(opens(&stage.take_effects()));
    assert_eq!(stage.model().asked, []);
}

#[test]
fn a_device_that_failed_is_tried_again_by_a_yes() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetInput(MICROPHONE, true));
    stage.input(Input::InputFailed {
        source: MICROPHONE,
        failure: DeviceFailure::InUse,
    });
    ask(&mut stage, MICROPHONE, "ada");
    assert_eq!(asked_sources(&stage), [MICROPHONE]);
    stage.take_effects();
    stage.intent(Intent::AnswerAsked(MICROPHONE, true));
    assert!(opens(&stage.take_effects()));
    assert_eq!(stage.model().asked, []);
}

#[test]
fn a_no_to_a_question_changes_nothing() {
    let mut stage = Stage::joined();
    ask(&mut stage, CAMERA, "ada");
    stage.intent(Intent::AnswerAsked(CAMERA, false));
    assert_eq!(stage.model().asked, []);
    assert!(!opens(&stage.take_effects()));
}

#[test]
fn a_screen_that_was_asked_for_is_picked_in_the_course_of_the_click() {
    let mut stage = Stage::joined();
    ask(&mut stage, Source::Screen, "ada");
    stage.take_effects();
    stage.intent(Intent::AnswerAsked(Source::Screen, true));
    assert_eq!(stage.take_effects(), [Effect::PickScreen]);
}

#[test]
fn a_question_goes_with_its_reason() {
    let mut stage = Stage::joined();
    stage.event(11, joined("ada"));
    for source in [CAMERA, MICROPHONE, Source::Screen] {
        ask(&mut stage, source, "ada");
    }
    stage.intent(Intent::SetInput(CAMERA, true));
    assert_eq!(asked_sources(&stage), [MICROPHONE, Source::Screen]);
    stage.event(12, settings(Allowed::ALL.with(Source::Screen, false)));
    assert_eq!(asked_sources(&stage), [MICROPHONE], "it is forbidden now");
    stage.event(13, RoomEvent::Left { peer: peer("ada") });
    assert_eq!(stage.model().asked, []);
}
