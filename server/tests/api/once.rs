//! `Idempotency-Key`: done once, answered the same.

use protocol::RoomEvent;
use serde_json::json;
use server::{accounts::Scope, clock::UnixMillis, db::KnownKey};

use crate::{
    meeting::{enter, person},
    support::{TestServer, api::assert_problem, client::snapshot, patient_limits},
};

const SAY: &str = "POST /api/v1/rooms/room/messages";
const KEY: &str = "Idempotency-Key: \"8e03978e-40d5-43dd-bc93-6894a57f9324\"";

#[tokio::test]
async fn repeated_write_is_done_once_and_answered_the_same_over_a_restart_too() {
    let server = TestServer::with(patient_limits()).await;
    let (mut ada, _) = enter(&server, person("ada")).await;
    let token = server.token(&[Scope::ChatWrite]).await;
    let host = "meet.example";
    let body = json!({ "text": "once" });
    let say = async |server: &TestServer, key: &str| {
        let backend = server.backend_with(&token).of(host);
        backend.send_json(SAY, &[key], &body).await
    };
    let first = say(&server, KEY).await;
    assert_eq!(first.status, 201, "{}", first.text());
    let bare = KEY.replace('"', "");
    for key in [KEY, &bare] {
        let again = say(&server, key).await;
        assert_eq!((again.status, &again.body), (201, &first.body));
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.header("content-type"), "application/json");
    }
    assert!(matches!(ada.event().await.1, RoomEvent::Chat { .. }));
    let server = server.restart().await;
    let again = say(&server, KEY).await;
    assert_eq!((again.status, &again.body), (201, &first.body));
    let (_bob, welcome) = enter(&server, person("bob")).await;
    assert_eq!(snapshot(&welcome).chat.len(), 1);
}

#[tokio::test]
async fn key_is_good_for_one_request_of_one_caller() {
    let server = TestServer::with(patient_limits()).await;
    let (_ada, _) = enter(&server, person("ada")).await;
    let backend = server.backend(&[Scope::ChatWrite]).await;
    let one = json!({ "text": "one" });
    assert_eq!(backend.send_json(SAY, &[KEY], &one).await.status, 201);
    let other = backend
        .send_json(SAY, &[KEY], &json!({ "text": "two" }))
        .await;
    assert_problem(&other, 422, "key_reused");
    let elsewhere = "POST /api/v1/rooms/elsewhere/messages";
    let other = backend.send_json(elsewhere, &[KEY], &one).await;
    assert_problem(&other, 422, "key_reused");
    let another = server.backend(&[Scope::ChatWrite]).await;
    let own = another.send_json(SAY, &[KEY], &one).await;
    assert_eq!((own.status, own.header("idempotency-replayed")), (201, ""));
    let long = format!("Idempotency-Key: {}", "k".repeat(256));
    for bad in ["Idempotency-Key: \"\"", &long] {
        assert_problem(
            &backend.send_json(SAY, &[bad], &one).await,
            400,
            "bad_request",
        );
    }
}

#[tokio::test]
async fn refusals_are_answered_the_same_too() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::ChatWrite]).await;
    let body = json!({ "text": "hello" });
    let first = backend.send_json(SAY, &[KEY], &body).await;
    assert_problem(&first, 404, "room_not_found");
    let (_ada, _) = enter(&server, person("ada")).await;
    let again = backend.send_json(SAY, &[KEY], &body).await;
    assert_problem(&again, 404, "room_not_found");
}

#[tokio::test]
async fn key_of_a_request_under_way_is_in_use_until_a_restart() {
    let server = TestServer::with(patient_limits()).await;
    let (_ada, _) = enter(&server, person("ada")).await;
    let backend = server.backend(&[Scope::ChatWrite]).await;
    let token = backend.token.clone();
    let id = server
        .server()
        .accounts()
        .tokens(None)
        .await
        .expect("tokens")[0]
        .id
        .clone();
    let caller = format!("token:{id}");
    // the same request, as far as the database knows of it
    let body = json!({ "text": "hello" });
    assert_eq!(backend.send_json(SAY, &[KEY], &body).await.status, 201);
    let key = "8e03978e-40d5-43dd-bc93-6894a57f9324";
    let database = server.database().await;
    let now = server::clock::Now::read().unix;
    let ids = (caller.as_str(), key);
    let past = UnixMillis::new(0);
    let known = database.take_key(ids, b"another", (now, past)).await;
    assert_eq!(known.ok(), Some(KnownKey::Other));
    let other = (caller.as_str(), "second");
    let fresh = database.take_key(other, b"x", (now, past)).await;
    assert_eq!(fresh.ok(), Some(KnownKey::New));
    let again = database.take_key(other, b"x", (now, past)).await;
    assert_eq!(again.ok(), Some(KnownKey::UnderWay));
    // a day later it is free again
    let late = UnixMillis::new(now.get() + 1);
    let fresh = database.take_key(ids, b"another", (late, late)).await;
    assert_eq!(fresh.ok(), Some(KnownKey::New));
    database.close().await;
    // what a server did not finish may be tried again with the next one
    let server = server.restart().await;
    let (_ada, _) = enter(&server, person("ada")).await;
    let again = server.backend_with(&token);
    let again = again.send_json(SAY, &[KEY], &body).await;
    assert_eq!(again.status, 201, "{}", again.text());
}
