//! U+0000, which PostgreSQL takes in no text: wherever a text comes in, it is
//! cleaned or refused, and never a failure of the server.

use serde_json::{Value, json};

use crate::support::{
    TestServer,
    api::assert_problem,
    client::{join_by, snapshot},
    patient_limits,
};

/// Method and path, the body, and the status that is right.
fn requests() -> Vec<(&'static str, Value, u16)> {
    let nul = "a\0b";
    vec![
        ("GET /rooms/a%00b/exists", Value::Null, 404),
        ("GET /rooms/a%00b/numberPeers", Value::Null, 404),
        ("GET /rooms/a%00b/recording", Value::Null, 404),
        ("GET /rooms/room/existingPeer/a%00b", Value::Null, 200),
        ("GET /streaming/videos/search?q=a%00b", Value::Null, 200),
        ("GET /streaming/videos/a%00b", Value::Null, 404),
        ("GET /streaming/videos/1?grant=a%00b", Value::Null, 403),
        (
            "GET /streaming/statistics/peers/?room_id=a%00b&from=0&to=1",
            Value::Null,
            400,
        ),
        (
            "GET /streaming/statistics/peers/?room_id=room&from=%00&to=1",
            Value::Null,
            400,
        ),
        ("GET /api/v1/rooms/a%00b/attendance.csv", Value::Null, 400),
        // "a\0b" in base64
        ("GET /api/v1/rooms?cursor=YQBi", Value::Null, 400),
        (
            "GET /api/v1/rooms/room/participants?cursor=YQBi",
            Value::Null,
            400,
        ),
        (
            "GET /api/v1/rooms/room/participants/a%00b",
            Value::Null,
            404,
        ),
        (
            "DELETE /api/v1/rooms/room/participants/a%00b",
            Value::Null,
            404,
        ),
        (
            "POST /api/v1/rooms/room/waiting/a%00b/admit",
            Value::Null,
            404,
        ),
        ("GET /api/v1/rooms/a%00b", Value::Null, 404),
        ("DELETE /api/v1/rooms/a%00b", Value::Null, 404),
        ("DELETE /api/v1/tokens/a%00b", Value::Null, 404),
        ("DELETE /api/v1/webhooks/a%00b", Value::Null, 404),
        ("POST /api/v1/webhooks/dead/a%00b/replay", Value::Null, 404),
        ("POST /api/v1/rooms", json!({ "roomId": nul }), 400),
        (
            "POST /api/v1/rooms",
            json!({ "settings": { "pin": nul } }),
            400,
        ),
        (
            "POST /api/v1/rooms",
            json!({ "settings": { "expiresAt": nul } }),
            400,
        ),
        (
            "POST /api/v1/tokens",
            json!({ "name": nul, "scopes": ["rooms:read"] }),
            400,
        ),
        (
            "POST /api/v1/tokens",
            json!({ "name": "a", "scopes": ["rooms:read"], "tenant": nul }),
            404,
        ),
        (
            "POST /api/v1/webhooks",
            json!({ "url": nul, "events": ["room_started"] }),
            400,
        ),
        ("POST /chat/clear-rooms", json!({ "rooms": [nul] }), 400),
        (
            "POST /api/v1/rooms/room/tokens",
            json!({ "displayName": nul, "peerId": nul }),
            400,
        ),
        (
            "POST /auth/jwt/login",
            json!({ "username": nul, "password": nul }),
            401,
        ),
        ("POST /auth/jwt/refresh", json!({ "refresh": nul }), 401),
    ]
}

#[tokio::test]
async fn no_request_with_it_is_a_failure_of_the_server() {
    let server = TestServer::with(patient_limits()).await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    let mut wrong = Vec::new();
    for (what, body, status) in requests() {
        // one for each: it is not about how often one may ask
        let admin = server.admin().await;
        let answer = match &body {
            Value::Null => admin.send(what, &[], "").await,
            body => admin.send_json(what, &[], body).await,
        };
        if answer.status != status {
            wrong.push(format!(
                "{what} {body}: {} {}",
                answer.status,
                answer.text()
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let admin = server.admin().await;
    let refused = admin.get("/api/v1/rooms?cursor=YQBi").await;
    assert_problem(&refused, 400, "bad_request");
    server.stop().await;
}

#[tokio::test]
async fn names_and_messages_are_cleaned_and_kept() {
    let server = TestServer::with(patient_limits()).await;
    let mut ada = server.client().await;
    let name = ada.join_with(join_by("room", "A\0da", &[])).await;
    let peers = snapshot(&name).participants.iter();
    assert!(
        peers
            .clone()
            .all(|peer| peer.display_name.as_str() == "Ada")
    );
    let backend = server.admin().await;
    let said = json!({ "text": "a\0b", "displayName": "Scho\0ol" });
    let sent = backend.post("/api/v1/rooms/room/messages", &said).await;
    assert_eq!(sent.status, 201, "{}", sent.text());
    // who comes later has it from the database's copy
    let server = server.restart().await;
    let mut bob = server.client().await;
    let welcome = bob.join("room", "Bob").await;
    let chat: Vec<_> = snapshot(&welcome)
        .chat
        .iter()
        .map(|m| m.text.as_str())
        .collect();
    assert_eq!(chat, ["a\u{fffd}b"]);
    server.stop().await;
}
