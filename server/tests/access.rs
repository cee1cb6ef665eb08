//! `accessUrl`: an integrator's server decides who enters. Each of its answers
//! by the whole way: WebSocket, server, a real HTTP server on loopback.

mod support;

use std::time::Duration;

use protocol::{ClientMessage, ErrorCode, ServerMessage, WireError};
use serde_json::json;
use server::{
    config::{Secret, TenantSettings},
    limits::{Limits, OutgoingLimits},
};
use support::{
    TestServer,
    client::{code, join, join_by, refusal, welcome},
    patient_limits,
    receiver::{Receiver, Script, deaf_url, reply},
    tenant::{hs256, tenant},
};

/// A tenant that asks this address whether somebody may enter.
fn asking(url: &str) -> TenantSettings {
    TenantSettings {
        access_url: Some(url.to_owned()),
        access_authorization: Some(Secret::new("Basic dGVzdA==")),
        ..tenant()
    }
}

/// What comes of joining while the integrator gives this answer.
async fn joined_by(status: u16, body: &str) -> ServerMessage {
    let receiver = Receiver::answering(status, body).await;
    join_at(&receiver.url()).await
}

async fn join_at(url: &str) -> ServerMessage {
    let server = TestServer::of(asking(url)).await;
    let mut ada = server.client().await;
    let query = [("accessToken", "caa630bb"), ("peerId", "de9b6927")];
    let reply = ada
        .ask(ClientMessage::Join(join_by("44fde071", "Ada", &query)))
        .await;
    if matches!(reply, ServerMessage::Error(_)) {
        // a refusal is the end of the connection, and no room was made
        ada.closed().await;
        assert_eq!(server.server().registry().count().await, Ok(0));
    }
    reply
}

async fn refused_by(status: u16, body: &str) -> WireError {
    refusal(joined_by(status, body).await)
}

// proves access.200, attr.accessToken
#[tokio::test]
async fn integrator_is_asked_by_post_and_lets_in() {
    let mut receiver = Receiver::answering(200, "").await;
    let reply = join_at(&receiver.url()).await;
    assert_eq!(welcome(reply).peer_id.as_str(), "de9b6927");
    let asked = receiver.asked().await;
    assert_eq!(asked.line, "POST /api/check HTTP/1.1");
    let body = json!({"accessToken": "caa630bb", "roomId": "44fde071", "peerId": "de9b6927"});
    assert_eq!(asked.json(), body);
    assert_eq!(asked.header("authorization"), Some("Basic dGVzdA=="));
    assert_eq!(receiver.times_asked(), 0);
}

// proves access.400
#[tokio::test]
async fn integrator_that_misses_something_is_told_apart() {
    assert_eq!(refused_by(400, "").await.code, ErrorCode::AccessIncomplete);
}

// proves access.401
#[tokio::test]
async fn integrator_declines() {
    assert_eq!(refused_by(401, "").await.code, ErrorCode::AccessDenied);
}

// proves access.403
#[tokio::test]
async fn integrator_finds_the_token_invalid() {
    let refused = refused_by(403, "").await;
    assert_eq!(refused.code, ErrorCode::AccessTokenInvalid);
}

// proves access.404
#[tokio::test]
async fn integrator_does_not_know_the_room() {
    let refused = refused_by(404, "").await;
    assert_eq!(refused.code, ErrorCode::AccessRoomUnknown);
}

// proves access.409
#[tokio::test]
async fn conflict_lets_the_new_session_in_and_ends_the_old_one() {
    let answers = vec![reply(200, ""), reply(409, "")];
    let receiver = Receiver::http(Script::Replies(answers)).await;
    let server = TestServer::of(asking(&receiver.url())).await;
    let (mut old, mut new) = (server.client().await, server.client().await);
    let wish = join_by("room", "Ada", &[("peerId", "ada"), ("accessToken", "1")]);
    old.join_with(wish.clone()).await;
    assert_eq!(new.join_with(wish).await.peer_id.as_str(), "ada");
    let ended = old.ended().await;
    assert_eq!(ended.code, ErrorCode::Replaced);
    assert_eq!(ended.retry_after_ms, None);
}

