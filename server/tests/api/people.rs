//! `/api/v1/rooms/…/participants`, `…/waiting` and `…/messages`.

use protocol::{ErrorCode, MediaState, Role, RoomEvent, ServerMessage, Source};
use serde_json::{Value, json};
use server::accounts::Scope;

use crate::{
    meeting::{enter, let_in, person, viewer, wait},
    support::{TestServer, api::assert_problem, client::snapshot, patient_limits},
};

const PEOPLE: &str = "/api/v1/rooms/room/participants";

#[tokio::test]
async fn people_are_listed_in_pages_and_found_by_their_id() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::RoomsRead]).await;
    assert_problem(&backend.get(PEOPLE).await, 404, "room_not_found");
    let (_ada, _) = enter(&server, person("ada")).await;
    let (_bob, _) = enter(&server, person("bob")).await;
    let (_eve, _) = enter(&server, viewer("eve")).await;
    let first = backend.get(&format!("{PEOPLE}?limit=2")).await.json();
    let ids = |page: &Value| -> Vec<String> {
        let list = page["data"].as_array().expect("a list");
        let id = |person: &Value| person["peerId"].as_str().expect("an id").to_owned();
        list.iter().map(id).collect()
    };
    assert_eq!(ids(&first), ["ada", "bob"]);
    let next = first["next"].as_str().expect("a cursor");
    let rest = backend
        .get(&format!("{PEOPLE}?limit=2&cursor={next}"))
        .await
        .json();
    assert_eq!(
        (ids(&rest), &rest["next"]),
        (vec!["eve".to_owned()], &Value::Null)
    );
    let eve = backend.get(&format!("{PEOPLE}/eve")).await.json();
    assert_eq!(
        (&eve["role"], &eve["connected"]),
        (&json!("viewer"), &json!(true))
    );
    let nobody = backend.get(&format!("{PEOPLE}/nobody")).await;
    assert_problem(&nobody, 404, "peer_not_found");
    let bad = backend.get(&format!("{PEOPLE}?cursor=YWJj")).await;
    assert_problem(&bad, 400, "bad_request");
}

#[tokio::test]
async fn role_and_rights_are_changed_whole_or_not_at_all() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::RoomsWrite]).await;
    let (mut eve, _) = enter(&server, viewer("eve")).await;
    let change = async |body: Value| {
        backend
            .send_json(&format!("PATCH {PEOPLE}/eve"), &[], &body)
            .await
    };
    let conflict = change(json!({ "role": "viewer", "allowed": { "camera": true } })).await;
    assert_problem(&conflict, 409, "conflict");
    let changed = change(json!({ "role": "participant", "allowed": { "camera": false } })).await;
    assert_eq!(changed.status, 200, "{}", changed.text());
    assert_eq!(changed.json()["allowed"]["camera"], false);
    let on_stage = |you: &protocol::You| you.participant.role == Role::Participant;
    eve.find(|frame| match &frame.message {
        ServerMessage::You { you, .. } if on_stage(you) => Some(()),
        _ => None,
    })
    .await;
    assert_eq!(
        change(json!({ "role": "moderator" })).await.json()["role"],
        "moderator"
    );
    assert_problem(
        &change(json!({ "role": "interpreter" })).await,
        400,
        "bad_request",
    );
}

#[tokio::test]
async fn microphone_is_muted_and_asked_for() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::RoomsWrite]).await;
    let media = MediaState {
        microphone: true,
        ..MediaState::default()
    };
    let coming = protocol::Join {
        media,
        ..person("ada")
    };
    let (mut ada, _) = enter(&server, coming).await;
    let body = json!({ "source": "microphone" });
    for (path, from) in [
        (format!("{PEOPLE}/ada/mute"), "one"),
        ("/api/v1/rooms/room/mute".to_owned(), "all"),
    ] {
        assert_eq!(backend.post(&path, &body).await.status, 204, "{from}");
        let off = ada
            .find(|frame| match &frame.message {
                ServerMessage::TurnedOff { sources, by, .. } => Some((sources.clone(), by.clone())),
                _ => None,
            })
            .await;
        assert_eq!(off, (vec![Source::Microphone], None));
        let (source, on) = (Source::Microphone, true);
        ada.ask_ok(protocol::ClientMessage::SetMedia { source, on })
            .await;
    }
    let camera = json!({ "source": "camera" });
    assert_eq!(
        backend
            .post(&format!("{PEOPLE}/ada/ask"), &camera)
            .await
            .status,
        204
    );
    let asked = ServerMessage::Asked {
        source: Source::Camera,
        by: None,
    };
    ada.find(|frame| (frame.message == asked).then_some(()))
        .await;
}

