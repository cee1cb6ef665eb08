//! Order, and trying again.

use std::{net::SocketAddr, time::Duration};

use serde_json::Value;
use server::{
    config::TenantSettings,
    limits::{Limits, WebhookLimits},
};

use crate::{
    hooks::{
        come, connected, disconnected, eager, expect, go, id, kind, nothing_more, pair,
        quick_webhooks, scripted, told_at, url_at,
    },
    support::{
        TestServer, patient_limits,
        receiver::{Receiver, Script, reply},
        until,
    },
};

// proves webhook.joinPeer, webhook.closePeer
#[tokio::test]
async fn receiver_hears_of_each_who_comes_and_goes_in_order() {
    let (server, mut receiver) = pair().await;
    let (ada, _) = come(&server, "room", "ada").await;
    let (bob, _) = come(&server, "room", "bob").await;
    go(ada).await;
    let (ada, _) = come(&server, "room", "ada").await;
    go(bob).await;
    go(ada).await;
    let first = expect(&mut receiver, &connected("room", "ada")).await;
    assert_eq!(first.line, "POST /api/events/joinPeer HTTP/1.1");
    assert_eq!(first.header("content-type"), Some("application/json"));
    assert_eq!(
        first.body,
        r#"{"event":"connected","roomId":"room","peerId":"ada","displayName":"ada 👋"}"#
    );
    expect(&mut receiver, &connected("room", "bob")).await;
    expect(&mut receiver, &disconnected("room", "ada")).await;
    expect(&mut receiver, &connected("room", "ada")).await;
    expect(&mut receiver, &disconnected("room", "bob")).await;
    let last = expect(&mut receiver, &disconnected("room", "ada")).await;
    assert_eq!(last.line, "POST /api/events/closePeer HTTP/1.1");
    nothing_more(&server, &mut receiver).await;
}

/// What a receiver hears that answers a first joinPeer like this.
async fn tries(script: Script) -> (TestServer, Receiver, Vec<(String, Value)>) {
    let count = match &script {
        Script::Steps(steps) => steps.len(),
        _ => unreachable!("tests give steps"),
    };
    let (server, mut receiver) = scripted(eager(), script).await;
    let (ada, _) = come(&server, "room", "ada").await;
    go(ada).await;
    let mut heard = Vec::new();
    for _ in 0..count {
        let asked = receiver.asked().await;
        assert_eq!(kind(&asked), "joinPeer");
        heard.push((id(&asked), asked.json()));
    }
    (server, receiver, heard)
}

// proves webhook.joinPeer, webhook.closePeer
#[tokio::test]
async fn message_that_was_not_taken_comes_again_with_the_same_id_before_all_others() {
    let redirect = "HTTP/1.1 307 There\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
    let steps = vec![
        Some(reply(500, "")),
        None,
        Some(reply(404, "no")),
        Some("what?\r\n\r\n".to_owned()),
        Some(redirect.to_owned()),
        Some(reply(204, "")),
    ];
    let (server, mut receiver, heard) = tries(Script::Steps(steps)).await;
    assert!(heard.iter().all(|each| *each == heard[0]), "{heard:?}");
    let close = expect(&mut receiver, &disconnected("room", "ada")).await;
    assert_ne!(id(&close), heard[0].0);
    nothing_more(&server, &mut receiver).await;
}

// proves webhook.closePeer
#[tokio::test]
async fn receiver_that_is_away_hears_of_everything_when_it_is_back() {
    let away = Receiver::answering(200, "").await.address;
    until("nobody listens", async || {
        tokio::net::TcpStream::connect(away).await.is_err()
    })
    .await;
    let server = TestServer::with_tenants(eager(), vec![told_at(away)]).await;
    let (ada, _) = come(&server, "room", "ada").await;
    go(ada).await;
    let database = server.database().await;
    until("it was tried", async || {
        let lines = database.new_webhooks(0).await.expect("lines").0;
        let Some(line) = lines.first() else {
            return false;
        };
        let message = database.next_webhook(line).await.expect("a query");
        message.is_some_and(|message| message.attempts > 2)
    })
    .await;
    let mut receiver = Receiver::http_at(away, Script::Reply(reply(200, ""))).await;
    expect(&mut receiver, &connected("room", "ada")).await;
    expect(&mut receiver, &disconnected("room", "ada")).await;
    nothing_more(&server, &mut receiver).await;
}

#[tokio::test]
async fn receiver_that_does_not_want_a_message_gets_the_next_one() {
    let steps = vec![Some(reply(410, "")), Some(reply(200, ""))];
    let (server, mut receiver) = scripted(eager(), Script::Steps(steps)).await;
    let (ada, _) = come(&server, "room", "ada").await;
    go(ada).await;
    expect(&mut receiver, &connected("room", "ada")).await;
    expect(&mut receiver, &disconnected("room", "ada")).await;
    nothing_more(&server, &mut receiver).await;
    let database = server.database().await;
    assert_eq!(database.count_webhooks().await.expect("a count"), (0, 1));
}

#[tokio::test]
async fn message_that_nobody_takes_is_given_up() {
    let limits = Limits {
        webhooks: WebhookLimits {
            give_up: Duration::from_millis(500),
            least_tries: 2,
            ..quick_webhooks()
        },
        ..patient_limits()
    };
    let (server, mut receiver) = scripted(limits, Script::Reply(reply(500, ""))).await;
    let (ada, _) = come(&server, "room", "ada").await;
    let database = server.database().await;
    until("it is given up", async || {
        database.count_webhooks().await.expect("a count") == (0, 1)
    })
    .await;
    assert!(receiver.times_asked() > 1);
    drop(ada);
}

#[tokio::test]
async fn receiver_that_never_answers_holds_up_its_own_room_only() {
    let limits = Limits {
        webhooks: WebhookLimits {
            time: Duration::from_secs(600),
            stop: Duration::from_millis(50),
            ..WebhookLimits::default()
        },
        ..patient_limits()
    };
    let mut silent = Receiver::http(Script::Silence).await;
    let mut good = Receiver::answering(200, "").await;
    let server = TestServer::with_tenants(limits, vec![told_at(good.address)]).await;
    let mut ada = server.client().await;
    let elsewhere = url_at(silent.address);
    let query = [("peerId", "ada"), ("apiEvent", elsewhere.as_str())];
    ada.join_with(crate::support::client::join_by("slow", "Ada", &query))
        .await;
    assert_eq!(silent.asked().await.json()["peerId"], "ada");
    let (bob, _) = come(&server, "quick", "bob").await;
    go(bob).await;
    expect(&mut good, &connected("quick", "bob")).await;
    expect(&mut good, &disconnected("quick", "bob")).await;
    server.stop().await;
}

#[tokio::test]
async fn private_receiver_is_not_reached_unless_the_tenant_allows_it() {
    let mut receiver = Receiver::https(Script::Reply(reply(200, ""))).await;
    let port = SocketAddr::port(&receiver.address);
    let tenant = TenantSettings {
        allow_private_targets: false,
        event_url: Some(format!("https://localhost:{port}/events")),
        ..told_at(receiver.address)
    };
    let server = TestServer::with_tenants(eager(), vec![tenant]).await;
    let (_ada, _) = come(&server, "room", "ada").await;
    let database = server.database().await;
    until("it was tried", async || {
        let lines = database.new_webhooks(0).await.expect("lines").0;
        let Some(line) = lines.first() else {
            return false;
        };
        let message = database.next_webhook(line).await.expect("a query");
        message.is_some_and(|message| message.attempts > 1)
    })
    .await;
    assert_eq!(receiver.times_asked(), 0);
}
