//! Roles and rights: what may be on, and what happens when it may not.

use client::{
    Intent, RoomConfig,
    model::{InputState, NoticeKind, Phase, ScreenShare},
    session::{Effect, Input},
};
use protocol::{
    Allowed, ClientMessage, ErrorCode, OffReason, Participant, Role, RoomEvent, RoomSettings,
    ServerMessage, Source, Welcome, You,
};

use crate::stage::{ME, Stage, config, joined, participant, peer};

pub(crate) const CAMERA: Source = Source::Camera;
pub(crate) const MICROPHONE: Source = Source::Microphone;

fn as_viewer(welcome: &mut Welcome) {
    welcome.you.participant.role = Role::Viewer;
    welcome.you.participant.allowed = Allowed::NONE;
    if let Some(snapshot) = &mut welcome.snapshot {
        snapshot.participants.clear();
    }
}

/// A viewer in the meeting.
fn viewer() -> Stage {
    let mut stage = Stage::with(RoomConfig {
        role: Role::Viewer,
        ..config()
    });
    stage.intent(Intent::Preview);
    stage.intent(Intent::Join);
    stage.open_socket();
    stage.welcome_as(as_viewer);
    stage
}

/// In the meeting with camera and microphone on.
fn live() -> Stage {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetInput(CAMERA, true));
    stage.intent(Intent::SetInput(MICROPHONE, true));
    stage.open_input(CAMERA, "cam");
    stage.open_input(MICROPHONE, "mic");
    stage.take_effects();
    stage
}

fn you(role: Role, allowed: Allowed) -> ServerMessage {
    let participant = Participant {
        role,
        allowed,
        ..participant(ME)
    };
    ServerMessage::You {
        you: Box::new(You {
            participant,
            may_chat: role != Role::Viewer,
            may_raise_hand: true,
            may_record: false,
            no_recording: None,
            token_ends_at: None,
        }),
        ticket: "new ticket".to_owned(),
    }
}

pub(crate) fn opens(effects: &[Effect]) -> bool {
    let opens = |e: &Effect| matches!(e, Effect::OpenInputs(_) | Effect::PickScreen);
    effects.iter().any(opens)
}

fn set_media(source: Source, on: bool) -> ClientMessage {
    ClientMessage::SetMedia { source, on }
}

pub(crate) fn settings(allowed: Allowed) -> RoomEvent {
    RoomEvent::SettingsChanged {
        settings: RoomSettings {
            allowed,
            ..RoomSettings::default()
        },
    }
}

fn forbidden() -> NoticeKind {
    NoticeKind::Refused(ErrorCode::Forbidden)
}

#[test]
fn a_viewer_is_not_asked_for_devices() {
    let mut stage = viewer();
    assert_eq!(stage.model().phase, Phase::Joined);
    assert!(!opens(&stage.take_effects()));
    for source in [CAMERA, MICROPHONE] {
        stage.intent(Intent::SetInput(source, true));
    }
    stage.intent(Intent::SetScreen(true));
    assert!(!opens(&stage.take_effects()));
    assert_eq!(stage.notices(), [forbidden()], "told once");
    let refused: Vec<_> = stage.model().refusals.since(0).map(|r| r.source).collect();
    let each = [CAMERA, MICROPHONE, Source::Screen].map(Some);
    assert_eq!(refused, each, "and written down each time");
    assert!(stage.model().room.participants.is_empty());
}

#[test]
fn a_viewer_may_not_write() {
    let mut stage = viewer();
    stage.hear(None, you(Role::Viewer, Allowed::NONE));
    stage.intent(Intent::SendChat("hello".to_owned()));
    assert!(stage.model().room.chat.is_empty());
    assert_eq!(stage.notices(), [forbidden()]);
}

#[test]
fn a_viewer_on_stage_may_use_devices_and_nothing_comes_on_by_itself() {
    let mut stage = viewer();
    stage.take_effects();
    stage.event(11, joined(ME));
    stage.hear(None, you(Role::Participant, Allowed::ALL));
    let changed = NoticeKind::RoleChanged(Role::Participant);
    assert_eq!(stage.notices(), [changed]);
    assert!(!opens(&stage.take_effects()));
    stage.intent(Intent::SetInput(CAMERA, true));
    assert!(opens(&stage.take_effects()));
    stage.open_input(CAMERA, "cam");
    assert_eq!(stage.take_sent(), [set_media(CAMERA, true)]);
    assert_eq!(stage.model().room.videos.len(), 1);
}

