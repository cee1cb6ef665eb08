//! Tokens that make, list and revoke tokens over REST.

use serde_json::json;
use server::{accounts::Scope, config::TenantSettings};

use crate::support::{
    TestServer,
    api::{Backend, assert_problem},
    patient_limits,
};

const TOKENS: &str = "/api/v1/tokens";

fn tenant(hostname: &str) -> TenantSettings {
    TenantSettings {
        hostname: hostname.to_owned(),
        ..TenantSettings::default()
    }
}

async fn server() -> TestServer {
    let tenants = vec![tenant("a.example"), tenant("b.example")];
    TestServer::with_tenants(patient_limits(), tenants).await
}

async fn make(backend: &Backend<'_>, wish: serde_json::Value) -> serde_json::Value {
    let made = backend.post(TOKENS, &wish).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()
}

#[tokio::test]
async fn token_is_made_used_listed_and_revoked() {
    let server = server().await;
    let admin = server.admin().await;
    let wish = json!({
        "name": "Lessons",
        "scopes": ["rooms:read"],
        "tenant": "a.example",
        "expiresInSeconds": 3600,
    });
    let made = make(&admin, wish).await;
    let text = made["token"].as_str().expect("a token");
    assert!(text.starts_with("mf_"), "{text}");
    let backend = server.backend_with(text);
    let me = backend.get("/api/v1/me").await.json();
    assert_eq!(me["name"], "Lessons");
    assert_eq!(me["tenant"], "a.example");
    assert_eq!(me["expiresAt"], made["expiresAt"]);
    let listed = admin.get(TOKENS).await;
    assert!(!listed.text().contains(text), "shown once");
    let listed = listed.json();
    let of = |id: &serde_json::Value| {
        let tokens = listed["tokens"].as_array().expect("tokens");
        tokens.iter().find(|token| token["id"] == *id).cloned()
    };
    let found = of(&made["id"]).expect("it is listed");
    assert!(found["lastUsedAt"].is_string(), "{found}");
    let path = format!("{TOKENS}/{}", made["id"].as_str().expect("an id"));
    assert_eq!(admin.delete(&path).await.status, 204);
    let refused = backend.get("/api/v1/me").await;
    assert_problem(&refused, 401, "unauthorized");
    assert_problem(&admin.delete(&path).await, 404, "not_found");
    server.stop().await;
}

#[tokio::test]
async fn token_never_grants_more_than_it_has() {
    let server = server().await;
    let scopes = [Scope::TokensWrite, Scope::RoomsRead];
    let admin = server.backend(&scopes).await;
    let wish = json!({"name": "x", "scopes": ["rooms:write"]});
    assert_problem(&admin.post(TOKENS, &wish).await, 403, "more_than_own");
    let short = json!({
        "name": "short",
        "scopes": ["tokens:write", "rooms:read"],
        "tenant": "a.example",
        "expiresInSeconds": 60,
    });
    let short = make(&admin, short).await;
    let backend = server.backend_with(short["token"].as_str().expect("a token"));
    for more in [
        json!({"name": "x", "scopes": ["rooms:read"], "tenant": "b.example"}),
        json!({"name": "x", "scopes": ["rooms:read"], "expiresInSeconds": 3600}),
    ] {
        let refused = backend.post(TOKENS, &more).await;
        assert_problem(&refused, 403, "more_than_own");
    }
    // what is not said is as the token that makes it
    let child = make(&backend, json!({"name": "x", "scopes": ["rooms:read"]})).await;
    assert_eq!(child["tenant"], "a.example");
    assert_eq!(child["expiresAt"], short["expiresAt"]);
    server.stop().await;
}

#[tokio::test]
async fn tokens_of_others_are_neither_seen_nor_revoked() {
    let server = server().await;
    let theirs = server.token_for(&Scope::ALL, Some("b.example")).await;
    let own = server.token_for(&Scope::ALL, Some("a.example")).await;
    let own = server.backend_with(&own);
    let listed = own.get(TOKENS).await.json();
    assert_eq!(listed["tokens"].as_array().map(Vec::len), Some(1));
    let id = theirs.split('_').nth(1).expect("an id");
    let refused = own.delete(&format!("{TOKENS}/{id}")).await;
    assert_problem(&refused, 404, "not_found");
    assert_eq!(server.backend_with(&theirs).get(TOKENS).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn without_the_scope_nothing_is_told_of_tokens() {
    let server = server().await;
    let backend = server.backend(&[Scope::RoomsWrite]).await;
    let wish = json!({"name": "x", "scopes": ["rooms:write"]});
    for refused in [
        backend.get(TOKENS).await,
        backend.post(TOKENS, &wish).await,
        backend.delete("/api/v1/tokens/0123456789abcdef").await,
    ] {
        assert_problem(&refused, 403, "forbidden");
        assert!(refused.text().contains("tokens:write"));
    }
    server.stop().await;
}

#[tokio::test]
async fn wishes_that_make_no_sense_are_refused() {
    let server = server().await;
    let admin = server.admin().await;
    for (wish, status) in [
        (json!({}), 400),
        (json!({"name": "", "scopes": ["rooms:read"]}), 400),
        (json!({"name": "a\u{0}", "scopes": ["rooms:read"]}), 400),
        (json!({"name": "x", "scopes": []}), 400),
        (json!({"name": "x", "scopes": ["everything"]}), 400),
        (
            json!({"name": "x", "scopes": ["rooms:read"], "expiresInSeconds": 0}),
            400,
        ),
        (
            json!({"name": "x", "scopes": ["rooms:read"], "tenant": "c.example"}),
            404,
        ),
    ] {
        assert_eq!(admin.post(TOKENS, &wish).await.status, status, "{wish}");
    }
    // a mistyped time would make a token that never ends
    let mistyped = json!({"name": "x", "scopes": ["rooms:read"], "expiresIn": 60});
    let refused = admin.post(TOKENS, &mistyped).await;
    assert_problem(&refused, 400, "bad_request");
    assert!(refused.text().contains("expiresIn"), "{}", refused.text());
    let text = ["Content-Type: text/plain"];
    let refused = admin.send("POST /api/v1/tokens", &text, "{}").await;
    assert_problem(&refused, 415, "unsupported_media_type");
    server.stop().await;
}
