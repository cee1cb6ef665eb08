//! `Idempotency-Key` on all writes, at once, and where something fails.

use serde_json::{Value, json};
use server::accounts::Scope;
use sqlx::{Connection, query_scalar};

use crate::{
    meeting::{enter, person},
    support::{
        TestServer,
        api::{Backend, assert_problem},
        client::snapshot,
        database,
        http::Response,
        patient_limits,
    },
};

const SAY: &str = "POST /api/v1/rooms/room/messages";
const TABLE: &str = "idempotency_keys";

async fn send(backend: &Backend<'_>, what: &str, key: &str, body: &Value) -> Response {
    let key = format!("Idempotency-Key: \"{key}\"");
    match body {
        Value::Null => backend.send(what, &[&key], "").await,
        body => backend.send_json(what, &[&key], body).await,
    }
}

fn is_replayed(response: &Response) -> bool {
    response.header("idempotency-replayed") == "true"
}

#[tokio::test]
async fn each_kind_of_write_is_answered_again() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.admin().await;
    for (number, (what, body, status)) in [
        ("POST /rooms/room/closePeer", json!({ "peerId": "a" }), 400),
        ("POST /rooms/room/recording/start", Value::Null, 400),
        ("POST /rooms/room/recording/stop", Value::Null, 400),
        ("DELETE /streaming/videos/1", Value::Null, 404),
        ("DELETE /api/v1/tokens/0123456789abcdef", Value::Null, 404),
        ("POST /api/v1/tokens", json!({ "name": "x" }), 400),
        ("POST /api/v1/webhooks", json!({ "url": "x" }), 400),
        ("DELETE /api/v1/webhooks/x", Value::Null, 404),
        ("POST /api/v1/webhooks/dead/replay", Value::Null, 200),
        ("POST /api/v1/webhooks/dead/x/replay", Value::Null, 404),
    ]
    .into_iter()
    .enumerate()
    {
        let key = format!("key-{number}");
        let first = send(&backend, what, &key, &body).await;
        assert_eq!(first.status, status, "{what}: {}", first.text());
        assert!(!is_replayed(&first), "{what}");
        let again = send(&backend, what, &key, &body).await;
        assert_eq!(again.status, status, "{what}");
        assert_eq!(again.body, first.body, "{what}");
        assert!(is_replayed(&again), "{what}");
    }
    server.stop().await;
}

#[tokio::test]
async fn new_room_is_told_where_it_is_each_time() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::RoomsWrite]).await;
    let plan = async || send(&backend, "POST /api/v1/rooms", "k", &json!({})).await;
    let first = plan().await;
    assert_eq!(first.status, 201, "{}", first.text());
    let place = first.header("location");
    assert!(place.starts_with("/api/v1/rooms/"), "{place}");
    let again = plan().await;
    assert!(is_replayed(&again));
    assert_eq!(again.header("location"), place);
    server.stop().await;
}

#[tokio::test]
async fn secret_is_shown_once_and_kept_nowhere() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.admin().await;
    let token = json!({ "name": "Lessons", "scopes": ["rooms:read"] });
    let hook = json!({ "url": "https://lms.example/hook", "events": ["room.started"] });
    for (what, body, secret) in [
        ("POST /api/v1/tokens", &token, "token"),
        ("POST /api/v1/webhooks", &hook, "secret"),
    ] {
        let first = send(&backend, what, secret, body).await;
        assert_eq!(first.status, 201, "{}", first.text());
        assert!(first.json()[secret].is_string(), "{}", first.text());
        let again = send(&backend, what, secret, body).await;
        assert_problem(&again, 409, "shown_once");
        let other = send(&backend, what, secret, &json!({})).await;
        assert_problem(&other, 422, "key_reused");
    }
    // each was made once
    let tokens = backend.get("/api/v1/tokens").await.json();
    assert_eq!(tokens["tokens"].as_array().map(Vec::len), Some(2));
    let hooks = backend.get("/api/v1/webhooks").await.json();
    assert_eq!(hooks["data"].as_array().map(Vec::len), Some(1));
    let mut connection = database::connection(server.folder.path()).await;
    let kept = "SELECT count(*) FROM idempotency_keys WHERE body IS NOT NULL";
    let kept: i64 = query_scalar(kept)
        .fetch_one(&mut connection)
        .await
        .expect("a number");
    assert_eq!(kept, 0);
    connection.close().await.expect("closed");
    server.stop().await;
}

#[tokio::test]
async fn of_two_equal_requests_at_once_one_is_done() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::RoomsWrite]).await;
    for round in 0..20 {
        // hashing the PIN takes a while, in which the other one comes
        let key = format!("key-{round}");
        let body = json!({ "roomId": key, "settings": { "pin": "0427" } });
        let plan = async || send(&backend, "POST /api/v1/rooms", &key, &body).await;
        let (one, two) = tokio::join!(plan(), plan());
        let both = [&one, &two];
        let done = both
            .iter()
            .filter(|it| it.status == 201 && !is_replayed(it));
        assert_eq!(done.count(), 1, "{} {}", one.text(), two.text());
        let again = plan().await;
        assert_eq!((again.status, is_replayed(&again)), (201, true));
        if let Some(refused) = both.into_iter().find(|it| it.status != 201) {
            assert_problem(refused, 409, "key_in_use");
            return server.stop().await;
        }
    }
    panic!("the second one never came while the first was under way");
}

#[tokio::test]
async fn key_whose_answer_cannot_be_kept_is_free_again() {
    let server = TestServer::with(patient_limits()).await;
    let (_ada, _) = enter(&server, person("ada")).await;
    let backend = server.backend(&[Scope::ChatWrite]).await;
    let folder = server.folder.path().to_owned();
    let say = async || send(&backend, SAY, "k", &json!({ "text": "hello" })).await;
    database::refuse_changes(&folder, TABLE).await;
    assert_eq!(say().await.status, 201);
    database::take_changes(&folder, TABLE).await;
    let again = say().await;
    assert_eq!((again.status, is_replayed(&again)), (201, false));
    let third = say().await;
    assert_eq!((third.status, is_replayed(&third)), (201, true));
    let (_bob, welcome) = enter(&server, person("bob")).await;
    assert_eq!(snapshot(&welcome).chat.len(), 2);
    server.stop().await;
}
