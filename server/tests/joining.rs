//! Coming in, what the others see of it, and going.

mod support;

use protocol::{
    ClientMessage, DisplayName, ErrorCode, Join, MediaState, PROTOCOL_VERSION, RoomEvent,
    ServerMessage, Source,
};
use support::{
    TestServer,
    client::{code, join, join_by, snapshot, welcome},
};

#[tokio::test]
async fn first_participant_is_alone_in_a_new_room() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    let welcome = ada.join("room", "Ada").await;
    assert_eq!(welcome.version, PROTOCOL_VERSION);
    assert!(!welcome.resumed);
    assert!(welcome.audio_slots >= 3 && welcome.max_video_slots >= 49);
    let snapshot = snapshot(&welcome);
    assert_eq!(snapshot.participants.len(), 1);
    assert_eq!(snapshot.participants[0].id, welcome.peer_id);
    assert_eq!(snapshot.participants[0].display_name.as_str(), "Ada");
    assert_eq!(snapshot.chat, []);
}

#[tokio::test]
async fn both_see_each_other_and_what_changes() {
    let server = TestServer::start().await;
    let (mut ada, mut bob) = (server.client().await, server.client().await);
    ada.join("room", "Ada").await;
    let mut wish = join("room", "Bob");
    wish.media = MediaState::default().with(Source::Microphone, true);
    let welcome = bob.join_with(wish).await;
    let bob_id = welcome.peer_id.clone();
    let last = snapshot(&welcome).last_event;

    let (n, event) = ada.event().await;
    assert_eq!(n, last);
    let RoomEvent::Joined { participant } = event else {
        panic!("{event:?}");
    };
    assert_eq!(participant.id, bob_id);
    assert!(participant.media.microphone && participant.connected);

    let (source, on) = (Source::Microphone, false);
    bob.ask_ok(ClientMessage::SetMedia { source, on }).await;
    let display_name = DisplayName::from("Robert");
    bob.ask_ok(ClientMessage::SetDisplayName { display_name })
        .await;
    bob.ask_ok(ClientMessage::Leave).await;

    let (peer, media) = (bob_id.clone(), MediaState::default());
    let muted = RoomEvent::MediaChanged { peer, media };
    assert_eq!(ada.event().await, (last + 1, muted));
    let (peer, display_name) = (bob_id.clone(), DisplayName::from("Robert"));
    let renamed = RoomEvent::Renamed { peer, display_name };
    assert_eq!(ada.event().await, (last + 2, renamed));
    let left = RoomEvent::Left { peer: bob_id };
    assert_eq!(ada.event().await, (last + 3, left));
}

#[tokio::test]
async fn leaver_is_answered_and_the_socket_closes() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    ada.ask_ok(ClientMessage::Leave).await;
    ada.closed().await;
    server.until_empty().await;
}

#[tokio::test]
async fn rooms_do_not_hear_each_other() {
    let server = TestServer::start().await;
    let (mut ada, mut bob) = (server.client().await, server.client().await);
    ada.join("one", "Ada").await;
    let welcome = bob.join("two", "Bob").await;
    assert_eq!(snapshot(&welcome).participants.len(), 1);
    bob.chat("hello").await;
    let told = ada
        .has(|frame| matches!(frame.message, ServerMessage::Event { .. }))
        .await;
    assert!(!told);
}

#[tokio::test]
async fn everybody_gets_the_same_events_in_the_same_order() {
    let server = TestServer::start().await;
    let mut clients = Vec::new();
    for n in 0..8 {
        let mut client = server.client().await;
        client.join("room", &format!("client {n}")).await;
        clients.push(client);
    }
    for (n, client) in clients.iter_mut().enumerate() {
        let (source, on) = (Source::Camera, true);
        client.send(ClientMessage::SetMedia { source, on }).await;
        client.send(support::client::chat(&format!("{n}"))).await;
    }
    // eight arrivals, then eight cameras and eight messages
    let mut histories = Vec::new();
    for client in &mut clients {
        let mut history = Vec::new();
        while history.last().is_none_or(|(n, _)| *n < 24) {
            history.push(client.event().await);
        }
        histories.push(history);
    }
    let numbers: Vec<u64> = histories[0].iter().map(|(n, _)| *n).collect();
    assert_eq!(numbers, (2..=24).collect::<Vec<u64>>());
    for history in &histories {
        let common = &histories[0][histories[0].len() - history.len()..];
        assert_eq!(history, common);
    }
}

