//! Camera, microphone, speaker and screen.

use client::{
    Intent,
    model::{DeviceFailure, InputState, NoticeKind, ScreenShare},
    session::{Choices, DeviceList, Effect, Environment, Input, InputRequest},
};
use protocol::{ClientMessage, ErrorCode, Source};

use crate::stage::{Stage, device};

const CAMERA: Source = Source::Camera;
const MICROPHONE: Source = Source::Microphone;

fn opened(stage: &mut Stage) -> Vec<InputRequest> {
    let requests = stage
        .take_effects()
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::OpenInputs(requests) => Some(requests),
            _ => None,
        });
    requests.flatten().collect()
}

fn request(source: Source, device: Option<&str>) -> InputRequest {
    InputRequest {
        source,
        device: device.map(str::to_owned),
    }
}

fn fail(stage: &mut Stage, source: Source, failure: DeviceFailure) {
    stage.input(Input::InputFailed { source, failure });
}

fn list(cameras: &[&str], speakers: &[&str]) -> Input {
    Input::DevicesListed(DeviceList {
        cameras: cameras.iter().map(|id| device(id)).collect(),
        microphones: Vec::new(),
        speakers: speakers.iter().map(|id| device(id)).collect(),
    })
}

/// In the meeting with both on.
fn live() -> Stage {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetInput(CAMERA, true));
    stage.intent(Intent::SetInput(MICROPHONE, true));
    stage.open_input(CAMERA, "cam");
    stage.open_input(MICROPHONE, "mic");
    stage.take_effects();
    stage
}

#[test]
fn a_preview_asks_for_both_in_one_question() {
    let mut stage = Stage::new();
    stage.intent(Intent::Preview);
    let effects = stage.take_effects();
    let both = vec![request(CAMERA, None), request(MICROPHONE, None)];
    assert_eq!(effects, [Effect::OpenInputs(both)]);
    assert_eq!(stage.model().devices.camera.state, InputState::Starting);
}

#[test]
fn a_preview_respects_what_was_switched_off_before() {
    let mut stage = Stage::new();
    stage.intent(Intent::SetInput(CAMERA, false));
    stage.intent(Intent::Preview);
    assert_eq!(opened(&mut stage), [request(MICROPHONE, None)]);
}

#[test]
fn remembered_devices_are_asked_for() {
    let mut stage = Stage::new();
    stage.input(Input::Started(Environment {
        can_share: true,
        choices: Choices {
            camera: Some("cam 2".to_owned()),
            speaker: Some("loud".to_owned()),
            display_name: "Ada".to_owned(),
            ..Choices::default()
        },
    }));
    assert_eq!(stage.model().devices.display_name.as_str(), "Ada");
    assert_eq!(stage.model().devices.speaker.as_deref(), Some("loud"));
    stage.intent(Intent::SetInput(CAMERA, true));
    assert_eq!(opened(&mut stage), [request(CAMERA, Some("cam 2"))]);
}

#[test]
fn each_failure_is_told_apart_and_may_be_tried_again() {
    let mut stage = Stage::new();
    stage.intent(Intent::Preview);
    fail(&mut stage, CAMERA, DeviceFailure::InUse);
    fail(&mut stage, MICROPHONE, DeviceFailure::Denied);
    let devices = &stage.model().devices;
    assert_eq!(
        devices.camera.state,
        InputState::Failed(DeviceFailure::InUse)
    );
    let denied = InputState::Failed(DeviceFailure::Denied);
    assert_eq!(devices.microphone.state, denied);
    assert_eq!(stage.notices(), [], "the preview shows it already");
    stage.take_effects();
    stage.intent(Intent::SetInput(CAMERA, true));
    assert_eq!(opened(&mut stage), [request(CAMERA, None)]);
}

