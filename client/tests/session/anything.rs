//! Whatever comes in whatever order: no panic, no busy loop, no frame after the end.

use std::time::Duration;

use client::{
    Intent, Moment, RoomConfig,
    model::{DeviceFailure, Phase},
    session::{Effect, Input, Session, TransportState},
};
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use protocol::{
    Allowed, Ended, ErrorCode, ErrorDetails, Moderation, OffReason, Participant, Role, RoomEvent,
    RoomId, RoomKind, RoomSettings, ServerFrame, ServerMessage, SlotAssignment, Source, TrackRef,
    Waiting, WireError, You,
};

use crate::stage::{chat, device, joined, offer, participant, peer, snapshot, welcome};

fn source() -> impl Strategy<Value = Source> {
    prop_oneof![
        Just(Source::Camera),
        Just(Source::Microphone),
        Just(Source::Screen)
    ]
}

fn moderation() -> impl Strategy<Value = Moderation> {
    prop_oneof![
        Just(Moderation::Admit { peer: None }),
        any::<bool>().prop_map(|locked| Moderation::SetLocked { locked }),
        "[ab]".prop_map(|who| Moderation::Remove { peer: peer(&who) }),
        Just(Moderation::End),
    ]
}

fn intent() -> impl Strategy<Value = Intent> {
    prop_oneof![meeting_intent(), room_intent()]
}

/// What only rooms with roles, rights and languages know.
fn room_intent() -> impl Strategy<Value = Intent> {
    let language = proptest::option::of("(de|fr|)");
    prop_oneof![
        "[0-9 ]{0,4}".prop_map(Intent::EnterPin),
        any::<bool>().prop_map(Intent::SetHand),
        language.prop_map(Intent::SetLanguage),
        any::<bool>().prop_map(Intent::MuteOriginal),
        moderation().prop_map(Intent::Moderate),
        (source(), any::<bool>()).prop_map(|(source, yes)| Intent::AnswerAsked(source, yes)),
    ]
}

fn meeting_intent() -> impl Strategy<Value = Intent> {
    prop_oneof![
        Just(Intent::Preview),
        Just(Intent::Join),
        Just(Intent::Rejoin),
        Just(Intent::Leave),
        Just(Intent::PlayAudio),
        (source(), any::<bool>()).prop_map(|(source, on)| Intent::SetInput(source, on)),
        source().prop_map(|source| Intent::ChooseInput(source, "other".to_owned())),
        any::<bool>().prop_map(Intent::SetScreen),
        any::<bool>().prop_map(Intent::SetChatOpen),
        "[a-z ]{0,8}".prop_map(Intent::SendChat),
        "[a-z ]{0,8}".prop_map(Intent::SetDisplayName),
        (0_usize..60).prop_map(|count| {
            let tiles = (0..count).map(|n| crate::media::tile(&format!("p{n}")));
            Intent::SetView(tiles.collect())
        }),
    ]
}

fn code() -> impl Strategy<Value = ErrorCode> {
    prop_oneof![
        Just(ErrorCode::SeatGone),
        Just(ErrorCode::BadTicket),
        Just(ErrorCode::Internal),
        Just(ErrorCode::BadOffer),
        Just(ErrorCode::Replaced),
        Just(ErrorCode::ServerShutdown),
        Just(ErrorCode::PinRequired),
        Just(ErrorCode::PinWrong),
        Just(ErrorCode::PinLimited),
        Just(ErrorCode::NotStarted),
        Just(ErrorCode::AccessUnreachable),
        Just(ErrorCode::Forbidden),
        Just(ErrorCode::Removed),
        Just(ErrorCode::PeerClosed),
        Just(ErrorCode::MeetingEnded),
        Just(ErrorCode::RateLimited),
    ]
}

fn error() -> impl Strategy<Value = WireError> {
    let details = (
        proptest::option::of(0_u64..400_000),
        proptest::option::of(0_u32..5_000),
    );
    (code(), proptest::option::of(details)).prop_map(|(code, details)| {
        let error = WireError::new(code, "no");
        match details {
            None => error,
            Some((starts_at, retry_after_ms)) => error.with(ErrorDetails {
                starts_at,
                retry_after_ms,
                ..ErrorDetails::default()
            }),
        }
    })
}

