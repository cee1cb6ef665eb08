//! Private rooms: made by HTTP, entered with a PIN.

mod support;

use std::time::Duration;

use protocol::{ClientMessage, ErrorCode, Join, Role, ServerMessage};
use serde_json::{Value, json};
use server::{
    config::TenantSettings,
    limits::{Limits, PrivateRoomLimits},
};
use support::{
    TestServer,
    client::{Client, code, join, join_by, refusal, welcome},
    http::{self, Response},
    patient_limits, quick_limits,
    tenant::{hs256, tenant},
};

async fn post(server: &TestServer, host: &str, body: &str) -> Response {
    let headers = [
        format!("Host: {host}"),
        "Content-Type: application/json".to_owned(),
    ];
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    http::post(server.address(), "/api/private-rooms", &headers, body).await
}

fn body(response: &Response) -> Value {
    serde_json::from_slice(&response.body).expect("JSON")
}

/// Makes a private room and gives its id.
async fn private_room(server: &TestServer, pin: &str) -> String {
    let wish = json!({"kind": "call", "pin": pin});
    let made = post(server, "meet.example", &wish.to_string()).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let made = body(&made);
    let id = made["roomId"].as_str().expect("an id").to_owned();
    assert_eq!(made["link"], format!("/call/{id}"));
    id
}

fn with_pin(room: &str, pin: &str) -> Join {
    Join {
        pin: Some(pin.to_owned()),
        ..join(room, "Ada")
    }
}

async fn try_pin(server: &TestServer, room: &str, pin: &str) -> ServerMessage {
    let mut client = server.client().await;
    client.ask(ClientMessage::Join(with_pin(room, pin))).await
}

#[tokio::test]
async fn private_room_asks_for_its_pin() {
    let server = TestServer::with(patient_limits()).await;
    let room = private_room(&server, "0427").await;
    let mut ada = server.client().await;
    let reply = ada.ask(ClientMessage::Join(join(&room, "Ada"))).await;
    assert_eq!(code(&reply), ErrorCode::PinRequired);
    ada.closed().await;
    for wrong in ["0428", "427", "00427", "PIN?", "٠٤٢٧"] {
        let reply = try_pin(&server, &room, wrong).await;
        assert_eq!(code(&reply), ErrorCode::PinWrong, "{wrong}");
    }
}

#[tokio::test]
async fn right_pin_lets_in_and_the_ticket_keeps_it() {
    let server = TestServer::with(patient_limits()).await;
    let room = private_room(&server, "0427").await;
    let mut ada = server.client().await;
    let seat = ada.join_with(with_pin(&room, "0427")).await;
    let server = server.restart().await;
    let mut back = server.client().await;
    let mut wish = join(&room, "Ada");
    wish.ticket = Some(seat.ticket.clone());
    assert_eq!(back.join_with(wish).await.peer_id, seat.peer_id);
}

#[tokio::test]
async fn sixth_wrong_pin_is_not_even_looked_at() {
    let server = TestServer::with(patient_limits()).await;
    let (room, other) = (
        private_room(&server, "0427").await,
        private_room(&server, "0427").await,
    );
    for n in 0..5 {
        let reply = try_pin(&server, &room, &format!("100{n}")).await;
        assert_eq!(code(&reply), ErrorCode::PinWrong);
    }
    // the right one neither: else the limit would be no limit
    let limited = refusal(try_pin(&server, &room, "0427").await);
    assert_eq!(limited.code, ErrorCode::PinLimited);
    let wait = limited.details.and_then(|details| details.retry_after_ms);
    assert!(
        wait.is_some_and(|wait| (30_000..=60_000).contains(&wait)),
        "{wait:?}"
    );
    // who gives none is asked for it, and other rooms do not mind
    let reply = try_pin(&server, &room, "").await;
    assert_eq!(code(&reply), ErrorCode::PinRequired);
    welcome(try_pin(&server, &other, "0427").await);
}

#[tokio::test]
async fn tries_at_the_same_time_count_as_those_one_after_the_other() {
    let server = std::sync::Arc::new(TestServer::with(patient_limits()).await);
    let room = private_room(&server, "0427").await;
    let mut tries = tokio::task::JoinSet::new();
    for n in 0..20 {
        let (server, room) = (std::sync::Arc::clone(&server), room.clone());
        tries.spawn(async move { code(&try_pin(&server, &room, &format!("10{n:02}")).await) });
    }
    let codes = tries.join_all().await;
    let count = |wanted| codes.iter().filter(|code| **code == wanted).count();
    assert_eq!(count(ErrorCode::PinWrong), 5);
    assert_eq!(count(ErrorCode::PinLimited), 15);
}

