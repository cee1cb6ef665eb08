//! Events besides joins and leaves, for those who asked for them.

use protocol::{ClientMessage, Recording, RecordingState, ServerMessage};
use serde_json::{Value, json};
use server::{config::TenantSettings, webhooks::EventKind};

use crate::{
    hooks::{connected, disconnected, eager, expect, go, kind, name, nothing_more, told_at, wish},
    support::{
        TestServer,
        client::room_key,
        receiver::{Asked, Receiver},
        tenant::hs256,
    },
};

/// A server whose tenant wants to hear of these.
async fn wants(events: &[EventKind]) -> (TestServer, Receiver) {
    let receiver = Receiver::answering(200, "").await;
    let tenant = TenantSettings {
        events: events.to_vec(),
        ..told_at(receiver.address)
    };
    let server = TestServer::with_tenants(eager(), vec![tenant]).await;
    (server, receiver)
}

/// Reads the next message, which has to be this event; gives its data.
async fn event(receiver: &mut Receiver, wanted: &str) -> Value {
    let asked = receiver.asked().await;
    assert_eq!(kind(&asked), wanted);
    data(&asked, wanted)
}

pub(crate) fn data(asked: &Asked, wanted: &str) -> Value {
    let body = asked.json();
    assert_eq!(body["type"], wanted);
    let time = body["timestamp"].as_str().expect("a time");
    assert!(time.starts_with("20") && time.ends_with('Z'), "{time}");
    body["data"].clone()
}

fn person(peer: &str) -> Value {
    json!({ "roomId": "room", "peerId": peer, "displayName": name(peer) })
}

fn in_the_room(peer: &str) -> Value {
    let mut person = person(peer);
    person["role"] = "participant".into();
    person["interface"] = "call".into();
    person
}

#[tokio::test]
async fn room_starts_before_the_first_joins_and_ends_after_the_last_left() {
    let (server, mut receiver) = wants(&EventKind::ALL).await;
    let mut ada = server.client().await;
    ada.join_with(wish("room", "ada")).await;
    let mut bob = server.client().await;
    bob.join_with(wish("room", "bob")).await;
    let room = json!({ "roomId": "room" });
    assert_eq!(event(&mut receiver, "room.started").await, room);
    expect(&mut receiver, &connected("room", "ada")).await;
    let joined = event(&mut receiver, "participant.joined").await;
    assert_eq!(joined, in_the_room("ada"));
    expect(&mut receiver, &connected("room", "bob")).await;
    event(&mut receiver, "participant.joined").await;
    go(ada).await;
    expect(&mut receiver, &disconnected("room", "ada")).await;
    let left = event(&mut receiver, "participant.left").await;
    assert_eq!(left, in_the_room("ada"));
    go(bob).await;
    expect(&mut receiver, &disconnected("room", "bob")).await;
    event(&mut receiver, "participant.left").await;
    assert_eq!(event(&mut receiver, "room.ended").await, room);
    nothing_more(&server, &mut receiver).await;
}

#[tokio::test]
async fn room_of_one_who_is_replaced_by_themself_goes_on() {
    let (server, mut receiver) = wants(&[EventKind::RoomStarted, EventKind::RoomEnded]).await;
    let mut ada = server.client().await;
    ada.join_with(wish("room", "ada")).await;
    let mut again = server.client().await;
    again.join_with(wish("room", "ada")).await;
    go(again).await;
    event(&mut receiver, "room.started").await;
    expect(&mut receiver, &connected("room", "ada")).await;
    expect(&mut receiver, &disconnected("room", "ada")).await;
    expect(&mut receiver, &connected("room", "ada")).await;
    expect(&mut receiver, &disconnected("room", "ada")).await;
    event(&mut receiver, "room.ended").await;
    nothing_more(&server, &mut receiver).await;
}

