//! Chat: its history, its order, its bounds.

mod support;

use protocol::{ClientMessage, ErrorCode, RoomEvent, ServerMessage};
use support::{
    TestServer,
    client::{Client, chat, code, snapshot},
    patient_limits,
};

async fn next_message(client: &mut Client) -> String {
    loop {
        if let (_, RoomEvent::Chat { message }) = client.event().await {
            return message.text;
        }
    }
}

#[tokio::test]
async fn message_reaches_everybody_the_writer_included() {
    let server = TestServer::start().await;
    let (mut ada, mut bob) = (server.client().await, server.client().await);
    let ada_id = ada.join("room", "Ada").await.peer_id;
    bob.join("room", "Bob").await;
    assert_eq!(ada.chat("hello").await, ServerMessage::Ok);
    assert_eq!(next_message(&mut ada).await, "hello");
    let (_, RoomEvent::Chat { message }) = bob.event().await else {
        panic!("no message");
    };
    assert_eq!(message.from, Some(ada_id));
    assert_eq!(message.display_name.as_str(), "Ada");
    assert_eq!(message.nonce, "nonce of hello");
    assert!(message.sent_at > 1_700_000_000_000, "it is in milliseconds");
}

#[tokio::test]
async fn message_may_have_signs_that_no_keyboard_has() {
    let server = TestServer::with(patient_limits()).await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    assert_eq!(
        ada.chat("a\0b \u{1}\u{202e}\u{10ffff}").await,
        ServerMessage::Ok
    );
    let server = server.restart().await;
    let mut bob = server.client().await;
    let welcome = bob.join("room", "Bob").await;
    assert_eq!(
        snapshot(&welcome).chat[0].text,
        "a\u{fffd}b \u{1}\u{202e}\u{10ffff}"
    );
}

#[tokio::test]
async fn late_joiner_sees_the_history_in_order() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    for n in 0..20 {
        ada.send(chat(&format!("message {n}"))).await;
    }
    assert_eq!(ada.chat("last").await, ServerMessage::Ok);
    let mut bob = server.client().await;
    let welcome = bob.join("room", "Bob").await;
    let history = &snapshot(&welcome).chat;
    let ids: Vec<u64> = history.iter().map(|m| m.id).collect();
    assert_eq!(ids, (1..=21).collect::<Vec<u64>>());
    assert_eq!(history[20].text, "last");
}

#[tokio::test]
async fn repeated_message_is_written_once() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    let ids = [ada.send(chat("hello")).await, ada.send(chat("hello")).await];
    for id in ids {
        assert_eq!(ada.reply(id).await, ServerMessage::Ok);
    }
    assert_eq!(ada.chat("hello").await, ServerMessage::Ok);
    let mut bob = server.client().await;
    assert_eq!(snapshot(&*bob.join("room", "Bob").await).chat.len(), 1);
}

#[tokio::test]
async fn text_is_kept_as_it_was_written() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    let text = " <b>\"O'Brien\"</b>\n\t'; DROP TABLE rooms; -- 👩🏽‍💻 \u{202e}كتاب ";
    assert_eq!(ada.chat(text).await, ServerMessage::Ok);
    assert_eq!(next_message(&mut ada).await, text);
    let mut bob = server.client().await;
    assert_eq!(snapshot(&*bob.join("room", "Bob").await).chat[0].text, text);
}

#[tokio::test]
async fn empty_and_endless_messages_are_refused() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    for text in ["", " \n", &"x".repeat(4_001)] {
        assert_eq!(code(&ada.chat(text).await), ErrorCode::ChatText);
    }
    let longest = "x".repeat(4_000);
    let nonce = "n".to_owned();
    ada.ask_ok(ClientMessage::Chat {
        text: longest,
        nonce,
    })
    .await;
}

#[tokio::test]
async fn chat_ends_with_the_room() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    ada.chat("secret").await;
    ada.ask_ok(ClientMessage::Leave).await;
    server.until_empty().await;
    let mut bob = server.client().await;
    assert_eq!(snapshot(&*bob.join("room", "Bob").await).chat, []);
}

#[tokio::test]
async fn last_message_of_the_last_participant_does_no_harm() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    ada.send(chat("bye")).await;
    ada.send(ClientMessage::Leave).await;
    ada.closed().await;
    server.until_empty().await;
    let database = server.database().await;
    assert_eq!(database.room_ids().await.expect("rooms"), []);
}