fn role() -> impl Strategy<Value = Role> {
    prop_oneof![
        Just(Role::Participant),
        Just(Role::Moderator),
        Just(Role::Viewer),
        Just(Role::Interpreter),
    ]
}

fn allowed() -> impl Strategy<Value = Allowed> {
    any::<[bool; 3]>().prop_map(|[microphone, camera, screen]| Allowed {
        microphone,
        camera,
        screen,
    })
}

fn somebody() -> impl Strategy<Value = Participant> {
    let language = proptest::option::of("(de|fr)");
    let hand = proptest::option::of(0_u64..9);
    ("(a|b|me)", role(), allowed(), hand, language).prop_map(
        |(id, role, allowed, hand_raised_at, language)| Participant {
            role,
            allowed,
            hand_raised_at,
            language,
            ..participant(&id)
        },
    )
}

fn room_event() -> impl Strategy<Value = RoomEvent> {
    prop_oneof![
        somebody().prop_map(|participant| RoomEvent::Joined { participant }),
        ("(a|b|me)", role(), allowed()).prop_map(|(who, role, allowed)| RoomEvent::RoleChanged {
            peer: peer(&who),
            role,
            allowed,
            language: None,
        }),
        ("(a|b|me)", proptest::option::of(0_u64..9)).prop_map(|(who, raised_at)| {
            RoomEvent::HandChanged {
                peer: peer(&who),
                raised_at,
            }
        }),
        (allowed(), proptest::collection::vec("(de|fr)", 0..2)).prop_map(|(allowed, languages)| {
            RoomEvent::SettingsChanged {
                settings: RoomSettings {
                    allowed,
                    languages,
                    ..RoomSettings::default()
                },
            }
        }),
    ]
}

/// What is said to one participant alone, or to moderators.
fn private_message() -> impl Strategy<Value = ServerMessage> {
    let gone = proptest::collection::vec("[ab]".prop_map(|who| peer(&who)), 0..2);
    let viewers = proptest::collection::vec(somebody(), 0..3);
    prop_oneof![
        2 => Just(ServerMessage::Waiting { ticket: "ticket".to_owned() }),
        2 => (somebody(), any::<bool>()).prop_map(|(participant, may_chat)| ServerMessage::You {
            you: Box::new(You {
                participant,
                may_chat,
                may_raise_hand: true,
                may_record: false,
                no_recording: None,
                token_ends_at: None,
            }),
            ticket: "other".to_owned(),
        }),
        1 => source().prop_map(|source| ServerMessage::TurnedOff {
            sources: vec![source],
            reason: OffReason::Moderator,
            by: Some(peer("a")),
        }),
        1 => source().prop_map(|source| ServerMessage::Asked { source, by: Some(peer("a")) }),
        1 => (any::<bool>(), "[ab]", gone.clone()).prop_map(|(reset, who, gone)| {
            let one = Waiting {
                id: peer(&who),
                display_name: "one".into(),
                since: 1,
                removed_before: false,
            };
            ServerMessage::Lobby { reset, waiting: vec![one], gone }
        }),
        1 => (any::<bool>(), viewers, gone).prop_map(|(reset, viewers, gone)| {
            ServerMessage::Viewers { reset, viewers, gone }
        }),
    ]
}

fn message() -> impl Strategy<Value = ServerMessage> {
    prop_oneof![
        any::<bool>().prop_map(|resumed| welcome(resumed, Some(snapshot(Vec::new())))),
        Just(welcome(true, None)),
        Just(ServerMessage::Ok),
        Just(ServerMessage::Pong),
        error().prop_map(ServerMessage::Error),
        (0_u64..30, room_event()).prop_map(|(n, event)| ServerMessage::Event { n, event }),
        (1_u32..4, 1_u32..5).prop_map(|(connection, negotiation)| ServerMessage::Answer {
            connection,
            negotiation,
            sdp: String::new(),
        }),
        (0_u64..30, "[ab]").prop_map(|(n, who)| ServerMessage::Event {
            n,
            event: joined(&who)
        }),
        (0_u64..30, "[ab]").prop_map(|(n, who)| ServerMessage::Event {
            n,
            event: RoomEvent::Left { peer: peer(&who) },
        }),
        (0_u64..30).prop_map(|n| ServerMessage::Event {
            n,
            event: chat(n, "a", "x")
        }),
        Just(ServerMessage::SlotAssigned {
            slots: vec![SlotAssignment {
                slot: "8".to_owned(),
                track: Some(TrackRef {
                    peer: peer("a"),
                    source: Source::Camera
                }),
            }],
        }),
        (code(), proptest::option::of(0_u32..5_000)).prop_map(|(code, retry_after_ms)| {
            ServerMessage::Ended(Ended {
                code,
                message: String::new(),
                retry_after_ms,
            })
        }),
    ]
}

