//! `POST /api/v1/rooms` while others do the same, or come in.

use protocol::{ClientMessage, Join, ServerMessage};
use serde_json::json;
use server::accounts::Scope;

use crate::support::{TestServer, api::assert_problem, client::join, patient_limits};

/// More than anybody needs who is not very unlucky.
const ROUNDS: usize = 20;

async fn comes_in(server: &TestServer, room: &str, pin: Option<&str>) -> bool {
    let mut client = server.client().await;
    let coming = Join {
        pin: pin.map(str::to_owned),
        ..join(room, "Ada")
    };
    let reply = client.ask(ClientMessage::Join(coming)).await;
    matches!(reply, ServerMessage::Welcome(_))
}

#[tokio::test]
async fn pin_of_a_planned_room_is_that_of_who_planned_it() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::RoomsWrite]).await;
    let pins = ["1111", "2222"];
    for round in 0..4 {
        let room = format!("room-{round}");
        let plan = async |pin: &str| {
            let body = json!({ "roomId": room, "settings": { "pin": pin } });
            backend.post("/api/v1/rooms", &body).await
        };
        let (one, two) = tokio::join!(plan(pins[0]), plan(pins[1]));
        let (winner, loser, lost) = match one.status {
            201 => (pins[0], pins[1], two),
            _ => (pins[1], pins[0], one),
        };
        assert_problem(&lost, 409, "conflict");
        assert!(comes_in(&server, &room, Some(winner)).await, "{room}");
        assert!(!comes_in(&server, &room, Some(loser)).await, "{room}");
    }
    server.stop().await;
}

#[tokio::test]
async fn plan_holds_in_a_room_that_was_opened_while_it_was_made() {
    let server = TestServer::with(patient_limits()).await;
    let backend = server.backend(&[Scope::RoomsRead, Scope::RoomsWrite]).await;
    for round in 0..ROUNDS {
        let room = format!("room-{round}");
        // hashing the PIN leaves time to come in
        let settings = json!({ "pin": "0427", "maxWatchers": 7 });
        let body = json!({ "roomId": room, "settings": settings });
        let mut client = server.client().await;
        let coming = ClientMessage::Join(join(&room, "Ada"));
        let (made, reply) = tokio::join!(backend.post("/api/v1/rooms", &body), client.ask(coming));
        let came_in = matches!(reply, ServerMessage::Welcome(_));
        if made.status == 201 && came_in {
            let now = backend.get(&format!("/api/v1/rooms/{room}")).await.json();
            assert_eq!(now["open"], true, "{now}");
            assert_eq!(now["settings"]["maxWatchers"], 7, "{now}");
            return server.stop().await;
        }
        // the other orders: the room was open first, or planned first
        assert_eq!(made.status == 409, came_in, "{}", made.text());
    }
    panic!("nobody came in while the room was being planned");
}