#[test]
fn a_camera_that_is_off_is_closed_and_the_others_are_told() {
    let mut stage = live();
    stage.intent(Intent::SetInput(CAMERA, false));
    let effects = stage.take_effects();
    assert!(effects.contains(&Effect::CloseInput(CAMERA)));
    let told = effects.iter().any(|effect| {
        matches!(effect, Effect::Send(frame)
            if frame.message == ClientMessage::SetMedia { source: CAMERA, on: false })
    });
    assert!(told, "{effects:?}");
    assert_eq!(stage.model().devices.camera.state, InputState::Off);
}

#[test]
fn a_muted_microphone_stays_open() {
    let mut stage = live();
    stage.intent(Intent::SetInput(MICROPHONE, false));
    let effects = stage.take_effects();
    assert_eq!(effects[0], Effect::MuteMicrophone(true));
    assert!(!effects.contains(&Effect::CloseInput(MICROPHONE)));
    assert!(!stage.model().devices.media.microphone);
    stage.intent(Intent::SetInput(MICROPHONE, true));
    let effects = stage.take_effects();
    assert_eq!(effects[0], Effect::MuteMicrophone(false));
    assert!(stage.model().devices.media.microphone, "within a blink");
}

#[test]
fn a_camera_that_opens_after_it_was_switched_off_again_is_closed() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetInput(CAMERA, true));
    stage.intent(Intent::SetInput(CAMERA, false));
    stage.take_effects();
    stage.open_input(CAMERA, "cam");
    assert_eq!(stage.take_effects(), [Effect::CloseInput(CAMERA)]);
}

#[test]
fn a_microphone_that_opens_while_muted_is_silent() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetInput(MICROPHONE, true));
    stage.intent(Intent::SetInput(MICROPHONE, false));
    stage.take_effects();
    stage.open_input(MICROPHONE, "mic");
    assert_eq!(stage.take_effects(), [Effect::MuteMicrophone(true)]);
}

#[test]
fn switching_a_device_tells_nobody() {
    let mut stage = live();
    stage.intent(Intent::ChooseInput(CAMERA, "cam 2".to_owned()));
    let effects = stage.take_effects();
    let asked = Effect::OpenInputs(vec![request(CAMERA, Some("cam 2"))]);
    assert!(effects.contains(&asked));
    assert!(effects.iter().any(|e| matches!(e, Effect::Remember(_))));
    stage.open_input(CAMERA, "cam 2");
    assert_eq!(stage.take_sent(), []);
    assert_eq!(
        stage.model().devices.camera.device.as_deref(),
        Some("cam 2")
    );
}

#[test]
fn a_microphone_is_muted_at_once_while_another_one_is_being_opened() {
    let mut stage = live();
    stage.intent(Intent::ChooseInput(MICROPHONE, "mic 2".to_owned()));
    stage.take_effects();
    stage.intent(Intent::SetInput(MICROPHONE, false));
    assert_eq!(stage.take_effects()[0], Effect::MuteMicrophone(true));
    stage.open_input(MICROPHONE, "mic 2");
    assert_eq!(
        stage.take_effects(),
        [Effect::MuteMicrophone(true)],
        "and so is the other one"
    );
}

#[test]
fn a_camera_is_closed_at_once_while_another_one_is_being_opened() {
    let mut stage = live();
    stage.intent(Intent::ChooseInput(CAMERA, "cam 2".to_owned()));
    stage.take_effects();
    stage.intent(Intent::SetInput(CAMERA, false));
    assert_eq!(stage.take_effects()[0], Effect::CloseInput(CAMERA));
    stage.open_input(CAMERA, "cam 2");
    assert_eq!(stage.take_effects(), [Effect::CloseInput(CAMERA)]);
    assert_eq!(stage.model().devices.camera.state, InputState::Off);
}