// proves access.423
#[tokio::test]
async fn locked_room_shows_the_integrators_own_words() {
    let long = "ä".repeat(600);
    let cut = "ä".repeat(500);
    let cases = [
        (
            json!({"reason": "The lesson is over.", "contact": "office@school.example"})
                .to_string(),
            Some("The lesson is over."),
            Some("office@school.example"),
        ),
        (
            json!({"message": "Full.\u{0007}", "contact": 7}).to_string(),
            Some("Full."),
            None,
        ),
        ("Урок окончен\n".to_owned(), Some("Урок окончен"), None),
        (json!("Closed").to_string(), Some("Closed"), None),
        (long, Some(cut.as_str()), None),
        (String::new(), None, None),
        (json!({"other": 1}).to_string(), None, None),
        ("<!doctype html><h1>Locked</h1>".to_owned(), None, None),
    ];
    for (body, reason, contact) in cases {
        let refused = refused_by(423, &body).await;
        assert_eq!(refused.code, ErrorCode::AccessLocked, "{body}");
        let details = refused.details.expect("details");
        assert_eq!(details.reason.as_deref(), reason, "{body}");
        assert_eq!(details.contact.as_deref(), contact, "{body}");
    }
}

// proves access.425
#[tokio::test]
async fn event_that_has_not_started_says_when_it_does() {
    let start = 4_102_444_800_000_u64;
    for (body, starts_at) in [
        (json!({"startTime": "2100-01-01T00:00:00Z"}), Some(start)),
        (json!({"startTime": start}), Some(start)),
        (json!({"startTime": start / 1_000}), Some(start)),
        (json!({"startTime": "soon"}), None),
        (json!("later"), None),
    ] {
        let refused = refused_by(425, &body.to_string()).await;
        assert_eq!(refused.code, ErrorCode::NotStarted, "{body}");
        let details = refused.details.expect("details");
        assert_eq!(details.starts_at, starts_at, "{body}");
    }
    let refused = refused_by(425, "no JSON").await;
    assert_eq!(refused.details.expect("details").starts_at, None);
}

// proves access.425
#[tokio::test]
async fn start_in_the_token_wins_over_that_of_the_reply() {
    let body = json!({"startTime": "2100-01-01T00:00:00Z"}).to_string();
    let receiver = Receiver::answering(425, &body).await;
    let server = TestServer::of(asking(&receiver.url())).await;
    let mut ada = server.client().await;
    // it has begun by the token's own clock, and the integrator knows better
    let token = hs256(&json!({"startTime": "2001-01-01T00:00:00Z"}));
    let wish = join_by("room", "Ada", &[("token", &token)]);
    let refused = refusal(ada.ask(ClientMessage::Join(wish)).await);
    assert_eq!(refused.code, ErrorCode::NotStarted);
    let starts_at = refused.details.expect("details").starts_at;
    assert_eq!(starts_at, Some(978_307_200_000));
}

// proves access.500
#[tokio::test]
async fn failing_integrator_lets_nobody_in() {
    // and neither do answers that mean nothing
    for status in [500, 502, 503, 201, 204, 302, 307, 418, 429, 999] {
        let refused = refused_by(status, "").await;
        assert_eq!(refused.code, ErrorCode::AccessUnreachable, "{status}");
    }
}

// proves access.500
#[tokio::test]
async fn integrator_that_cannot_be_asked_lets_nobody_in() {
    let goal = Receiver::answering(200, "").await;
    let redirect = format!(
        "HTTP/1.1 302 There\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n",
        goal.url()
    );
    let redirect = Receiver::http(Script::Reply(redirect)).await;
    let untrusted = Receiver::https(Script::Reply(reply(200, ""))).await;
    let nonsense = Receiver::http(Script::Reply("HTTP what?\r\n\r\n".to_owned())).await;
    let huge = Receiver::answering(200, &"x".repeat(70_000)).await;
    for url in [
        redirect.url(),
        untrusted.url(),
        nonsense.url(),
        huge.url(),
        deaf_url().await,
        "https://does-not-exist.invalid/".to_owned(),
    ] {
        let refused = refusal(join_at(&url).await);
        assert_eq!(refused.code, ErrorCode::AccessUnreachable, "{url}");
        // nothing of the address is repeated to participants
        assert!(
            !refused.message.contains("localhost"),
            "{}",
            refused.message
        );
    }
}

// proves access.500
#[test]
fn client_waits_until_the_integrator_had_its_time() {
    let client = Duration::from_millis(protocol::HELLO_TIMEOUT_MS.into());
    let server = OutgoingLimits::default().time;
    // enough for the socket and the PIN, also over a slow line
    assert!(server + Duration::from_secs(3) <= client, "{server:?}");
    // webhooks have their own, which integrators are promised
    let webhooks = server::limits::WebhookLimits::default();
    assert_eq!(webhooks.outgoing().time, Duration::from_secs(10));
}

