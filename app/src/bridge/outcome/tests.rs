//! Calls are answered when it is true, and not before.

use client::model::{
    ChatLine, Delivery, DeviceFailure, EndReason, Failures, InputState, Model, Notice, NoticeKind,
    Phase, Refusal, Reply, ScreenShare,
};
use protocol::{
    Allowed, BridgeCode, BridgeFault, ChatMessage, ErrorCode, MediaState, OffReason, Participant,
    PeerId, Role, Source, WireError, You,
};

use super::*;

fn you() -> You {
    You {
        participant: Participant {
            id: PeerId::parse("me").unwrap(),
            display_name: "Me".into(),
            media: MediaState::default(),
            joined_at: 0,
            connected: true,
            role: Role::Participant,
            allowed: Allowed::ALL,
            hand_raised_at: None,
            language: None,
        },
        may_chat: true,
        may_raise_hand: true,
        may_record: false,
        no_recording: None,
        token_ends_at: None,
    }
}

fn inside() -> Model {
    Model {
        phase: Phase::Joined,
        you: Some(you()),
        ..Model::default()
    }
}

fn code(outcome: Outcome) -> BridgeCode {
    outcome.unwrap().unwrap_err().code
}

fn tell(model: &mut Model, kind: NoticeKind) {
    let id = model.notices.last().map_or(1, |notice| notice.id + 1);
    model.notices.push(Notice { id, kind });
}

fn refuse(model: &mut Model, code: ErrorCode, source: Option<Source>) {
    model.refusals.add(Refusal { code, source });
}

fn fail(failures: &mut Failures, failure: DeviceFailure) {
    failures.count += 1;
    failures.last = Some(failure);
}

/// Since the beginning.
fn ever() -> Since {
    Since::default()
}

#[test]
fn a_camera_is_on_when_the_room_knows() {
    let mut model = inside();
    model.devices.camera.wanted = true;
    model.devices.camera.state = InputState::Starting;
    assert_eq!(switched(&model, Source::Camera, true, ever()), None);
    model.devices.camera.state = InputState::On;
    assert_eq!(switched(&model, Source::Camera, true, ever()), None);
    model.you.as_mut().unwrap().participant.media.camera = true;
    assert_eq!(switched(&model, Source::Camera, true, ever()), DONE);
    model.phase = Phase::Prejoin;
    model.you = None;
    assert_eq!(switched(&model, Source::Camera, true, ever()), DONE);
}

#[test]
fn a_camera_that_cannot_be_had_says_why() {
    for (failure, fault) in [
        (DeviceFailure::Denied, BridgeFault::DeviceDenied),
        (DeviceFailure::InUse, BridgeFault::DeviceBusy),
        (DeviceFailure::NotFound, BridgeFault::DeviceNotFound),
        (
            DeviceFailure::BlockedByEmbedder,
            BridgeFault::BlockedByEmbedder,
        ),
        (DeviceFailure::InsecureContext, BridgeFault::InsecureContext),
        (DeviceFailure::Unsupported, BridgeFault::Unsupported),
        (DeviceFailure::Other, BridgeFault::DeviceFailed),
    ] {
        let mut model = Model::default();
        model.devices.camera.state = InputState::Failed(failure);
        assert_eq!(
            code(switched(&model, Source::Camera, true, ever())),
            fault.into()
        );
        assert_eq!(switched(&model, Source::Camera, false, ever()), DONE);
    }
}

#[test]
fn a_microphone_that_the_server_refuses_bears_the_servers_code() {
    let mut model = inside();
    let limit = ErrorCode::BroadcasterLimit;
    refuse(&mut model, limit, Some(Source::Microphone));
    let switched = |model: &Model, since| code(switched(model, Source::Microphone, true, since));
    assert_eq!(switched(&model, ever()), limit.into());
    // what was refused before, or to something else, is another matter
    let since = Since::now(&model);
    refuse(&mut model, ErrorCode::RateLimited, None);
    assert_eq!(switched(&model, since), BridgeFault::Cancelled.into());
    let kind = NoticeKind::TurnedOff(vec![Source::Microphone], OffReason::Forbidden, None);
    tell(&mut model, kind);
    assert_eq!(switched(&model, since), ErrorCode::Forbidden.into());
    model.phase = Phase::Ended(EndReason::Left);
    assert_eq!(switched(&model, since), ErrorCode::NotJoined.into());
}

#[test]
fn after_the_end_nothing_is_switched_on() {
    let mut model = inside();
    let may = |model: &Model, source| code(Some(may_turn_on(model, source)));
    assert!(may_turn_on(&model, Source::Screen).is_ok());
    model.you.as_mut().unwrap().participant.role = Role::Viewer;
    assert_eq!(may(&model, Source::Screen), ErrorCode::Forbidden.into());
    model.phase = Phase::Ended(EndReason::Left);
    model.you = None;
    for source in [Source::Camera, Source::Microphone, Source::Screen] {
        assert_eq!(may(&model, source), ErrorCode::NotJoined.into());
    }
}

#[test]
fn viewers_and_interpreters_may_use_what_their_role_has() {
    let mut model = inside();
    assert!(may_use(&model, Source::Camera));
    model.you.as_mut().unwrap().participant.role = Role::Interpreter;
    assert!(!may_use(&model, Source::Camera) && may_use(&model, Source::Microphone));
    model.you.as_mut().unwrap().participant.role = Role::Viewer;
    assert!(!may_use(&model, Source::Microphone));
}