#[tokio::test]
async fn all_come_in_at_once_who_have_the_right_pin() {
    let server = std::sync::Arc::new(TestServer::with(patient_limits()).await);
    let room = private_room(&server, "0427").await;
    for n in 0..3 {
        let reply = try_pin(&server, &room, &format!("100{n}")).await;
        assert_eq!(code(&reply), ErrorCode::PinWrong);
    }
    let mut joins = tokio::task::JoinSet::new();
    for _ in 0..30 {
        let (server, room) = (std::sync::Arc::clone(&server), room.clone());
        joins.spawn(async move {
            welcome(try_pin(&server, &room, "0427").await);
        });
    }
    joins.join_all().await;
    // and the wrong ones are counted still
    for expected in [
        ErrorCode::PinWrong,
        ErrorCode::PinWrong,
        ErrorCode::PinLimited,
    ] {
        let reply = try_pin(&server, &room, "1005").await;
        assert_eq!(code(&reply), expected);
    }
}

#[tokio::test]
async fn who_waits_for_the_tries_of_others_is_bounded() {
    let limits = Limits {
        private_rooms: PrivateRoomLimits {
            tries: 1,
            waiting: 0,
            ..PrivateRoomLimits::default()
        },
        ..patient_limits()
    };
    let server = std::sync::Arc::new(TestServer::with(limits).await);
    let room = private_room(&server, "0427").await;
    let mut joins = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (server, room) = (std::sync::Arc::clone(&server), room.clone());
        joins.spawn(async move { try_pin(&server, &room, "0427").await });
    }
    let replies = joins.join_all().await;
    let let_in = |reply: &&ServerMessage| matches!(reply, ServerMessage::Welcome(_));
    let limited = |reply: &&ServerMessage| matches!(reply, ServerMessage::Error(error) if error.code == ErrorCode::PinLimited);
    let in_all = replies.iter().filter(let_in).count() + replies.iter().filter(limited).count();
    assert_eq!(in_all, replies.len());
    assert!(replies.iter().any(|reply| let_in(&reply)));
}

#[tokio::test]
async fn moderator_by_token_needs_no_pin_and_a_participant_by_token_does() {
    let server = TestServer::of(tenant()).await;
    let room = private_room(&server, "0427").await;
    let join_as = async |role: Value| {
        let token = hs256(&json!({"roomId": room, "role": role}));
        let wish = join_by(&room, "Ada", &[("token", &token)]);
        let mut client = server.client().await;
        client.ask(ClientMessage::Join(wish)).await
    };
    let seat = welcome(join_as(json!("moderator")).await);
    assert_eq!(seat.you.participant.role, Role::Moderator);
    assert_eq!(code(&join_as(json!(null)).await), ErrorCode::PinRequired);
    // and what the address says of a role is nothing
    let mut liar = server.client().await;
    let wish = join_by(&room, "Eve", &[("role", "moderator")]);
    let reply = liar.ask(ClientMessage::Join(wish)).await;
    assert_eq!(code(&reply), ErrorCode::PinRequired);
}

#[tokio::test]
async fn nobody_learns_without_the_pin_whether_somebody_is_there() {
    let server = TestServer::of(tenant()).await;
    let room = private_room(&server, "0427").await;
    let in_room = async |room: &str, query: &str| {
        let path = format!("/explain/call/{room}?{query}");
        let answer = http::get(server.address(), &path, &[]).await;
        answer.json()["inRoom"].clone()
    };
    let empty = in_room(&room, "").await;
    welcome(try_pin(&server, &room, "0427").await);
    let mut open = server.client().await;
    open.join("open", "Bob").await;
    assert_eq!(in_room(&room, "").await, empty);
    assert_eq!(in_room(&room, "pin=0427").await, empty);
    assert!(
        in_room("open", "").await.is_object(),
        "of others it is told"
    );
    // a moderator needs no PIN
    let token = hs256(&json!({"roomId": room, "role": "moderator"}));
    assert!(in_room(&room, &format!("token={token}")).await.is_object());
}