#[tokio::test]
async fn removed_person_waits_unless_they_may_return() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::RoomsWrite, Scope::RoomsRead]).await;
    let (_bob, _) = enter(&server, person("bob")).await;
    let (mut ada, _) = enter(&server, person("ada")).await;
    let gone = backend
        .delete(&format!("{PEOPLE}/ada?mayReturn=true"))
        .await;
    assert_eq!(gone.status, 204, "{}", gone.text());
    assert_eq!(ada.ended().await.code, ErrorCode::PeerClosed);
    let (mut ada, _) = enter(&server, person("ada")).await;
    assert_eq!(backend.delete(&format!("{PEOPLE}/ada")).await.status, 204);
    assert_eq!(ada.ended().await.code, ErrorCode::Removed);
    let (mut ada, id) = wait(&server, person("ada")).await;
    let waiting = backend.get("/api/v1/rooms/room/waiting").await.json();
    assert_eq!(waiting["data"][0]["peerId"], "ada");
    assert_eq!(waiting["data"][0]["removedBefore"], true);
    let admit = backend
        .post("/api/v1/rooms/room/waiting/ada/admit", &Value::Null)
        .await;
    assert_eq!(admit.status, 204, "{}", admit.text());
    let_in(&mut ada, id).await;
}

#[tokio::test]
async fn those_who_wait_are_let_in_and_turned_away() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.admin().await;
    let (_mod, _) = enter(&server, person("mod")).await;
    let on = json!({ "waitingRoom": true });
    backend
        .send_json("PATCH /api/v1/rooms/room", &[], &on)
        .await;
    let (mut ada, _) = wait(&server, person("ada")).await;
    let (mut bob, bob_id) = wait(&server, person("bob")).await;
    let waiting = "/api/v1/rooms/room/waiting";
    let reject = backend
        .post(&format!("{waiting}/ada/reject"), &Value::Null)
        .await;
    assert_eq!(reject.status, 204, "{}", reject.text());
    assert_eq!(ada.error().await, ErrorCode::Rejected);
    let again = backend
        .post(&format!("{waiting}/ada/admit"), &Value::Null)
        .await;
    assert_problem(&again, 404, "peer_not_found");
    assert_eq!(
        backend
            .post(&format!("{waiting}/admit"), &Value::Null)
            .await
            .status,
        204
    );
    let_in(&mut bob, bob_id).await;
    assert_eq!(
        backend
            .post(&format!("{waiting}/reject"), &Value::Null)
            .await
            .status,
        204
    );
}

#[tokio::test]
async fn message_of_the_integrator_is_read_as_such_now_and_later() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::ChatWrite]).await;
    let path = "/api/v1/rooms/room/messages";
    let body = json!({ "text": "Five minutes left", "displayName": "Reception" });
    assert_problem(&backend.post(path, &body).await, 404, "room_not_found");
    let (mut ada, _) = enter(&server, person("ada")).await;
    let said = backend.post(path, &body).await;
    assert_eq!(said.status, 201, "{}", said.text());
    assert_eq!(said.json()["displayName"], "Reception");
    let (_, RoomEvent::Chat { message }) = ada.event().await else {
        panic!("no message");
    };
    assert_eq!(
        (&message.from, message.text.as_str()),
        (&None, "Five minutes left")
    );
    let (_bob, welcome) = enter(&server, person("bob")).await;
    assert_eq!(snapshot(&welcome).chat, [message]);
    for bad in [
        json!({ "text": " " }),
        json!({ "text": "é".repeat(4_001) }),
        json!({}),
    ] {
        assert_problem(&backend.post(path, &bad).await, 400, "bad_request");
    }
    assert_eq!(backend.delete(path).await.status, 204);
    while ada.event().await.1 != RoomEvent::ChatCleared {}
}
