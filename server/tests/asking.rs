//! A socket while somebody else is asked whether its participant may enter.

mod support;

use std::time::Duration;

use protocol::{ClientMessage, ErrorCode, ServerMessage};
use server::{
    config::TenantSettings,
    limits::{Limits, OutgoingLimits},
};
use support::{
    TestServer,
    client::{Client, code, join},
    patient_limits,
    receiver::{Receiver, Script},
    tenant::tenant,
};

/// A server whose integrator does not answer for a long time.
async fn waiting() -> (TestServer, Receiver, Client) {
    let mut receiver = Receiver::http(Script::Silence).await;
    let tenant = TenantSettings {
        access_url: Some(receiver.url()),
        ..tenant()
    };
    let limits = Limits {
        outgoing: OutgoingLimits {
            time: Duration::from_secs(600),
            ..OutgoingLimits::default()
        },
        ..patient_limits()
    };
    let server = TestServer::with_tenants(limits, vec![tenant]).await;
    let mut ada = server.client().await;
    ada.send(ClientMessage::Join(join("room", "Ada"))).await;
    receiver.asked().await;
    (server, receiver, ada)
}

#[tokio::test]
async fn socket_is_served_while_the_integrator_thinks() {
    let (_server, _receiver, mut ada) = waiting().await;
    assert_eq!(ada.ask(ClientMessage::Ping).await, ServerMessage::Pong);
    let hello = ada.chat("hello").await;
    assert_eq!(code(&hello), ErrorCode::NotAdmitted);
    let again = ada.ask(ClientMessage::Join(join("room", "Ada"))).await;
    assert_eq!(code(&again), ErrorCode::AlreadyJoined);
    ada.send_text("no JSON").await;
    assert_eq!(ada.error().await, ErrorCode::BadMessage);
    assert_eq!(ada.ask(ClientMessage::Ping).await, ServerMessage::Pong);
    ada.ask_ok(ClientMessage::Leave).await;
    ada.closed().await;
}

#[tokio::test]
async fn stopping_server_does_not_wait_for_the_integrator() {
    let (server, _receiver, mut ada) = waiting().await;
    let (ended, ()) = tokio::join!(ada.ended(), server.stop());
    assert_eq!(ended.code, ErrorCode::ServerShutdown);
}

#[tokio::test]
async fn client_that_goes_away_ends_the_question() {
    let (server, receiver, ada) = waiting().await;
    ada.vanish();
    receiver.until_hung_up().await;
    assert_eq!(server.server().registry().count().await, Ok(0));
}