#[test]
fn who_is_sent_off_stage_has_their_devices_closed() {
    let mut stage = live();
    stage.hear(
        None,
        ServerMessage::TurnedOff {
            sources: vec![MICROPHONE, CAMERA],
            reason: OffReason::OffStage,
            by: None,
        },
    );
    stage.event(11, RoomEvent::Left { peer: peer(ME) });
    stage.hear(None, you(Role::Viewer, Allowed::NONE));
    let effects = stage.take_effects();
    for source in [CAMERA, MICROPHONE] {
        assert!(effects.contains(&Effect::CloseInput(source)), "{effects:?}");
    }
    assert!(!effects.contains(&Effect::StopConnection));
    let off = NoticeKind::TurnedOff(vec![MICROPHONE, CAMERA], OffReason::OffStage, None);
    let changed = NoticeKind::RoleChanged(Role::Viewer);
    assert_eq!(stage.notices(), [off, changed]);
    assert_eq!(stage.model().room.videos, []);
}

#[test]
fn an_interpreter_has_a_microphone_and_no_camera() {
    let mut stage = Stage::with(RoomConfig {
        role: Role::Interpreter,
        ..config()
    });
    stage.intent(Intent::Preview);
    let effects = stage.take_effects();
    let [Effect::OpenInputs(requests)] = effects.as_slice() else {
        panic!("not one question: {effects:?}");
    };
    assert!(requests.iter().all(|request| request.source == MICROPHONE));
    stage.intent(Intent::SetScreen(true));
    assert_eq!(stage.take_effects(), [], "and no screen");
}

#[test]
fn what_is_forbidden_is_not_switched_on() {
    let mut stage = Stage::joined();
    let allowed = Allowed::ALL.with(CAMERA, false);
    stage.hear(None, you(Role::Participant, allowed));
    stage.intent(Intent::SetInput(CAMERA, true));
    assert!(!opens(&stage.take_effects()));
    assert_eq!(stage.notices(), [forbidden()]);
    assert!(!stage.model().devices.camera.wanted);
}

#[test]
fn a_right_that_is_withdrawn_closes_the_device() {
    let mut stage = live();
    stage.event(
        11,
        RoomEvent::RoleChanged {
            peer: peer(ME),
            role: Role::Participant,
            allowed: Allowed::NONE,
            language: None,
        },
    );
    let effects = stage.take_effects();
    for source in [CAMERA, MICROPHONE] {
        assert!(effects.contains(&Effect::CloseInput(source)), "{effects:?}");
    }
    assert_eq!(stage.model().devices.microphone.state, InputState::Off);
    stage.hear(None, you(Role::Participant, Allowed::ALL));
    assert!(!opens(&stage.take_effects()), "it stays off");
}

#[test]
fn a_device_that_opens_after_the_right_was_withdrawn_is_closed() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetInput(MICROPHONE, true));
    stage.event(11, settings(Allowed::NONE));
    stage.take_effects();
    stage.open_input(MICROPHONE, "mic");
    assert_eq!(stage.take_effects(), [Effect::CloseInput(MICROPHONE)]);
}

#[test]
fn a_rule_for_the_room_counts_for_all_but_moderators() {
    let mut stage = live();
    let moderator = Participant {
        role: Role::Moderator,
        ..participant("ada")
    };
    stage.event(
        11,
        RoomEvent::Joined {
            participant: moderator,
        },
    );
    let excepted = Participant {
        allowed: Allowed::ALL.with(Source::Screen, false),
        ..participant("bob")
    };
    stage.event(
        12,
        RoomEvent::Joined {
            participant: excepted,
        },
    );
    stage.take_effects();
    stage.event(13, settings(Allowed::ALL.with(CAMERA, false)));
    let allowed: Vec<Allowed> = stage
        .model()
        .room
        .participants
        .iter()
        .map(|one| one.allowed)
        .collect();
    let no_camera = Allowed::ALL.with(CAMERA, false);
    // an exception for another source stays
    let bobs = no_camera.with(Source::Screen, false);
    assert_eq!(allowed, [no_camera, Allowed::ALL, bobs]);
    let mine = stage
        .model()
        .you
        .as_ref()
        .map(|you| you.participant.allowed);
    assert_eq!(mine, Some(no_camera));
    assert!(stage.take_effects().contains(&Effect::CloseInput(CAMERA)));
    assert_eq!(stage.model().devices.microphone.state, InputState::On);
}

#[test]
fn who_is_turned_off_is_told_by_whom_and_may_go_on() {
    let mut stage = live();
    stage.event(11, joined("ada"));
    stage.hear(
        None,
        ServerMessage::TurnedOff {
            sources: vec![MICROPHONE],
            reason: OffReason::Moderator,
            by: Some(peer("ada")),
        },
    );
    let off = NoticeKind::TurnedOff(vec![MICROPHONE], OffReason::Moderator, Some("ada".into()));
    assert_eq!(stage.notices()[1..], [off]);
    assert!(!stage.model().devices.media.microphone);
    stage.take_effects();
    stage.intent(Intent::SetInput(MICROPHONE, true));
    assert_eq!(stage.take_sent(), [set_media(MICROPHONE, true)]);
}

