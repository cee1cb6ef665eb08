//! Who may read the numbers.

use server::{accounts::Scope, room_key::TenantId};

use crate::support::{TestServer, api::assert_problem, http};

/// What a proxy says when it passes a request on.
const PROXIED: &str = "X-Forwarded-For: 203.0.113.9";

#[tokio::test]
async fn the_machine_itself_may_read_and_nobody_behind_a_proxy() {
    let server = TestServer::start().await;
    let get = async |headers: &[&str]| http::get(server.address(), "/metrics", headers).await;
    assert_eq!(get(&[]).await.status, 200);
    for header in [
        PROXIED,
        "Forwarded: for=203.0.113.9",
        "Host: meet.example.org",
    ] {
        assert_problem(&get(&[header]).await, 401, "unauthorized");
    }
}

#[tokio::test]
async fn a_token_of_the_scope_may_read_from_anywhere() {
    let server = TestServer::start().await;
    let may = server.backend(&[Scope::MetricsRead]).await;
    let answer = may.send("GET /metrics", &[PROXIED], "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.text().contains("meetframe_rooms 0"));

    let other = server.backend(&[Scope::RoomsRead]).await;
    let answer = other.send("GET /metrics", &[PROXIED], "").await;
    assert_problem(&answer, 403, "forbidden");

    let none = server.backend_with("not a token");
    let answer = none.send("GET /metrics", &[PROXIED], "").await;
    assert_eq!(answer.status, 401);
}

#[tokio::test]
async fn a_token_of_one_tenant_does_not_see_the_numbers_of_all() {
    let server = TestServer::start().await;
    let tenant = TenantId::default_tenant();
    let token = server
        .token_for(&[Scope::MetricsRead], Some(tenant.as_str()))
        .await;
    let backend = server.backend_with(&token);
    let answer = backend.send("GET /metrics", &[PROXIED], "").await;
    assert_problem(&answer, 403, "wrong_tenant");
}
