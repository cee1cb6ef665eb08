//! `/api/v1/rooms`: planning, listing, changing, ending.

use protocol::{ClientMessage, ErrorCode, RoomEvent, ServerMessage};
use serde_json::{Value, json};
use server::{
    accounts::Scope,
    db::{NewPin, NewPlan},
};

use crate::{
    meeting::{enter, person, wait},
    support::{
        TestServer,
        api::assert_problem,
        client::{code, join, room_key, snapshot},
        patient_limits, tenant,
    },
};

#[tokio::test]
async fn planned_settings_hold_when_the_first_one_comes_and_after_a_restart() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::RoomsRead, Scope::RoomsWrite]).await;
    let settings = json!({
        "waitingRoom": true,
        "allowed": { "screen": false },
        "maxBroadcasters": 4,
        "expiresAt": "2099-01-01T00:00:00Z",
    });
    let body = json!({ "roomId": "room", "settings": settings });
    let made = backend.post("/api/v1/rooms", &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.header("location"), "/api/v1/rooms/room");
    let room = made.json();
    assert_eq!(
        (&room["open"], &room["planned"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(room["expiresAt"], "2099-01-01T00:00:00.000Z");
    assert_eq!(room["settings"]["allowed"]["screen"], false);
    assert_problem(&backend.post("/api/v1/rooms", &body).await, 409, "conflict");
    let beside = json!({ "roomId": "other", "locked": true });
    let refused = backend.post("/api/v1/rooms", &beside).await;
    assert_problem(&refused, 400, "bad_request");
    assert!(refused.text().contains("locked"), "{}", refused.text());
    let server = server.restart().await;
    let (_ada, _) = wait(&server, person("ada")).await;
    let backend = server.backend(&[Scope::RoomsRead]).await;
    let room = backend.get("/api/v1/rooms/room").await.json();
    assert_eq!(room["open"], true);
    assert_eq!(room["people"]["waiting"], 1);
    assert_eq!(room["settings"]["maxBroadcasters"], 4);
}

#[tokio::test]
async fn room_gets_a_name_nobody_guesses_and_a_pin() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::RoomsRead, Scope::RoomsWrite]).await;
    let body = json!({ "settings": { "pin": "0427" } });
    let room = backend.post("/api/v1/rooms", &body).await.json();
    let id = room["roomId"].as_str().expect("an id").to_owned();
    assert_eq!(room["hasPin"], true);
    let mut ada = server.client().await;
    let refused = ada.ask(ClientMessage::Join(join(&id, "Ada"))).await;
    assert_eq!(code(&refused), ErrorCode::PinRequired);
    let mut ada = server.client().await;
    let pin = Some("0427".to_owned());
    ada.join_with(protocol::Join {
        pin,
        ..join(&id, "Ada")
    })
    .await;
    let path = format!("PATCH /api/v1/rooms/{id}");
    let open = backend.send_json(&path, &[], &json!({ "pin": null })).await;
    assert_eq!(open.json()["hasPin"], false, "{}", open.text());
    let mut bob = server.client().await;
    bob.join(&id, "Bob").await;
}

#[tokio::test]
async fn change_reaches_the_meeting_and_the_next_one() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.admin().await;
    let made = backend
        .post("/api/v1/rooms", &json!({ "roomId": "room" }))
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    let (mut ada, _) = enter(&server, person("ada")).await;
    let lock = json!({ "locked": true, "maxWatchers": 7 });
    let changed = backend
        .send_json("PATCH /api/v1/rooms/room", &[], &lock)
        .await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(changed.json()["settings"]["locked"], true);
    let (_, event) = ada.event().await;
    assert!(matches!(event, RoomEvent::SettingsChanged { settings } if settings.locked));
    assert_eq!(
        backend
            .post("/api/v1/rooms/room/end", &Value::Null)
            .await
            .status,
        204
    );
    assert_eq!(ada.ended().await.code, ErrorCode::MeetingEnded);
    server.until_empty().await;
    let mut bob = server.client().await;
    let refused = bob.ask(ClientMessage::Join(person("bob"))).await;
    assert_eq!(code(&refused), ErrorCode::RoomLocked);
    // what is not said stays
    let open = json!({ "locked": false });
    let changed = backend
        .send_json("PATCH /api/v1/rooms/room", &[], &open)
        .await;
    assert_eq!(
        changed.json()["settings"]["maxWatchers"],
        7,
        "{}",
        changed.text()
    );
}