#[test]
fn a_share_that_is_turned_off_ends() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetScreen(true));
    stage.input(Input::ScreenStarted { audio: true });
    stage.take_effects();
    stage.hear(
        None,
        ServerMessage::TurnedOff {
            sources: vec![Source::Screen, Source::ScreenAudio],
            reason: OffReason::Moderator,
            by: None,
        },
    );
    assert!(stage.take_effects().contains(&Effect::StopScreen));
    assert_eq!(stage.model().devices.screen, ScreenShare::Off);
}

#[test]
fn who_is_over_the_limit_is_told_and_the_device_closed() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetInput(CAMERA, true));
    stage.open_input(CAMERA, "cam");
    let frame = stage.take_frames().remove(0);
    assert_eq!(frame.message, set_media(CAMERA, true));
    stage.refuse(frame.id, ErrorCode::BroadcasterLimit);
    let effects = stage.take_effects();
    assert!(effects.contains(&Effect::CloseInput(CAMERA)), "{effects:?}");
    assert!(!stage.model().devices.camera.wanted);
    let refused = NoticeKind::Refused(ErrorCode::BroadcasterLimit);
    assert_eq!(stage.notices(), [refused]);
}

#[test]
fn what_is_off_in_the_welcome_goes_off() {
    let mut stage = Stage::new();
    stage.intent(Intent::Preview);
    stage.open_input(CAMERA, "cam");
    stage.open_input(MICROPHONE, "mic");
    stage.intent(Intent::Join);
    stage.open_socket();
    stage.take_effects();
    stage.welcome_as(|welcome| {
        let you = &mut welcome.you.participant;
        you.media = you.media.with(CAMERA, false);
    });
    let effects = stage.take_effects();
    assert!(effects.contains(&Effect::CloseInput(CAMERA)), "{effects:?}");
    assert!(!stage.model().devices.camera.wanted);
    assert!(stage.model().devices.media.microphone);
}

#[test]
fn what_was_switched_on_during_an_outage_is_told_and_stays() {
    let mut stage = Stage::joined();
    stage.lose_socket();
    stage.intent(Intent::SetInput(CAMERA, true));
    stage.open_input(CAMERA, "cam");
    stage.pass_ms(0);
    stage.open_socket();
    stage.take_effects();
    stage.resumed();
    assert_eq!(stage.take_sent(), [set_media(CAMERA, true)]);
    assert!(stage.model().devices.camera.wanted);
}

#[test]
fn ones_own_hand_is_raised_when_the_server_says_so() {
    let mut stage = Stage::joined();
    stage.intent(Intent::SetHand(true));
    let raise = ClientMessage::SetHand { raised: true };
    assert_eq!(stage.take_sent(), std::slice::from_ref(&raise));
    let hand = |stage: &Stage| {
        let you = stage.model().you.as_ref();
        you.and_then(|you| you.participant.hand_raised_at)
    };
    assert_eq!(hand(&stage), None);
    stage.event(
        11,
        RoomEvent::HandChanged {
            peer: peer(ME),
            raised_at: Some(5),
        },
    );
    assert_eq!(hand(&stage), Some(5));
    stage.lose_socket();
    stage.pass_ms(0);
    stage.open_socket();
    stage.refuse(1, ErrorCode::SeatGone);
    stage.pass_ms(0);
    stage.open_socket();
    stage.take_effects();
    stage.welcome_as(|welcome| welcome.you.may_raise_hand = true);
    assert!(stage.take_sent().contains(&raise), "after a restart, too");
}

#[test]
fn a_viewer_learns_of_the_own_hand_by_the_answer() {
    let mut stage = viewer();
    stage.take_effects();
    let hand = |stage: &Stage| {
        let you = stage.model().you.as_ref();
        you.and_then(|you| you.participant.hand_raised_at)
    };
    stage.intent(Intent::SetHand(true));
    let frame = stage.take_frames().remove(0);
    assert_eq!(hand(&stage), None);
    stage.hear(Some(frame.id), ServerMessage::Ok);
    assert_eq!(hand(&stage), Some(stage.unix_ms()));
    stage.intent(Intent::SetHand(false));
    let frame = stage.take_frames().remove(0);
    stage.hear(Some(frame.id), ServerMessage::Ok);
    assert_eq!(hand(&stage), None);
}
