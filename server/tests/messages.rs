//! What happens to messages that are not as they should be.

mod support;

use std::time::Duration;

use protocol::{ClientMessage, ErrorCode, Offer, ServerMessage, View};
use support::{TestServer, client::code, quick_limits};
use tokio_tungstenite::tungstenite::Message;

async fn works(client: &mut support::client::Client) {
    assert_eq!(client.ask(ClientMessage::Ping).await, ServerMessage::Pong);
}

#[tokio::test]
async fn bad_messages_are_answered_and_the_connection_goes_on() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    for text in [
        "",
        "{",
        "[]",
        "null",
        r#"{"type":"ping"}"#,
        r#"{"id":-1,"type":"ping"}"#,
        r#"{"id":7}"#,
        r#"{"id":7,"type":"chat"}"#,
        r#"{"id":7,"type":"setMedia","source":"nose","on":true}"#,
        r#"{"id":7,"type":7}"#,
    ] {
        ada.send_text(text).await;
        assert_eq!(ada.error().await, ErrorCode::BadMessage, "{text}");
    }
    ada.send_raw(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(ada.error().await, ErrorCode::BadMessage);
    works(&mut ada).await;
}

#[tokio::test]
async fn error_names_the_frame_when_it_can_be_told() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    ada.send_text(r#"{"id":77,"type":"chat","text":"no nonce"}"#)
        .await;
    assert_eq!(code(&ada.reply(77).await), ErrorCode::BadMessage);
}

#[tokio::test]
async fn unknown_messages_are_told_apart_from_bad_ones() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    ada.send_text(r#"{"id":5,"type":"teleport","where":"home"}"#)
        .await;
    assert_eq!(code(&ada.reply(5).await), ErrorCode::UnknownMessage);
    works(&mut ada).await;
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    ada.send_text(r#"{"id":5,"type":"ping","mood":"good"}"#)
        .await;
    assert_eq!(ada.reply(5).await, ServerMessage::Pong);
}

#[tokio::test]
async fn too_large_message_is_refused_and_the_connection_goes_on() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    let text = "x".repeat(256 * 1024);
    let nonce = "n".to_owned();
    ada.send(ClientMessage::Chat { text, nonce }).await;
    assert_eq!(ada.error().await, ErrorCode::BadMessage);
    works(&mut ada).await;
}

#[tokio::test]
async fn far_too_large_message_ends_the_connection() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    ada.try_send(ClientMessage::Chat {
        text: "x".repeat(2 * 1024 * 1024),
        nonce: "n".to_owned(),
    })
    .await;
    ada.closed().await;
}

#[tokio::test]
async fn first_message_must_be_join_or_resume() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    let reply = ada.ask(ClientMessage::Ping).await;
    assert_eq!(code(&reply), ErrorCode::NotJoined);
    ada.closed().await;

    let mut bob = server.client().await;
    bob.send_text("nonsense").await;
    assert_eq!(bob.error().await, ErrorCode::BadMessage);
    bob.closed().await;
}

#[tokio::test]
async fn silence_before_the_join_ends_the_connection() {
    let mut limits = quick_limits();
    limits.session.join = Duration::from_millis(50);
    let server = TestServer::with(limits).await;
    let mut ada = server.client().await;
    assert_eq!(ada.error().await, ErrorCode::NotJoined);
    ada.closed().await;
}

#[tokio::test]
async fn client_that_sends_too_fast_is_told_and_may_go_on_later() {
    let mut limits = quick_limits();
    limits.session.burst = 5;
    limits.session.per_second = 50;
    let server = TestServer::with(limits).await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    for _ in 0..10 {
        ada.send(ClientMessage::Ping).await;
    }
    assert_eq!(ada.error().await, ErrorCode::RateLimited);
    support::until("a ping passes again", {
        let ada = tokio::sync::Mutex::new(ada);
        async move || {
            let mut ada = ada.lock().await;
            ada.ask(ClientMessage::Ping).await == ServerMessage::Pong
        }
    })
    .await;
}

#[tokio::test]
async fn client_that_never_stops_sending_too_fast_is_cut_off() {
    let mut limits = quick_limits();
    limits.session.burst = 5;
    limits.session.per_second = 1;
    limits.session.refused = 10;
    let server = TestServer::with(limits).await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    for _ in 0..40 {
        ada.try_send(ClientMessage::Ping).await;
    }
    let ended = ada.ended().await;
    assert_eq!(ended.code, ErrorCode::RateLimited);
    assert!(ended.retry_after_ms.is_some());
    ada.closed().await;
}

#[tokio::test]
async fn bad_offer_is_refused_and_the_connection_goes_on() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    let offer = Offer {
        negotiation: 1,
        connection: 1,
        sdp: "not SDP".to_owned(),
        tracks: Vec::new(),
    };
    let reply = ada.ask(ClientMessage::Offer(offer)).await;
    assert_eq!(code(&reply), ErrorCode::BadOffer);
    works(&mut ada).await;
}

#[tokio::test]
async fn view_is_taken_even_before_the_first_offer() {
    let server = TestServer::start().await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    ada.ask_ok(ClientMessage::SetView(View::default())).await;
}