#[tokio::test]
async fn open_room_that_was_not_planned_can_be_locked_and_has_no_pin() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.admin().await;
    let change = async |body: Value| {
        backend
            .send_json("PATCH /api/v1/rooms/room", &[], &body)
            .await
    };
    let nothing = change(json!({ "locked": true })).await;
    assert_problem(&nothing, 404, "room_not_found");
    let (_ada, _) = enter(&server, person("ada")).await;
    assert_eq!(change(json!({ "locked": true })).await.status, 200);
    assert_problem(&change(json!({ "pin": "1234" })).await, 409, "conflict");
    for bad in [
        json!({ "pin": "12" }),
        json!({ "maxWatchers": -1 }),
        json!({ "lockd": true }),
        json!({ "expiresAt": "soon" }),
        json!({ "expiresAt": "2001-01-01T00:00:00Z" }),
    ] {
        assert_problem(&change(bad).await, 400, "bad_request");
    }
}

#[tokio::test]
async fn deleted_room_is_over_and_forgotten_with_its_pin() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.admin().await;
    let body = json!({ "roomId": "room", "settings": { "pin": "0427" } });
    backend.post("/api/v1/rooms", &body).await;
    let pin = Some("0427".to_owned());
    let (mut ada, _) = enter(
        &server,
        protocol::Join {
            pin,
            ..person("ada")
        },
    )
    .await;
    assert_eq!(backend.delete("/api/v1/rooms/room").await.status, 204);
    assert_eq!(ada.ended().await.code, ErrorCode::MeetingEnded);
    server.until_empty().await;
    assert_problem(
        &backend.get("/api/v1/rooms/room").await,
        404,
        "room_not_found",
    );
    assert_problem(
        &backend.delete("/api/v1/rooms/room").await,
        404,
        "room_not_found",
    );
    let (_bob, _) = enter(&server, person("bob")).await;
}

#[tokio::test]
async fn rooms_are_listed_in_pages_open_and_planned() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.admin().await;
    for id in ["a", "c", "E", "room"] {
        let made = backend
            .post("/api/v1/rooms", &json!({ "roomId": id }))
            .await;
        assert_eq!(made.status, 201, "{}", made.text());
    }
    let (_ada, _) = enter(&server, person("ada")).await;
    let mut bob = server.client().await;
    bob.join("b", "Bob").await;
    let mut seen = Vec::new();
    let mut path = "/api/v1/rooms?limit=2".to_owned();
    loop {
        let page = backend.get(&path).await;
        assert_eq!(page.status, 200, "{}", page.text());
        let page = page.json();
        for room in page["data"].as_array().expect("a list") {
            let id = room["roomId"].as_str().expect("an id").to_owned();
            seen.push((id, room["open"] == true, room["planned"] == true));
        }
        match page["next"].as_str() {
            Some(next) => path = format!("/api/v1/rooms?limit=2&cursor={next}"),
            None => break,
        }
    }
    let seen: Vec<_> = seen
        .iter()
        .map(|(id, o, p)| (id.as_str(), *o, *p))
        .collect();
    let planned = |id| (id, false, true);
    let all = [
        planned("E"),
        planned("a"),
        ("b", true, false),
        planned("c"),
        ("room", true, true),
    ];
    assert_eq!(seen, all);
    for bad in ["limit=0", "limit=201", "limit=x", "cursor=%21"] {
        let refused = backend.get(&format!("/api/v1/rooms?{bad}")).await;
        assert_problem(&refused, 400, "bad_request");
    }
}

