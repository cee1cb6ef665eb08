//! Rooms as the reference product has them.

use protocol::{ErrorCode, RoomEvent, ServerMessage};
use serde_json::json;
use server::accounts::Scope;

use crate::{
    meeting::{ROOM, enter, person, viewer},
    support::{TestServer, api::assert_problem, client::snapshot, patient_limits, tenant},
};

async fn server() -> TestServer {
    TestServer::with(patient_limits()).await
}

// proves rest.POST /rooms/:roomId/closePeer
#[tokio::test]
async fn closed_peer_hears_why_and_is_gone() {
    let server = server().await;
    let (mut ada, _) = enter(&server, person("ada")).await;
    let (mut bob, _) = enter(&server, person("bob")).await;
    let backend = server.backend(&[Scope::RoomsWrite]).await;
    let path = "/rooms/room/closePeer";
    let closed = backend.post(path, &json!({ "peerId": "ada" })).await;
    assert_eq!(
        (closed.status, closed.json()),
        (200, json!({ "closed": true }))
    );
    let ended = ada.ended().await;
    assert_eq!(ended.code, ErrorCode::PeerClosed);
    assert_eq!(
        ended.retry_after_ms, None,
        "they do not come back by themselves"
    );
    while !matches!(bob.event().await.1, RoomEvent::Left { peer } if peer.as_str() == "ada") {}
    let again = backend.post(path, &json!({ "peerId": "ada" })).await;
    assert_problem(&again, 400, "peer_not_found");
    let elsewhere = backend
        .post("/rooms/other/closePeer", &json!({ "peerId": "bob" }))
        .await;
    assert_problem(&elsewhere, 400, "room_not_found");
    assert_problem(&backend.post(path, &json!({})).await, 400, "bad_request");
    // a person may come again by themselves: it only removes
    enter(&server, person("ada")).await;
}

// proves rest.GET /rooms/:roomId/closeRoom
#[tokio::test]
async fn closed_room_ends_for_all_and_is_not_there_any_more() {
    let server = server().await;
    let (mut ada, _) = enter(&server, person("ada")).await;
    let (mut eve, _) = enter(&server, viewer("eve")).await;
    let backend = server.backend(&[Scope::RoomsWrite, Scope::RoomsRead]).await;
    let closed = backend.get("/rooms/room/closeRoom").await;
    assert_eq!(
        (closed.status, closed.json()),
        (200, json!({ "closed": true }))
    );
    assert_eq!(closed.header("cache-control"), "no-store");
    for client in [&mut ada, &mut eve] {
        assert_eq!(client.ended().await.code, ErrorCode::MeetingEnded);
    }
    let exists = backend.get("/rooms/room/exists").await;
    assert_eq!(exists.json(), json!({ "exists": false }));
    assert_problem(
        &backend.get("/rooms/room/closeRoom").await,
        400,
        "room_not_found",
    );
}

// proves rest.GET /rooms/:roomId/closeRoom
#[tokio::test]
async fn who_only_looks_at_the_address_closes_no_room() {
    let server = server().await;
    let (_ada, _) = enter(&server, person("ada")).await;
    let backend = server.backend(&[Scope::RoomsWrite, Scope::RoomsRead]).await;
    let looked = backend.send("HEAD /rooms/room/closeRoom", &[], "").await;
    assert_eq!((looked.status, looked.header("allow")), (405, "GET"));
    let exists = backend.get("/rooms/room/exists").await;
    assert_eq!(exists.json(), json!({ "exists": true }));
    // what only tells can be looked at
    let looked = backend.send("HEAD /rooms/room/exists", &[], "").await;
    assert_eq!(looked.status, 200);
}

