//! Whatever comes in whatever order: no panic, no busy loop, no frame after the end.

use std::time::Duration;

use client::{
    Intent, Moment, RoomConfig,
    model::{DeviceFailure, Phase},
    session::{Effect, Input, Session, TransportState},
};
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use protocol::{
    Ended, ErrorCode, RoomEvent, RoomId, RoomKind, ServerFrame, ServerMessage, SlotAssignment,
    Source, TrackRef, WireError,
};

use crate::stage::{chat, device, joined, offer, peer, snapshot, welcome};

fn source() -> impl Strategy<Value = Source> {
    prop_oneof![
        Just(Source::Camera),
        Just(Source::Microphone),
        Just(Source::Screen)
    ]
}

fn intent() -> impl Strategy<Value = Intent> {
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
    ]
}

fn message() -> impl Strategy<Value = ServerMessage> {
    prop_oneof![
        any::<bool>().prop_map(|resumed| welcome(resumed, Some(snapshot(Vec::new())))),
        Just(welcome(true, None)),
        Just(ServerMessage::Ok),
        Just(ServerMessage::Pong),
        code().prop_map(|code| ServerMessage::Error(WireError::new(code, "no"))),
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
    let received = (1_u32..5, proptest::option::of(1_u32..8), message());
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

fn session() -> Session {
    Session::new(RoomConfig {
        room_id: RoomId::parse("room").expect("a valid id"),
        kind: RoomKind::Call,
        peer_id: None,
    })
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
    fn any_order_is_survived(steps in proptest::collection::vec((input(), 0_u64..3_000), 1..80)) {
        let mut session = session();
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
            settle(&mut session, at);
        }
    }
}