#[tokio::test]
async fn room_whose_time_is_over_lets_nobody_in() {
    let server = TestServer::with(patient_limits()).await;
    let database = server.database().await;
    let plan = server::room::Plan {
        closes_at: Some(Some(1_000)),
        ..server::room::Plan::default()
    };
    let past = server::clock::UnixMillis::new(1_000);
    let new = NewPlan {
        plan: plan.text(),
        expires_at: Some(past),
        pin: NewPin::Kept,
    };
    let made = database.plan_room(&room_key("room"), &new, past).await;
    assert_eq!(made.ok(), Some(true));
    let mut ada = server.client().await;
    let refused = ada.ask(ClientMessage::Join(person("ada"))).await;
    assert_eq!(code(&refused), ErrorCode::MeetingEnded);
    database.close().await;
}

#[tokio::test]
async fn minted_token_lets_in_as_it_says_and_into_no_other_room() {
    let server = TestServer::of(tenant::tenant()).await;
    let backend = server.backend(&[Scope::TokensWrite]).await;
    let body = json!({
        "role": "moderator",
        "displayName": "Grace",
        "peerId": "grace",
        "kind": "webinar",
        "expiresIn": 60,
        "claims": { "maxWatchers": 5 },
    });
    let minted = backend.post("/api/v1/rooms/room/tokens", &body).await;
    assert_eq!(minted.status, 201, "{}", minted.text());
    let minted = minted.json();
    let link = minted["link"].as_str().expect("a link");
    assert!(link.starts_with("/webinar/?roomId=room&token="), "{link}");
    let token = minted["token"].as_str().expect("a token");
    let query = tenant::query(&[("token", token)]);
    let mut grace = server.client().await;
    let coming = protocol::Join {
        query: query.clone(),
        ..join("room", "?")
    };
    let welcome = grace.join_with(coming).await;
    let you = &welcome.you.participant;
    assert_eq!(
        (you.id.as_str(), you.display_name.as_str()),
        ("grace", "Grace")
    );
    assert_eq!(you.role, protocol::Role::Moderator);
    assert_eq!(snapshot(&welcome).settings.max_watchers, 5);
    let mut elsewhere = server.client().await;
    let other = protocol::Join {
        query,
        ..join("other", "?")
    };
    let refused = elsewhere.ask(ClientMessage::Join(other)).await;
    assert!(matches!(refused, ServerMessage::Error(_)), "{refused:?}");
    for bad in [
        json!({ "claims": { "roomId": "other" } }),
        json!({ "claims": { "exp": 99_999_999_999_u64 } }),
        json!({ "role": "boss" }),
        json!({ "expiresIn": 0 }),
    ] {
        let refused = backend.post("/api/v1/rooms/room/tokens", &bad).await;
        assert_problem(&refused, 400, "bad_request");
    }
}

#[tokio::test]
async fn local_key_signs_where_a_tenant_has_none_and_no_private_key_signs_nothing() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::TokensWrite]).await;
    let minted = backend
        .post("/api/v1/rooms/room/tokens", &json!({ "role": "moderator" }))
        .await;
    let token = minted.json()["token"].as_str().expect("a token").to_owned();
    let query = tenant::query(&[("token", &token)]);
    let mut ada = server.client().await;
    let welcome = ada
        .join_with(protocol::Join {
            query,
            ..join("room", "Ada")
        })
        .await;
    assert_eq!(welcome.you.participant.role, protocol::Role::Moderator);
    let mut settings = tenant::tenant();
    settings.jwt_keys.remove(0);
    let server = TestServer::of(settings).await;
    let backend = server.backend(&[Scope::TokensWrite]).await;
    let refused = backend.post("/api/v1/rooms/room/tokens", &json!({})).await;
    assert_problem(&refused, 409, "conflict");
}