/// A server that gives an integrator so much time.
async fn server_that_waits(time: Duration, tenant: TenantSettings) -> TestServer {
    let outgoing = OutgoingLimits {
        time,
        ..OutgoingLimits::default()
    };
    let limits = Limits {
        outgoing,
        ..patient_limits()
    };
    TestServer::with_tenants(limits, vec![tenant]).await
}

// proves access.500
#[tokio::test]
async fn integrator_that_does_not_answer_in_time_lets_nobody_in() {
    let silent = Receiver::http(Script::Silence).await;
    let tenant = asking(&silent.url());
    let server = server_that_waits(Duration::from_millis(100), tenant).await;
    let mut ada = server.client().await;
    let reply = ada.ask(ClientMessage::Join(join("room", "Ada"))).await;
    assert_eq!(code(&reply), ErrorCode::AccessUnreachable);
    ada.closed().await;
}

#[tokio::test]
async fn private_address_is_not_asked_unless_the_tenant_allows_it() {
    let mut receiver = Receiver::https(Script::Reply(reply(200, ""))).await;
    let tenant = TenantSettings {
        allow_private_targets: false,
        ..asking(&receiver.url())
    };
    let server = TestServer::of(tenant).await;
    let mut ada = server.client().await;
    let reply = ada.ask(ClientMessage::Join(join("room", "Ada"))).await;
    let refused = refusal(reply);
    assert_eq!(refused.code, ErrorCode::AccessUnreachable);
    assert!(
        refused.message.contains("not public"),
        "{}",
        refused.message
    );
    assert_eq!(receiver.times_asked(), 0);
}

// proves attr.accessUrl, attr.authorizationAccess
#[tokio::test]
async fn address_may_name_the_integrator_where_debug_attributes_count() {
    let mut receiver = Receiver::answering(401, "").await;
    let url = receiver.url();
    let query = [
        ("accessUrl", url.as_str()),
        ("authorizationAccess", "Basic Z2NvcmU="),
        ("accessToken", "t"),
    ];
    let debugging = TestServer::of(tenant()).await;
    let mut ada = debugging.client().await;
    let wish = join_by("room", "Ada", &query);
    let reply = ada.ask(ClientMessage::Join(wish.clone())).await;
    assert_eq!(code(&reply), ErrorCode::AccessDenied);
    let asked = receiver.asked().await;
    assert_eq!(asked.header("authorization"), Some("Basic Z2NvcmU="));

    let serious = TenantSettings {
        debug_attributes: false,
        ..tenant()
    };
    let server = TestServer::of(serious).await;
    let mut ada = server.client().await;
    ada.join_with(wish).await;
    assert_eq!(receiver.times_asked(), 0);
}

// proves attr.accessUrl, attr.authorizationAccess, attr.accessToken
#[tokio::test]
async fn token_may_name_the_integrator_everywhere() {
    let mut receiver = Receiver::answering(403, "").await;
    let tenant = TenantSettings {
        debug_attributes: false,
        ..tenant()
    };
    let server = TestServer::of(tenant).await;
    let mut ada = server.client().await;
    let token = hs256(&json!({
        "accessUrl": receiver.url(),
        "authorizationAccess": "Bearer x",
        "accessToken": "signed",
    }));
    let query = [("token", token.as_str()), ("accessToken", "other")];
    let reply = ada
        .ask(ClientMessage::Join(join_by("room", "Ada", &query)))
        .await;
    assert_eq!(code(&reply), ErrorCode::AccessTokenInvalid);
    let asked = receiver.asked().await;
    assert_eq!(asked.header("authorization"), Some("Bearer x"));
    assert_eq!(asked.json()["accessToken"], "signed");
}

#[tokio::test]
async fn who_has_no_access_token_is_asked_about_all_the_same() {
    let mut receiver = Receiver::answering(200, "").await;
    let server = TestServer::of(asking(&receiver.url())).await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    let asked = receiver.asked().await.json();
    assert_eq!(asked["accessToken"], "");
    // so that it can refuse those who are not registered with it
    assert_eq!(asked["peerId"], "");
}

// proves attr.accessToken
#[tokio::test]
async fn tenant_that_requires_tokens_asks_nobody() {
    let mut receiver = Receiver::answering(401, "").await;
    let tenant = TenantSettings {
        require_token: true,
        ..asking(&receiver.url())
    };
    let server = TestServer::of(tenant).await;
    let mut ada = server.client().await;
    let token = hs256(&json!({"roomId": "room"}));
    ada.join_with(join_by("room", "Ada", &[("token", &token)]))
        .await;
    assert_eq!(receiver.times_asked(), 0);
}