fn input() -> impl Strategy<Value = Input> {
    let said = prop_oneof![2 => message(), 1 => private_message()];
    let received = (1_u32..5, proptest::option::of(1_u32..8), said);
    prop_oneof![
        4 => intent().prop_map(Input::Intent),
        4 => received.prop_map(|(socket, re, message)| Input::Received {
            socket,
            frame: Box::new(ServerFrame { re, message }),
        }),
        2 => (1_u32..5).prop_map(Input::SocketOpened),
        1 => (1_u32..5).prop_map(Input::SocketClosed),
        2 => (1_u32..4, 1_u32..5).prop_map(|(c, n)| Input::OfferReady(offer(c, n))),
        1 => (1_u32..4).prop_map(|connection| Input::NegotiationFailed { connection }),
        2 => (1_u32..4, transport()).prop_map(|(connection, state)| Input::Transport {
            connection,
            state
        }),
        2 => source().prop_map(|source| Input::InputOpened { source, device: device("d") }),
        1 => source().prop_map(|source| Input::InputFailed {
            source,
            failure: DeviceFailure::NotFound
        }),
        1 => source().prop_map(Input::InputEnded),
        1 => any::<bool>().prop_map(|audio| Input::ScreenStarted { audio }),
        1 => Just(Input::ScreenEnded),
        1 => any::<u8>().prop_map(Input::Level),
        1 => Just(Input::Wake),
        1 => Just(Input::PageGone),
    ]
}

fn transport() -> impl Strategy<Value = TransportState> {
    prop_oneof![
        Just(TransportState::Connected),
        Just(TransportState::Disconnected),
        Just(TransportState::Failed)
    ]
}

fn session(role: Role) -> Session {
    Session::new(RoomConfig {
        room_id: RoomId::parse("room").expect("a valid id"),
        kind: RoomKind::Call,
        peer_id: None,
        query: String::new(),
        display_name: None,
        role,
        recorder: None,
    })
}

/// Nothing is on that may not be.
fn is_obedient(session: &Session) -> bool {
    let model = session.model();
    let Some(you) = &model.you else {
        return true;
    };
    let may = |source| match you.participant.role {
        Role::Moderator => true,
        Role::Viewer => false,
        _ => you.participant.allowed.allows(source),
    };
    let mut sources = [Source::Camera, Source::Microphone, Source::Screen].into_iter();
    sources.all(|source| may(source) || !model.devices.media.is_on(source))
}

/// Ticks until nothing is due any more.
fn settle(session: &mut Session, at: Moment) {
    for _ in 0..10 {
        if session.deadline().is_none_or(|due| due > at.now) {
            return;
        }
        session.apply(Input::Tick, at);
    }
    panic!(
        "a deadline in the past does not go away: {:?}",
        session.deadline()
    );
}

proptest! {
    #[test]
    fn any_order_is_survived(
        role in role(),
        steps in proptest::collection::vec((input(), 0_u64..3_000), 1..80),
    ) {
        let mut session = session(role);
        let mut at = Moment { now: Duration::from_secs(1), unix_ms: 0, random: 7 };
        for (input, wait) in steps {
            at.now += Duration::from_millis(wait);
            at.random = at.random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            settle(&mut session, at);
            let over = matches!(session.model().phase, Phase::Ended(_));
            let enters = matches!(input, Input::Intent(Intent::Join | Intent::Rejoin));
            let effects = session.apply(input, at);
            let talks = |effect: &Effect| matches!(effect, Effect::Send(_) | Effect::OpenSocket(_));
            assert!(!over || enters || !effects.iter().any(talks), "{effects:?}");
            assert!(is_obedient(&session), "{:?}", session.model().devices);
            settle(&mut session, at);
        }
    }
}
