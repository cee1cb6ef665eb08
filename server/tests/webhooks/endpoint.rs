//! Whom messages go to, and with what authorization.

use serde_json::json;
use server::config::TenantSettings;

use crate::{
    hooks::{come, eager, go, pair, told_at, url_at},
    support::{
        TestServer,
        client::join_by,
        receiver::Receiver,
        tenant::{hs256, tenant},
    },
};

// proves attr.apiEvent, attr.authEvent
#[tokio::test]
async fn tenants_own_receiver_gets_the_tenants_authorization() {
    let (server, mut receiver) = pair().await;
    let (ada, _) = come(&server, "room", "ada").await;
    go(ada).await;
    for _ in 0..2 {
        let asked = receiver.asked().await;
        assert_eq!(asked.header("authorization"), Some("Bearer of the tenant"));
        assert!(asked.header("webhook-signature").is_some());
    }
}

// proves attr.apiEvent, attr.authEvent
#[tokio::test]
async fn token_names_the_receiver_of_its_bearer() {
    let (own, mut named) = (
        Receiver::answering(200, "").await,
        Receiver::answering(200, "").await,
    );
    let tenant = TenantSettings {
        debug_attributes: false,
        ..told_at(own.address)
    };
    let server = TestServer::with_tenants(eager(), vec![tenant]).await;
    let token = hs256(&json!({
        "apiEvent": format!("{}/?key=1", url_at(named.address)),
        "authEvent": "Basic Z2NvcmU=",
        "peerId": "ada",
    }));
    let mut ada = server.client().await;
    ada.join_with(join_by("room", "Ada", &[("token", &token)]))
        .await;
    go(ada).await;
    for path in ["joinPeer", "closePeer"] {
        let asked = named.asked().await;
        // the tenant's own secrets go to nobody else
        assert_eq!(
            asked.line,
            format!("POST /api/events/{path}?key=1 HTTP/1.1")
        );
        assert_eq!(asked.header("authorization"), Some("Basic Z2NvcmU="));
        assert_eq!(asked.header("webhook-signature"), None);
        assert!(asked.header("webhook-id").is_some());
    }
    let mut own = own;
    assert_eq!(own.times_asked(), 0);
}

// proves attr.apiEvent, attr.authEvent
#[tokio::test]
async fn address_names_the_receiver_only_where_debug_attributes_count() {
    let (mut own, mut named) = (
        Receiver::answering(200, "").await,
        Receiver::answering(200, "").await,
    );
    let url = url_at(named.address);
    let query = [("apiEvent", url.as_str()), ("authEvent", "Bearer x")];
    let debugging = TestServer::with_tenants(eager(), vec![told_at(own.address)]).await;
    let mut ada = debugging.client().await;
    ada.join_with(join_by("room", "Ada", &query)).await;
    let asked = named.asked().await;
    assert_eq!(asked.header("authorization"), Some("Bearer x"));

    let serious = TenantSettings {
        debug_attributes: false,
        ..told_at(own.address)
    };
    let server = TestServer::with_tenants(eager(), vec![serious]).await;
    let mut ada = server.client().await;
    ada.join_with(join_by("room", "Ada", &query)).await;
    let asked = own.asked().await;
    assert_eq!(asked.header("authorization"), Some("Bearer of the tenant"));
    assert_eq!(named.times_asked(), 0);
}

// proves attr.authEvent
#[tokio::test]
async fn authorization_of_the_token_goes_to_the_tenants_receiver() {
    let (server, mut receiver) = pair().await;
    let token = hs256(&json!({ "authEvent": "Bearer of the token" }));
    let mut ada = server.client().await;
    ada.join_with(join_by("room", "Ada", &[("token", &token)]))
        .await;
    let asked = receiver.asked().await;
    assert_eq!(asked.header("authorization"), Some("Bearer of the token"));
}

#[tokio::test]
async fn nobody_is_told_where_nobody_wants_to_hear() {
    let server = TestServer::with_tenants(eager(), vec![tenant()]).await;
    let (ada, _) = come(&server, "room", "ada").await;
    go(ada).await;
    server.until_empty().await;
    let database = server.database().await;
    assert_eq!(database.count_webhooks().await.expect("a count"), (0, 0));
}
