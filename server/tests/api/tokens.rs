//! Permanent tokens.

use server::{accounts::Scope, clock::Now};

use crate::support::{TestServer, api::assert_problem, database, http, patient_limits};

#[tokio::test]
async fn token_says_who_it_is_and_what_it_may() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::RoomsRead, Scope::ChatWrite]).await;
    let me = backend.get("/api/v1/me").await;
    assert_eq!(me.status, 200, "{}", me.text());
    assert_eq!(me.header("cache-control"), "no-store");
    let me = me.json();
    assert_eq!(me["kind"], "token");
    assert_eq!(me["name"], "test");
    assert_eq!(me["tenant"], serde_json::Value::Null);
    assert_eq!(
        me["scopes"],
        serde_json::json!(["rooms:read", "chat:write"])
    );
    server.stop().await;
}

#[tokio::test]
async fn without_good_token_the_answer_is_401() {
    let server = TestServer::with(patient_limits()).await;
    let good = server.token(&[Scope::RoomsRead]).await;
    let other = format!("{}{}", &good[..good.len() - 1], "x");
    let mut last = good.clone();
    let digit = if last.pop() == Some('0') { '1' } else { '0' };
    last.push(digit);
    for bad in ["", "mf_", "eyJ0eXAiOiJKV", &other, &last] {
        let refused = server.backend_with(bad).get("/api/v1/me").await;
        assert_problem(&refused, 401, "unauthorized");
        assert_eq!(refused.header("www-authenticate"), "Bearer");
    }
    let none = http::get(server.address(), "/api/v1/me", &[]).await;
    assert_problem(&none, 401, "unauthorized");
    server.stop().await;
}

#[tokio::test]
async fn revoked_token_is_no_good_from_the_next_request_on() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::RoomsRead]).await;
    let me = backend.get("/api/v1/me").await.json();
    // another process revokes it
    let database = server.database().await;
    let id = me["id"].as_str().expect("an id");
    assert_eq!(database.remove_api_token(id, None).await.ok(), Some(true));
    database.close().await;
    assert_problem(&backend.get("/api/v1/me").await, 401, "unauthorized");
    server.stop().await;
}

#[tokio::test]
async fn use_of_a_token_is_noted() {
    let server = TestServer::with(patient_limits()).await;
    let before = Now::read().unix;
    let backend = server.backend(&[]).await;
    assert_eq!(backend.get("/api/v1/me").await.status, 200);
    let tokens = server.server().accounts().tokens(None).await;
    let used = tokens.expect("tokens")[0].last_used_at;
    assert!(used.is_some_and(|at| at >= before));
    server.stop().await;
}

#[tokio::test]
async fn token_is_good_while_its_use_cannot_be_noted() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::RoomsRead]).await;
    database::refuse_changes(server.folder.path(), "api_tokens").await;
    let asked = backend.get("/rooms/room/exists").await;
    assert_eq!(asked.status, 200, "{}", asked.text());
    let tokens = server.server().accounts().tokens(None).await;
    assert_eq!(tokens.expect("tokens")[0].last_used_at, None);
    server.stop().await;
}

#[tokio::test]
async fn method_that_is_not_there_is_405() {
    let server = TestServer::with(patient_limits()).await;
    let refused = server.admin().await.delete("/api/v1/me").await;
    assert_problem(&refused, 405, "method_not_allowed");
    assert_eq!(refused.header("allow"), "GET,HEAD");
    server.stop().await;
}

#[tokio::test]
async fn address_that_is_not_there_is_a_problem_for_programs_and_a_page_for_people() {
    let server = TestServer::with(patient_limits()).await;
    let address = server.address();
    for path in [
        "/api/v1/nothing",
        "/api/nothing",
        "/rooms",
        "/rooms/room/nothing",
        "/rooms/room/exists/",
        "/streaming/nothing",
        "/auth/jwt/nothing",
        "/chat/nothing",
    ] {
        for method in ["GET", "POST", "DELETE"] {
            let what = format!("{method} {path}");
            let refused = http::request(address, &what, &[], "").await;
            assert_problem(&refused, 404, "not_found");
            assert_eq!(refused.header("cache-control"), "no-store", "{what}");
        }
    }
    for path in ["/nothing", "/roomsful", "/apis/v1"] {
        let page = http::get(address, path, &[]).await;
        assert_eq!(page.status, 404, "{path}");
        let kind = page.header("content-type");
        assert!(kind.starts_with("text/html"), "{path}: {kind}");
    }
    server.stop().await;
}