#[tokio::test]
async fn good_ticket_stands_for_the_integrators_word() {
    let answers = vec![reply(200, ""), reply(401, "")];
    let mut receiver = Receiver::http(Script::Replies(answers)).await;
    let server = TestServer::of(asking(&receiver.url())).await;
    let mut ada = server.client().await;
    let seat = ada.join("room", "Ada").await;
    let mut back = server.client().await;
    let mut wish = join("room", "Ada");
    wish.ticket = Some(seat.ticket.clone());
    let again = back.join_with(wish).await;
    assert_eq!(again.peer_id, seat.peer_id);
    let mut back = server.client().await;
    let reply = back.resume("room", &again.ticket, 1).await;
    assert!(welcome(reply).resumed);
    assert_eq!(receiver.times_asked(), 1);
}

#[tokio::test]
async fn who_waits_and_loses_the_socket_is_not_asked_again() {
    let yes = reply(200, "");
    let answers = vec![yes.clone(), yes, reply(401, "")];
    let mut receiver = Receiver::http(Script::Replies(answers)).await;
    let server = TestServer::of(asking(&receiver.url())).await;
    let claims = json!({"role": "moderator", "waitingRoom": true});
    let mut moderator = server.client().await;
    moderator
        .join_with(join_by("room", "Mod", &[("token", &hs256(&claims))]))
        .await;
    let mut ada = server.client().await;
    let reply = ada.ask(ClientMessage::Join(join("room", "Ada"))).await;
    let ServerMessage::Waiting { ticket } = reply else {
        panic!("Ada does not wait: {reply:?}");
    };
    ada.vanish();
    let mut back = server.client().await;
    let mut wish = join("room", "Ada");
    wish.ticket = Some(ticket);
    let reply = back.ask(ClientMessage::Join(wish)).await;
    assert!(matches!(reply, ServerMessage::Waiting { .. }), "{reply:?}");
    assert_eq!(receiver.times_asked(), 2);
}

#[tokio::test]
async fn ticket_of_an_earlier_meeting_spares_nobody_the_questions() {
    let answers = vec![reply(200, ""), reply(401, "")];
    let receiver = Receiver::http(Script::Replies(answers)).await;
    let server = TestServer::of(asking(&receiver.url())).await;
    let mut ada = server.client().await;
    let seat = ada.join("room", "Ada").await;
    ada.ask_ok(ClientMessage::Leave).await;
    server.until_empty().await;
    let mut back = server.client().await;
    let mut wish = join("room", "Ada");
    wish.ticket = Some(seat.ticket.clone());
    let reply = back.ask(ClientMessage::Join(wish)).await;
    assert_eq!(code(&reply), ErrorCode::AccessDenied);
}

/// Somebody by the integrator's word, where others have ids of other kinds.
async fn vouched(tenant: TenantSettings, query: &[(&str, &str)]) -> [ServerMessage; 2] {
    let server = TestServer::of(tenant).await;
    let mut boss = server.client().await;
    let token = hs256(&json!({"peerId": "boss"}));
    boss.join_with(join_by("room", "Boss", &[("token", &token)]))
        .await;
    let mut own = server.client().await;
    let made_up = own.join("room", "Own").await.peer_id;
    let by_id = async |id: &str| {
        let query = [&[("peerId", id)][..], query].concat();
        let mut client = server.client().await;
        client
            .ask(ClientMessage::Join(join_by("room", "New", &query)))
            .await
    };
    [by_id("boss").await, by_id(made_up.as_str()).await]
}

// proves access.409, attr.peerId
#[tokio::test]
async fn integrators_word_proves_the_id_of_an_address() {
    for status in [200, 409] {
        let receiver = Receiver::answering(status, "").await;
        let url = receiver.url();
        let [signed, made_up] = vouched(asking(&url), &[("accessToken", "1")]).await;
        welcome(signed);
        // an integrator knows no id that the server made up
        assert_eq!(code(&made_up), ErrorCode::PeerIdTaken);
        // nothing was approved, or by somebody whom the address names
        let by_address = [("accessToken", "1"), ("accessUrl", url.as_str())];
        for (tenant, query) in [(asking(&url), &[][..]), (tenant(), &by_address[..])] {
            for reply in vouched(tenant, query).await {
                assert_eq!(code(&reply), ErrorCode::PeerIdTaken);
            }
        }
    }
}