#[tokio::test]
async fn room_stays_private_when_all_have_left_and_after_a_restart() {
    let server = TestServer::with(quick_limits()).await;
    let room = private_room(&server, "0427").await;
    let mut ada = server.client().await;
    ada.join_with(with_pin(&room, "0427")).await;
    ada.ask_ok(ClientMessage::Leave).await;
    server.until_empty().await;
    let server = server.restart().await;
    let mut eve = server.client().await;
    let reply = eve.ask(ClientMessage::Join(join(&room, "Eve"))).await;
    assert_eq!(code(&reply), ErrorCode::PinRequired);
    welcome(try_pin(&server, &room, "0427").await);
}

#[tokio::test]
async fn pin_is_kept_as_a_hash() {
    let server = TestServer::with(quick_limits()).await;
    let room = private_room(&server, "0427").await;
    let room = support::client::room_key(&room);
    let hash = server.database().await.room_pin(&room).await;
    let hash = hash.expect("the database").expect("a hash");
    assert!(hash.starts_with("$argon2id$v=19$"), "{hash}");
}

#[tokio::test]
async fn room_belongs_to_the_tenant_of_the_host() {
    let school = TenantSettings {
        hostname: "school.example".to_owned(),
        ..tenant()
    };
    let server = TestServer::with_tenants(patient_limits(), vec![tenant(), school]).await;
    let wish = json!({"kind": "webinar", "pin": "1234"}).to_string();
    let made = body(&post(&server, "School.example:8443", &wish).await);
    let room = made["roomId"].as_str().expect("an id");
    assert_eq!(made["link"], format!("/webinar/{room}"));
    let mut pupil: Client = server.client_of("school.example").await;
    let reply = pupil.ask(ClientMessage::Join(join(room, "Ada"))).await;
    assert_eq!(code(&reply), ErrorCode::PinRequired);
    // the room of that name of another tenant is another room
    let mut other = server.client_of("meet.example").await;
    other.join(room, "Bob").await;
}

#[tokio::test]
async fn wishes_that_cannot_be_granted_are_refused_by_code() {
    let strict = TenantSettings {
        hostname: "strict.example".to_owned(),
        require_token: true,
        ..tenant()
    };
    let server = TestServer::with_tenants(patient_limits(), vec![tenant(), strict]).await;
    let good = json!({"kind": "call", "pin": "1234"}).to_string();
    for (host, text, status, expected) in [
        ("a", r#"{"kind":"call"}"#, 400, "bad_message"),
        ("a", r#"{"kind":"call","pin":"123"}"#, 400, "bad_message"),
        ("a", r#"{"kind":"call","pin":1234}"#, 400, "bad_message"),
        ("a", r#"{"kind":"party","pin":"1234"}"#, 400, "bad_message"),
        ("a", "no JSON", 400, "bad_message"),
        ("strict.example", &good, 403, "token_required"),
    ] {
        let response = post(&server, host, text).await;
        assert_eq!(response.status, status, "{text}");
        assert_eq!(body(&response)["code"], expected, "{text}");
    }
    // a form of another site cannot send this type without asking first
    let headers = ["Content-Type: text/plain"];
    let refused = http::post(server.address(), "/api/private-rooms", &headers, &good).await;
    assert_eq!(refused.status, 400);
}

#[tokio::test]
async fn rooms_are_not_made_without_end() {
    let limits = Limits {
        private_rooms: PrivateRoomLimits {
            burst: 2,
            per_minute: 1,
            per: Duration::from_secs(60),
            ..PrivateRoomLimits::default()
        },
        ..patient_limits()
    };
    let server = TestServer::with(limits).await;
    private_room(&server, "0000").await;
    private_room(&server, "0000").await;
    let wish = json!({"kind": "call", "pin": "0000"}).to_string();
    let refused = post(&server, "a", &wish).await;
    assert_eq!(refused.status, 429);
    let error = body(&refused);
    assert_eq!(error["code"], "rate_limited");
    let wait = error["details"]["retryAfterMs"].as_u64().expect("a time");
    assert!((1..=60_000).contains(&wait), "{wait}");
    let seconds: u64 = refused.header("retry-after").parse().expect("seconds");
    assert!((1..=60).contains(&seconds), "{seconds}");
}