// proves attr.peerId
#[tokio::test]
async fn same_id_again_replaces_the_older_session() {
    let server = TestServer::start().await;
    let (mut old, mut new) = (server.client().await, server.client().await);
    let wish = join_by("room", "Ada", &[("peerId", "ada@example.org")]);
    old.join_with(wish.clone()).await;
    let welcome = new.join_with(wish).await;
    assert_eq!(snapshot(&welcome).participants.len(), 1);
    let ended = old.ended().await;
    assert_eq!(ended.code, ErrorCode::Replaced);
    assert_eq!(ended.retry_after_ms, None);
    old.closed().await;
    new.ask_ok(ClientMessage::SetMedia {
        source: Source::Camera,
        on: true,
    })
    .await;
}

// proves attr.peerId
#[tokio::test]
async fn id_that_the_server_made_is_taken_over_by_nobody_who_saw_it() {
    let server = TestServer::start().await;
    let (mut ada, mut eve) = (server.client().await, server.client().await);
    let seat = ada.join("room", "Ada").await;
    let wish = join_by("room", "Eve", &[("peerId", seat.peer_id.as_str())]);
    let reply = eve.ask(ClientMessage::Join(wish.clone())).await;
    assert_eq!(code(&reply), ErrorCode::PeerIdTaken);
    assert_eq!(ada.ask(ClientMessage::Ping).await, ServerMessage::Pong);
    // Ada herself, by her ticket
    let mut again = server.client().await;
    let wish = Join {
        ticket: Some(seat.ticket),
        ..wish
    };
    assert_eq!(again.join_with(wish).await.peer_id, seat.peer_id);
    assert_eq!(ada.ended().await.code, ErrorCode::Replaced);
}

#[tokio::test]
async fn other_version_of_the_protocol_is_refused() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    let mut wish = join("room", "Ada");
    wish.version = PROTOCOL_VERSION + 1;
    let reply = ada.ask(ClientMessage::Join(wish)).await;
    assert_eq!(code(&reply), ErrorCode::ProtocolVersion);
    ada.closed().await;
}

#[tokio::test]
async fn invalid_room_ids_are_refused() {
    let server = TestServer::start().await;
    for room in ["", "a room", "../etc", "räume", &"x".repeat(129)] {
        let mut ada = server.client().await;
        let frame = serde_json::json!({
            "id": 1, "type": "join", "version": PROTOCOL_VERSION, "roomId": room,
        });
        ada.send_text(&frame.to_string()).await;
        assert_eq!(code(&ada.reply(1).await), ErrorCode::BadMessage, "{room}");
        ada.closed().await;
    }
    let mut ada = server.client().await;
    ada.join(&"x".repeat(128), "Ada").await;
}

#[tokio::test]
async fn second_join_on_one_connection_is_refused() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    let reply = ada.ask(ClientMessage::Join(join("room", "Ada"))).await;
    assert_eq!(code(&reply), ErrorCode::AlreadyJoined);
    assert_eq!(ada.ask(ClientMessage::Ping).await, ServerMessage::Pong);
}

#[tokio::test]
async fn room_opens_again_while_it_is_being_closed() {
    let server = TestServer::start().await;
    for _ in 0..50 {
        let (mut ada, mut bob) = (server.client().await, server.client().await);
        ada.join("room", "Ada").await;
        ada.send(ClientMessage::Leave).await;
        let reply = bob.ask(ClientMessage::Join(join("room", "Bob"))).await;
        let names: Vec<String> = snapshot(&welcome(reply))
            .participants
            .iter()
            .map(|p| p.display_name.as_str().to_owned())
            .collect();
        assert!(names.ends_with(&["Bob".to_owned()]), "{names:?}");
        bob.ask_ok(ClientMessage::Leave).await;
    }
    server.until_empty().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_who_come_at_once_all_see_each_other() {
    let server = std::sync::Arc::new(TestServer::with(support::patient_limits()).await);
    let mut joining = tokio::task::JoinSet::new();
    for n in 0..200 {
        let server = std::sync::Arc::clone(&server);
        joining.spawn(async move {
            let mut client = server.client().await;
            let welcome = client.join("room", &format!("client {n}")).await;
            let mut seen = snapshot(&welcome).participants.len();
            while seen < 200 {
                let (_, event) = client.event().await;
                seen += usize::from(matches!(event, RoomEvent::Joined { .. }));
            }
            client
        });
    }
    let clients = joining.join_all().await;
    assert_eq!(clients.len(), 200);
    drop(clients);
}
