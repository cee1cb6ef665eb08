//! What these tests share: a server whose tenant has a receiver, and messages
//! as a receiver sees them.

use std::{net::SocketAddr, time::Duration};

use protocol::{ClientMessage, Join, Welcome};
use serde_json::{Value, json};
use server::{
    config::{Secret, TenantSettings},
    limits::{Limits, WebhookLimits},
};

use crate::support::{
    TestServer,
    client::{Client, join_by},
    patient_limits,
    receiver::{Asked, Receiver, Script, reply},
    tenant::tenant,
};

/// The secret of the tenant, and its bytes in base64.
pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A tenant that wants to hear of everything at this address.
pub(crate) fn told_at(address: SocketAddr) -> TenantSettings {
    TenantSettings {
        event_url: Some(url_at(address)),
        event_authorization: Some(Secret::new("Bearer of the tenant")),
        event_secret: Some(Secret::new(SECRET)),
        ..tenant()
    }
}

pub(crate) fn url_at(address: SocketAddr) -> String {
    format!("http://localhost:{}/api/events", address.port())
}

/// Quick retries; all else as in a real server, and nobody is given up.
pub(crate) fn eager() -> Limits {
    Limits {
        webhooks: quick_webhooks(),
        ..patient_limits()
    }
}

/// The same, where the lost are given up soon.
pub(crate) fn impatient() -> Limits {
    Limits {
        abandoned: Duration::from_secs(2),
        ..eager()
    }
}

pub(crate) fn quick_webhooks() -> WebhookLimits {
    WebhookLimits {
        first_retry: Duration::from_millis(5),
        time: Duration::from_millis(500),
        ..WebhookLimits::default()
    }
}

/// A server, and a receiver that takes everything.
pub(crate) async fn pair() -> (TestServer, Receiver) {
    pair_with(eager()).await
}

pub(crate) async fn pair_with(limits: Limits) -> (TestServer, Receiver) {
    scripted(limits, Script::Reply(reply(200, ""))).await
}

pub(crate) async fn scripted(limits: Limits, script: Script) -> (TestServer, Receiver) {
    let receiver = Receiver::http(script).await;
    let server = TestServer::with_tenants(limits, vec![told_at(receiver.address)]).await;
    (server, receiver)
}

/// Somebody who joins with an id of their own.
pub(crate) fn wish(room: &str, peer: &str) -> Join {
    join_by(room, &name(peer), &[("peerId", peer)])
}

pub(crate) fn name(peer: &str) -> String {
    format!("{peer} 👋")
}

pub(crate) async fn come(server: &TestServer, room: &str, peer: &str) -> (Client, Box<Welcome>) {
    let mut client = server.client().await;
    let welcome = client.join_with(wish(room, peer)).await;
    (client, welcome)
}

pub(crate) async fn go(mut client: Client) {
    client.ask_ok(ClientMessage::Leave).await;
}

pub(crate) fn connected(room: &str, peer: &str) -> Value {
    json!({ "event": "connected", "roomId": room, "peerId": peer, "displayName": name(peer) })
}

pub(crate) fn disconnected(room: &str, peer: &str) -> Value {
    json!({ "event": "disconnected", "roomId": room, "peerId": peer, "displayName": name(peer) })
}

/// The last part of the path of a message.
pub(crate) fn kind(asked: &Asked) -> &str {
    let path = asked.line.split(' ').nth(1).expect("a path");
    path.rsplit('/').next().expect("a part")
}

pub(crate) fn id(asked: &Asked) -> String {
    asked.header("webhook-id").expect("an id").to_owned()
}

/// Reads the next message, which has to be this one.
pub(crate) async fn expect(receiver: &mut Receiver, wanted: &Value) -> Asked {
    let asked = receiver.asked().await;
    assert_eq!(asked.json(), *wanted);
    let kinds = [("connected", "joinPeer"), ("disconnected", "closePeer")];
    let event = wanted["event"].as_str().expect("an event");
    assert!(kinds.contains(&(event, kind(&asked))), "{}", asked.line);
    asked
}

/// Nothing more comes: all is delivered and the receiver has heard nothing
/// else.
pub(crate) async fn nothing_more(server: &TestServer, receiver: &mut Receiver) {
    let database = server.database().await;
    crate::support::until("all webhooks are delivered", async || {
        database.count_webhooks().await.expect("a count").0 == 0
    })
    .await;
    assert_eq!(receiver.times_asked(), 0);
}