#[test]
fn a_share_is_done_cancelled_or_refused() {
    let mut model = inside();
    let why = |model: &Model, since| code(shared(model, true, since));
    assert_eq!(why(&model, ever()), BridgeFault::Cancelled.into());
    refuse(&mut model, ErrorCode::Forbidden, Some(Source::Screen));
    assert_eq!(why(&model, ever()), ErrorCode::Forbidden.into());
    let failures = &mut model.devices.share_failures;
    fail(failures, DeviceFailure::InUse);
    assert_eq!(why(&model, ever()), BridgeFault::DeviceBusy.into());
    fail(&mut model.devices.share_failures, DeviceFailure::Untouched);
    assert_eq!(why(&model, ever()), BridgeFault::GestureRequired.into());
    let since = Since::now(&model);
    assert_eq!(why(&model, since), BridgeFault::Cancelled.into());
    model.devices.screen = ScreenShare::Choosing;
    assert_eq!(shared(&model, true, since), None);
    model.devices.screen = ScreenShare::On { audio: false };
    assert_eq!(shared(&model, true, since), None);
    model.you.as_mut().unwrap().participant.media.screen = true;
    assert_eq!(shared(&model, true, since), DONE);
    assert_eq!(shared(&model, false, since), None);
}

#[test]
fn joining_is_done_with_its_devices_or_refused_with_the_reason() {
    let mut model = inside();
    model.devices.camera.state = InputState::Starting;
    assert_eq!(joined(&model), None);
    model.devices.camera.state = InputState::Failed(DeviceFailure::Denied);
    assert_eq!(joined(&model), DONE);
    for phase in [Phase::Waiting, Phase::Early { starts_at: 0 }] {
        model.phase = phase;
        assert_eq!(joined(&model), None);
    }
    for (state, why) in [
        (PinState::Wanted, ErrorCode::PinRequired),
        (PinState::Wrong, ErrorCode::PinWrong),
        (PinState::Limited(5), ErrorCode::PinLimited),
    ] {
        model.phase = Phase::AskPin(state);
        assert_eq!(code(joined(&model)), why.into());
    }
    let error = WireError::new(ErrorCode::Rejected, "no");
    model.phase = Phase::Ended(EndReason::Refused(error));
    assert_eq!(code(joined(&model)), ErrorCode::Rejected.into());
    model.phase = Phase::Ended(EndReason::Replaced);
    assert_eq!(code(joined(&model)), ErrorCode::Replaced.into());
    model.phase = Phase::Prejoin;
    assert_eq!(code(joined(&model)), BridgeFault::Cancelled.into());
}

#[test]
fn a_name_counts_when_the_room_has_it() {
    let mut model = inside();
    let tom = "Tom".into();
    model.devices.display_name = "Tom".into();
    assert_eq!(renamed(&model, &tom, ever()), None);
    model.you.as_mut().unwrap().participant.display_name = "Tom".into();
    assert_eq!(renamed(&model, &tom, ever()), DONE);
    model.you.as_mut().unwrap().participant.display_name = "Me".into();
    model.devices.display_name = "Me".into();
    assert_eq!(
        code(renamed(&model, &tom, ever())),
        ErrorCode::Forbidden.into()
    );
    refuse(&mut model, ErrorCode::RateLimited, None);
    let limited = ErrorCode::RateLimited.into();
    assert_eq!(code(renamed(&model, &tom, ever())), limited);
}

#[test]
fn another_device_is_there_when_nothing_is_being_opened() {
    let mut model = inside();
    let camera = &mut model.devices.camera;
    (camera.state, camera.switching) = (InputState::On, true);
    camera.device = Some("two".to_owned());
    assert_eq!(chosen(&model, Source::Camera, "two", ever()), None);
    model.devices.camera.switching = false;
    assert_eq!(chosen(&model, Source::Camera, "two", ever()), DONE);
    let missing = BridgeFault::DeviceNotFound.into();
    assert_eq!(code(chosen(&model, Source::Camera, "one", ever())), missing);
    fail(&mut model.devices.camera.failures, DeviceFailure::InUse);
    let busy = BridgeFault::DeviceBusy.into();
    assert_eq!(code(chosen(&model, Source::Camera, "two", ever())), busy);
}

#[test]
fn answers_of_the_server_are_found_by_their_mark() {
    let mut model = inside();
    assert_eq!(replied(&model, 1), None);
    let outcome = Err(ErrorCode::NoSuchParticipant);
    model.replies.push(Reply { mark: 1, outcome });
    model.replies.push(Reply {
        mark: 2,
        outcome: Ok(()),
    });
    assert_eq!(
        code(replied(&model, 1)),
        ErrorCode::NoSuchParticipant.into()
    );
    assert_eq!(replied(&model, 2), DONE);
    model.phase = Phase::Ended(EndReason::Left);
    assert_eq!(code(replied(&model, 3)), ErrorCode::NotJoined.into());
}

#[test]
fn leaving_is_done_at_the_end_or_before_the_door() {
    let mut model = inside();
    assert_eq!(left(&model), None);
    model.phase = Phase::Ended(EndReason::Left);
    assert_eq!(left(&model), DONE);
    model.phase = Phase::Prejoin;
    assert_eq!(left(&model), DONE);
}

#[test]
fn a_message_is_sent_when_everybody_has_it() {
    let mut model = inside();
    let line = |delivery| ChatLine {
        message: ChatMessage {
            id: 0,
            from: PeerId::parse("me").ok(),
            display_name: "Me".into(),
            text: "hello".to_owned(),
            sent_at: 0,
            nonce: "n".to_owned(),
        },
        delivery,
    };
    model.room.chat = vec![line(Delivery::Sending)];
    assert_eq!(delivered(&model, "n"), None);
    model.room.chat = vec![line(Delivery::Delivered)];
    assert_eq!(delivered(&model, "n"), DONE);
    model.room.chat = vec![line(Delivery::Failed(ErrorCode::RateLimited))];
    assert_eq!(code(delivered(&model, "n")), ErrorCode::RateLimited.into());
}