#[tokio::test]
async fn chat_and_hands_are_told() {
    let wanted = [
        EventKind::ChatMessage,
        EventKind::HandRaised,
        EventKind::HandLowered,
    ];
    let (server, mut receiver) = wants(&wanted).await;
    let mut ada = server.client().await;
    let token = hs256(&json!({ "handEnabled": true, "peerId": "ada" }));
    let mut join = wish("room", "ada");
    join.query = crate::support::tenant::query(&[("token", &token)]);
    ada.join_with(join).await;
    receiver.asked().await;
    let chat = ClientMessage::Chat {
        text: "Hello =1+1 👋".to_owned(),
        nonce: "n1".to_owned(),
    };
    ada.ask_ok(chat).await;
    for raised in [true, false] {
        ada.ask_ok(ClientMessage::SetHand { raised }).await;
    }
    let said = event(&mut receiver, "chat.message").await;
    assert_eq!(said["text"], "Hello =1+1 👋");
    assert_eq!(said["messageId"], 1);
    assert_eq!(said["peerId"], "ada");
    assert!(said["sentAt"].is_string());
    let raised = event(&mut receiver, "hand.raised").await;
    assert_eq!(raised, person("ada"));
    let lowered = event(&mut receiver, "hand.lowered").await;
    assert_eq!(lowered, person("ada"));
}

#[tokio::test]
async fn who_waits_to_be_let_in_is_told_each_time_they_come() {
    let (server, mut receiver) = wants(&[EventKind::ParticipantWaiting]).await;
    let token = hs256(&json!({ "role": "moderator", "waitingRoom": true, "peerId": "mod" }));
    let mut join = wish("room", "mod");
    join.query = crate::support::tenant::query(&[("token", &token)]);
    let mut moderator = server.client().await;
    moderator.join_with(join).await;
    receiver.asked().await;
    for _ in 0..2 {
        let mut ada = server.client().await;
        let reply = ada.ask(ClientMessage::Join(wish("room", "ada"))).await;
        assert!(matches!(reply, ServerMessage::Waiting { .. }), "{reply:?}");
        let mut told = event(&mut receiver, "participant.waiting").await;
        let since = told["since"].take();
        let since = since.as_str().expect("a time");
        assert!(since.starts_with("20") && since.ends_with('Z'), "{since}");
        let mut wanted = person("ada");
        wanted["since"] = Value::Null;
        wanted["removedBefore"] = false.into();
        assert_eq!(told, wanted);
        ada.ask_ok(ClientMessage::Leave).await;
    }
    // who only waited has no beginning and no end
    nothing_more(&server, &mut receiver).await;
}

#[tokio::test]
async fn what_is_said_comes_after_what_happened_before() {
    let wanted = [EventKind::ParticipantJoined, EventKind::ChatMessage];
    let (server, mut receiver) = wants(&wanted).await;
    for peer in ["ada", "bob", "cleo"] {
        let mut client = server.client().await;
        client.join_with(wish("room", peer)).await;
        assert_eq!(client.chat("I am here").await, ServerMessage::Ok);
        expect(&mut receiver, &connected("room", peer)).await;
        let joined = event(&mut receiver, "participant.joined").await;
        assert_eq!(joined["peerId"], peer);
        let said = event(&mut receiver, "chat.message").await;
        assert_eq!(said["peerId"], peer);
    }
}

#[tokio::test]
async fn recordings_are_told_also_when_the_room_is_over() {
    let (server, mut receiver) = wants(&EventKind::ALL).await;
    let journal = server.server().journal();
    for state in [
        RecordingState::Starting,
        RecordingState::Recording,
        RecordingState::Processing,
        RecordingState::Ready,
        RecordingState::Failed,
    ] {
        let recording = Recording {
            id: "rec1".to_owned(),
            state,
            since: 1_655_769_600_000,
            progress: None,
        };
        let notice = server::journal::Notice::Recording(recording);
        journal.say(&room_key("room"), notice).await;
    }
    for kind in ["started", "stopped", "ready", "failed"] {
        let told = event(&mut receiver, &format!("recording.{kind}")).await;
        let wanted = json!({
            "roomId": "room",
            "recordingId": "rec1",
            "since": "2022-06-21T00:00:00.000Z",
        });
        assert_eq!(told, wanted);
    }
    nothing_more(&server, &mut receiver).await;
}

#[tokio::test]
async fn nobody_is_told_of_what_they_did_not_ask_for() {
    let (server, mut receiver) = wants(&[]).await;
    let mut ada = server.client().await;
    ada.join_with(wish("room", "ada")).await;
    go(ada).await;
    expect(&mut receiver, &connected("room", "ada")).await;
    expect(&mut receiver, &disconnected("room", "ada")).await;
    nothing_more(&server, &mut receiver).await;
}