#[test]
fn leaving_closes_a_device_while_another_one_is_being_opened() {
    let mut stage = live();
    stage.intent(Intent::ChooseInput(CAMERA, "cam 2".to_owned()));
    stage.take_effects();
    stage.intent(Intent::Leave);
    let effects = stage.take_effects();
    assert!(effects.contains(&Effect::CloseInput(CAMERA)), "{effects:?}");
    stage.open_input(CAMERA, "cam 2");
    assert_eq!(stage.take_effects(), [Effect::CloseInput(CAMERA)]);
}

#[test]
fn a_device_that_cannot_be_switched_to_leaves_the_one_before() {
    let mut stage = live();
    stage.intent(Intent::ChooseInput(CAMERA, "cam 2".to_owned()));
    fail(&mut stage, CAMERA, DeviceFailure::InUse);
    assert_eq!(stage.model().devices.camera.device.as_deref(), Some("cam"));
    assert_eq!(stage.model().devices.camera.state, InputState::On);
    let failed = NoticeKind::DeviceFailed(CAMERA, DeviceFailure::InUse);
    assert_eq!(stage.notices(), [failed]);
}

#[test]
fn an_unplugged_device_is_replaced_and_announced() {
    let mut stage = live();
    stage.input(Input::InputEnded(CAMERA));
    assert_eq!(opened(&mut stage), [request(CAMERA, None)]);
    stage.open_input(CAMERA, "other");
    let replaced = NoticeKind::DeviceReplaced {
        source: CAMERA,
        label: "label of other".to_owned(),
    };
    assert_eq!(stage.notices(), [replaced]);
}

#[test]
fn a_device_without_a_replacement_is_lost_and_comes_back_when_plugged_in() {
    let mut stage = live();
    stage.input(Input::InputEnded(CAMERA));
    fail(&mut stage, CAMERA, DeviceFailure::NotFound);
    assert_eq!(stage.notices(), [NoticeKind::DeviceLost(CAMERA)]);
    stage.take_effects();
    stage.input(list(&["cam"], &[]));
    assert_eq!(opened(&mut stage), [request(CAMERA, None)]);
}

#[test]
fn a_device_that_vanishes_from_the_list_counts_as_unplugged() {
    let mut stage = live();
    stage.input(list(&["cam", "other"], &[]));
    assert_eq!(opened(&mut stage), []);
    stage.input(list(&["other"], &[]));
    assert_eq!(opened(&mut stage), [request(CAMERA, Some("other"))]);
}

#[test]
fn a_device_that_was_never_listed_is_not_missed() {
    let mut stage = live();
    stage.input(list(&["other"], &[]));
    assert_eq!(opened(&mut stage), []);
}

#[test]
fn an_unplugged_device_is_replaced_by_another_that_is_listed() {
    let mut stage = live();
    stage.input(list(&["cam", "other"], &[]));
    stage.take_effects();
    stage.input(Input::InputEnded(CAMERA));
    assert_eq!(opened(&mut stage), [request(CAMERA, Some("other"))]);
    stage.input(list(&["other"], &[]));
    assert_eq!(opened(&mut stage), []);
}

#[test]
fn a_speaker_that_is_unplugged_gives_way_to_the_default() {
    let mut stage = live();
    stage.input(list(&["cam"], &["loud", "soft"]));
    stage.intent(Intent::ChooseSpeaker("loud".to_owned()));
    stage.take_effects();
    stage.input(list(&["cam"], &["soft"]));
    assert!(stage.take_effects().contains(&Effect::UseSpeaker(None)));
    assert_eq!(stage.model().devices.speaker, None);
}

#[test]
fn a_share_is_told_with_its_sound() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetScreen(true));
    assert_eq!(stage.take_effects(), [Effect::PickScreen]);
    assert_eq!(stage.model().devices.screen, ScreenShare::Choosing);
    stage.input(Input::ScreenStarted { audio: true });
    assert_eq!(stage.take_sent().len(), 2, "picture and sound");
    stage.input(Input::ScreenEnded);
    assert_eq!(stage.model().devices.screen, ScreenShare::Off);
    assert_eq!(stage.take_sent().len(), 2);
}