// proves rest.GET /rooms/:roomId/durationOfBroadcast
#[tokio::test]
async fn duration_is_that_of_the_room_and_400_without_one() {
    let server = server().await;
    let backend = server.backend(&[Scope::RoomsRead]).await;
    let path = "/rooms/room/durationOfBroadcast";
    assert_problem(&backend.get(path).await, 400, "room_not_found");
    let (_ada, _) = enter(&server, person("ada")).await;
    let answer = backend.get(path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let seconds = answer.json()["duration"].as_u64().expect("seconds");
    assert!(seconds < 60, "{seconds}");
    // what no room can be called is 404
    let bad = backend.get("/rooms/a%20b/durationOfBroadcast").await;
    assert_problem(&bad, 404, "room_not_found");
}

// proves rest.GET /rooms/:roomId/exists
#[tokio::test]
async fn room_exists_while_somebody_is_in_it() {
    let server = server().await;
    let backend = server.backend(&[Scope::RoomsRead]).await;
    let exists = async || backend.get("/rooms/room/exists").await.json();
    assert_eq!(exists().await, json!({ "exists": false }));
    let (mut ada, _) = enter(&server, person("ada")).await;
    assert_eq!(exists().await, json!({ "exists": true }));
    ada.ask_ok(protocol::ClientMessage::Leave).await;
    server.until_empty().await;
    assert_eq!(exists().await, json!({ "exists": false }));
}

// proves rest.GET /rooms/:roomId/existingPeer/:peerId, rest.POST /rooms/:roomId/existingPeer
#[tokio::test]
async fn peer_exists_in_the_room_where_they_are() {
    let server = server().await;
    let backend = server.backend(&[Scope::RoomsRead]).await;
    let asked = async |peer: &str| {
        let path = format!("/rooms/room/existingPeer/{peer}");
        let by_path = backend.get(&path).await;
        let body = json!({ "peerId": peer });
        let by_body = backend.post("/rooms/room/existingPeer", &body).await;
        assert_eq!(by_path.text(), by_body.text());
        by_path
    };
    assert_problem(&asked("ada").await, 400, "room_not_found");
    let (_ada, _) = enter(&server, person("ada")).await;
    let (_eve, _) = enter(&server, viewer("eve")).await;
    for (peer, there) in [("ada", true), ("eve", true), ("bob", false)] {
        assert_eq!(
            asked(peer).await.json(),
            json!({ "exists": there }),
            "{peer}"
        );
    }
}

// proves rest.GET /rooms/:roomId/numberPeers
#[tokio::test]
async fn peers_are_counted_viewers_included() {
    let server = server().await;
    let backend = server.backend(&[Scope::RoomsRead]).await;
    let path = "/rooms/room/numberPeers";
    assert_problem(&backend.get(path).await, 400, "room_not_found");
    let (_ada, _) = enter(&server, person("ada")).await;
    let (_eve, _) = enter(&server, viewer("eve")).await;
    let answer = backend.get(path).await;
    assert_eq!(
        (answer.status, answer.json()),
        (200, json!({ "numberPeers": 2 }))
    );
}

// proves rest.POST /chat/clear-rooms
#[tokio::test]
async fn cleared_chat_is_gone_everywhere() {
    let server = server().await;
    let (mut ada, _) = enter(&server, person("ada")).await;
    assert_eq!(ada.chat("secret").await, ServerMessage::Ok);
    let backend = server.backend(&[Scope::ChatWrite]).await;
    let host = server.address().ip().to_string();
    let body = json!({
        "hostname": host,
        "rooms": [{ "roomId": ROOM, "type": "webinar" }, { "roomId": "nowhere" }],
    });
    let answer = backend.post("/chat/clear-rooms", &body).await;
    assert_eq!(
        (answer.status, answer.json()),
        (200, json!({ "deleted": [ROOM] }))
    );
    while ada.event().await.1 != RoomEvent::ChatCleared {}
    let (_bob, welcome) = enter(&server, person("bob")).await;
    assert_eq!(snapshot(&welcome).chat, []);
    for bad in [
        json!({}),
        json!({ "rooms": [] }),
        json!({ "rooms": [{ "roomId": "a b" }] }),
        json!({ "rooms": [{ "roomId": ROOM, "type": "party" }] }),
        json!({ "hostname": "a/b", "rooms": [{ "roomId": ROOM }] }),
    ] {
        let refused = backend.post("/chat/clear-rooms", &bad).await;
        assert_problem(&refused, 400, "bad_request");
    }
}

// proves rest.POST /chat/clear-rooms
#[tokio::test]
async fn chat_of_a_room_that_waits_for_its_people_is_cleared_in_the_database() {
    let server = server().await;
    let (mut ada, _) = enter(&server, person("ada")).await;
    assert_eq!(ada.chat("secret").await, ServerMessage::Ok);
    let server = server.restart().await;
    let backend = server.backend(&[Scope::ChatWrite]).await;
    let body = json!({ "rooms": [{ "roomId": ROOM }] });
    let answer = backend.post("/chat/clear-rooms", &body).await;
    assert_eq!(answer.json(), json!({ "deleted": [ROOM] }));
    let (_ada, welcome) = enter(&server, person("ada")).await;
    assert_eq!(snapshot(&welcome).chat, []);
}

#[tokio::test]
async fn each_endpoint_needs_its_scope() {
    let server = server().await;
    let (_ada, _) = enter(&server, person("ada")).await;
    let reader = server.backend(&[Scope::RoomsRead]).await;
    let writer = server.backend(&[Scope::RoomsWrite, Scope::ChatWrite]).await;
    for path in [
        "exists",
        "durationOfBroadcast",
        "numberPeers",
        "existingPeer/ada",
    ] {
        let path = format!("/rooms/room/{path}");
        assert_problem(&writer.get(&path).await, 403, "forbidden");
        assert_eq!(reader.get(&path).await.status, 200, "{path}");
    }
    let body = json!({ "peerId": "ada", "rooms": [{ "roomId": ROOM }] });
    for path in ["/rooms/room/closePeer", "/chat/clear-rooms"] {
        assert_problem(&reader.post(path, &body).await, 403, "forbidden");
    }
    assert_problem(&reader.get("/rooms/room/closeRoom").await, 403, "forbidden");
}

#[tokio::test]
async fn rooms_of_tenants_never_mix() {
    let named = |host: &str| server::config::TenantSettings {
        hostname: host.to_owned(),
        ..tenant::tenant()
    };
    let tenants = vec![named("a.example"), named("b.example")];
    let server = TestServer::with_tenants(patient_limits(), tenants).await;
    let mut ada = server.client_of("a.example").await;
    ada.join_with(person("ada")).await;
    let here = server.admin().await.of("a.example");
    assert_eq!(here.get("/rooms/room/exists").await.json()["exists"], true);
    let there = server.admin().await.of("b.example");
    assert_eq!(
        there.get("/rooms/room/exists").await.json()["exists"],
        false
    );
    assert_eq!(there.get("/api/v1/rooms").await.json()["data"], json!([]));
    assert_problem(
        &there.get("/rooms/room/closeRoom").await,
        400,
        "room_not_found",
    );
    let token = server.token_for(&Scope::ALL, Some("b.example")).await;
    let wrong = server.backend_with(&token).of("a.example");
    for path in [
        "/rooms/room/exists",
        "/rooms/room/closeRoom",
        "/api/v1/rooms/room",
    ] {
        assert_problem(&wrong.get(path).await, 403, "wrong_tenant");
    }
    // the body's host counts for chats
    let body = json!({ "hostname": "a.example", "rooms": [{ "roomId": "room" }] });
    let wrong = server.backend_with(&token).of("b.example");
    let refused = wrong.post("/chat/clear-rooms", &body).await;
    assert_problem(&refused, 403, "wrong_tenant");
    let cleared = there.post("/chat/clear-rooms", &body).await;
    assert_eq!(cleared.json(), json!({ "deleted": ["room"] }));
}

// proves rest.POST /chat/clear-rooms
#[tokio::test]
async fn host_that_no_tenant_has_clears_nothing() {
    let named = server::config::TenantSettings {
        hostname: "a.example".to_owned(),
        ..tenant::tenant()
    };
    let server = TestServer::with_tenants(patient_limits(), vec![named]).await;
    let (mut ada, _) = enter(&server, person("ada")).await;
    assert_eq!(ada.chat("hello").await, ServerMessage::Ok);
    let body = |host: &str| json!({ "hostname": host, "rooms": [{ "roomId": ROOM }] });
    let backend = server.backend(&[Scope::ChatWrite]).await;
    let mistyped = backend.post("/chat/clear-rooms", &body("a.exmaple")).await;
    assert_problem(&mistyped, 400, "bad_request");
    let detail = mistyped.text();
    assert!(detail.contains("a.exmaple"), "{detail}");
    let other = backend.post("/chat/clear-rooms", &body("a.example")).await;
    assert_eq!(other.json(), json!({ "deleted": [] }));
    let (_bob, welcome) = enter(&server, person("bob")).await;
    assert_eq!(snapshot(&welcome).chat.len(), 1);
    // the host that the request itself is for is no mistake
    let own = server.address().ip().to_string();
    let cleared = backend.post("/chat/clear-rooms", &body(&own)).await;
    assert_eq!(cleared.json(), json!({ "deleted": [ROOM] }));
}
