//! Clients that do not read, do not answer, or are too many.

mod support;

use std::time::Duration;

use protocol::{
    ClientMessage, ErrorCode, MediaState, RoomEvent, ServerMessage, Source, TrackRef, View,
    ViewTile,
};
use server::{
    clock::Now,
    room::{Claims, Join, Outgoing, Request, SeatId, SessionId, Visitor, outbox},
};
use support::{
    TestServer,
    client::{Client, code, peer_id, room_key, welcome},
    patient_limits, quick_limits, until,
};
use tokio::net::TcpSocket;

/// A client with next to no space between it and the server.
async fn narrow_client(server: &TestServer) -> Client {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4_096).expect("a small buffer");
    let stream = socket.connect(server.address()).await.expect("connected");
    Client::over(stream, server.address()).await
}

#[tokio::test]
async fn client_that_does_not_read_is_cut_off_and_holds_up_nobody() {
    let mut limits = patient_limits();
    limits.session.queue = 8;
    limits.session.burst = 10_000;
    limits.room.notice = Duration::from_millis(20);
    let server = TestServer::with(limits).await;
    let mut slow = narrow_client(&server).await;
    let seat = slow.join("room", "Slow").await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    // each message is larger than the one buffer; the other has its bounds too
    let mut lost = false;
    for n in 0..2_000 {
        let text = format!("{n:04}{}", "x".repeat(3_996));
        assert_eq!(ada.chat(&text).await, ServerMessage::Ok);
        lost = loop {
            match ada.event().await.1 {
                RoomEvent::Chat { .. } => break lost,
                RoomEvent::ConnectedChanged { connected, .. } => lost = !connected,
                other => panic!("{other:?}"),
            }
        };
        if lost {
            break;
        }
    }
    assert!(lost, "the slow client is still there");
    slow.closed().await;

    // the seat waits, and what was missed is still known
    let mut back = server.client().await;
    let again = welcome(back.resume("room", &seat.ticket, 1).await);
    assert!(again.resumed);
    assert_eq!(back.event().await.0, 2);
}

#[tokio::test]
async fn slow_client_is_told_when_it_reads_again() {
    let (outbox, mut session) = outbox(2);
    let server = TestServer::with(patient_limits()).await;
    let door = server.server().registry().enter(&room_key("room")).await;
    let door = door.expect("a room");
    let join = Join {
        session: SessionId(1_000_000),
        re: 1,
        seat: SeatId::random(),
        peer: peer_id("slow"),
        display_name: "Slow".into(),
        media: MediaState::default(),
        claims: Claims::default(),
        granted: None,
    };
    // two frames fit: the welcome and the speakers
    let entered = door.enter(Visitor::Join(Box::new(join)), outbox).await;
    entered.expect("the room is there");
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    let ended = (&mut session.cut)
        .await
        .expect("the word that it is cut off");
    assert_eq!(ended.code, ErrorCode::SlowClient);
    assert!(ended.retry_after_ms.is_some());
    assert!(matches!(
        session.queue.recv().await,
        Some(Outgoing::Frame(_))
    ));
}

#[tokio::test]
async fn client_that_is_not_heard_is_given_up() {
    let mut limits = quick_limits();
    limits.session.ping = Duration::from_secs(600);
    limits.session.idle = Duration::from_millis(100);
    limits.room.grace = Duration::from_secs(600);
    let server = TestServer::with(limits).await;
    let mut silent = server.client().await;
    let seat = silent.join("room", "Silent").await;
    silent.closed().await;
    let mut back = server.client().await;
    assert!(welcome(back.resume("room", &seat.ticket, 1).await).resumed);
}

#[tokio::test]
async fn client_that_answers_pings_is_kept() {
    let mut limits = quick_limits();
    limits.session.ping = Duration::from_millis(20);
    limits.session.idle = Duration::from_millis(200);
    let server = TestServer::with(limits).await;
    let mut quiet = server.client().await;
    quiet.join("room", "Quiet").await;
    let started = Now::read().instant;
    // reading is what answers pings
    while started.elapsed() < Duration::from_millis(500) {
        let waited = tokio::time::timeout(Duration::from_millis(100), quiet.event()).await;
        assert!(waited.is_err(), "nothing happens in an empty room");
    }
    assert_eq!(quiet.ask(ClientMessage::Ping).await, ServerMessage::Pong);
}

#[tokio::test]
async fn vanished_client_frees_its_seat_and_its_room() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    ada.vanish();
    server.until_empty().await;
}

/// Enters and leaves by the registry itself: sockets would take most of the time.
async fn visit(server: &TestServer, n: u64) {
    let room = room_key(&format!("room-{}", n % 64));
    let door = server.server().registry().enter(&room).await;
    let door = door.expect("a room");
    let (outbox, mut session) = outbox(64);
    let id = SessionId(1_000_000 + n);
    let join = Join {
        session: id,
        re: 1,
        seat: SeatId::random(),
        peer: peer_id(&format!("peer-{n}")),
        display_name: "Somebody".into(),
        media: MediaState::default().with(Source::Camera, true),
        claims: Claims::default(),
        granted: None,
    };
    let entered = door.enter(Visitor::Join(Box::new(join)), outbox).await;
    let line = entered.expect("the room is there");
    assert!(session.queue.recv().await.is_some(), "a welcome");
    let left = line.ask(id, 2, Request::Leave).await;
    left.expect("the room is there");
    while session.queue.recv().await.is_some() {}
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thousands_of_visits_leave_nothing_behind() {
    let server = std::sync::Arc::new(TestServer::with(patient_limits()).await);
    let mut visitors = tokio::task::JoinSet::new();
    for start in 0..8 {
        let server = std::sync::Arc::clone(&server);
        visitors.spawn(async move {
            for n in 0..500 {
                visit(&server, start * 500 + n).await;
            }
        });
    }
    visitors.join_all().await;
    server.until_empty().await;
    until("the media plane is empty", async || {
        let stats = server.server().media().stats().await;
        stats
            .iter()
            .all(|worker| worker.rooms == 0 && worker.peers == 0)
    })
    .await;
    let rooms = server.database().await.room_ids().await;
    assert_eq!(rooms.expect("rooms"), []);
}

#[tokio::test]
async fn way_in_that_nobody_takes_does_not_keep_a_room() {
    let server = TestServer::start().await;
    let door = server.server().registry().enter(&room_key("room")).await;
    drop(door);
    server.until_empty().await;
}

#[tokio::test]
async fn view_of_more_tiles_than_any_page_shows_is_refused() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    let tile = |n: usize| ViewTile {
        track: TrackRef {
            peer: peer_id(&n.to_string()),
            source: Source::Camera,
        },
        width: 160,
        height: 90,
    };
    let view = |count| {
        ClientMessage::SetView(View {
            tiles: (0..count).map(tile).collect(),
            max_bitrate: None,
        })
    };
    ada.ask_ok(view(256)).await;
    let id = ada.send(view(257)).await;
    assert_eq!(code(&ada.reply(id).await), ErrorCode::BadMessage);
}