#[test]
fn what_the_server_refused_for_haste_is_told_a_little_later() {
    let mut stage = live();
    stage.intent(Intent::SetInput(MICROPHONE, false));
    let told = stage.take_frames();
    stage.refuse(told[0].id, ErrorCode::RateLimited);
    assert_eq!(stage.take_sent(), [], "not at once");
    stage.pass_ms(1_100);
    let muted = ClientMessage::SetMedia {
        source: MICROPHONE,
        on: false,
    };
    assert_eq!(stage.take_sent(), [muted]);
}

#[test]
fn a_change_of_mind_in_the_browsers_dialogue_is_no_failure() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetScreen(true));
    stage.input(Input::ScreenFailed(None));
    assert_eq!(stage.model().devices.screen, ScreenShare::Off);
    assert_eq!(stage.notices(), []);
    stage.intent(Intent::SetScreen(true));
    stage.input(Input::ScreenFailed(Some(DeviceFailure::BlockedByEmbedder)));
    let failed = NoticeKind::ShareFailed(DeviceFailure::BlockedByEmbedder);
    assert_eq!(stage.notices(), std::slice::from_ref(&failed));
    // the page around asked too early, and may ask again
    let before = stage.model().devices.share_failures;
    stage.intent(Intent::SetScreen(true));
    stage.input(Input::ScreenFailed(Some(DeviceFailure::Untouched)));
    assert_eq!(stage.notices(), [failed]);
    let now = stage.model().devices.share_failures;
    assert_eq!(now.since(before.count), Some(DeviceFailure::Untouched));
}

#[test]
fn what_fails_once_more_is_a_difference() {
    let mut stage = Stage::new();
    stage.intent(Intent::SetInput(CAMERA, true));
    fail(&mut stage, CAMERA, DeviceFailure::NotFound);
    let mut shown = stage.model().clone();
    // within one turn of the event loop nothing else is seen of it
    stage.intent(Intent::SetInput(CAMERA, true));
    fail(&mut stage, CAMERA, DeviceFailure::NotFound);
    let before = shown.devices.camera.failures;
    assert!(shown.take_over(stage.model()));
    let now = shown.devices.camera.failures;
    assert_eq!(now.since(before.count), Some(DeviceFailure::NotFound));
    assert_eq!(now.since(now.count), None);
}

#[test]
fn a_share_that_is_called_off_while_the_browser_asks_does_not_start() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetScreen(true));
    stage.intent(Intent::SetScreen(false));
    stage.take_effects();
    stage.input(Input::ScreenStarted { audio: false });
    assert_eq!(stage.take_effects(), [Effect::StopScreen]);
    assert_eq!(stage.model().devices.screen, ScreenShare::Off);
}

#[test]
fn the_level_moves_with_the_voice_and_rests_while_muted() {
    let mut stage = live();
    stage.input(Input::Level(60));
    assert_eq!(stage.model().devices.level, 60);
    stage.intent(Intent::SetInput(MICROPHONE, false));
    assert_eq!(stage.model().devices.level, 0);
    stage.input(Input::Level(60));
    assert_eq!(stage.model().devices.level, 0);
}

#[test]
fn speaking_while_muted_is_noticed_and_forgotten() {
    let mut stage = live();
    stage.intent(Intent::SetInput(MICROPHONE, false));
    stage.input(Input::Level(80));
    assert!(
        !stage.model().devices.speaking_while_muted,
        "a cough is no speech"
    );
    for _ in 0..6 {
        stage.input(Input::Level(80));
    }
    assert!(stage.model().devices.speaking_while_muted);
    for _ in 0..40 {
        stage.input(Input::Level(2));
    }
    assert!(!stage.model().devices.speaking_while_muted);
    for _ in 0..6 {
        stage.input(Input::Level(80));
    }
    stage.intent(Intent::SetInput(MICROPHONE, true));
    assert!(!stage.model().devices.speaking_while_muted);
}
