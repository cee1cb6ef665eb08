//! A webinar, over sockets.

use protocol::{
    ClientMessage, ErrorCode, Join, Moderation, Role, RoomEvent, RoomKind, ServerMessage, Source,
};
use serde_json::{Value, json};

use crate::{
    meeting::{ROOM, done, enter, person, set_stage, viewer, with_token},
    support::{
        TestServer,
        client::{Client, code, join_by, peer_id, snapshot, welcome},
        tenant::{hs256, query, tenant},
    },
};

async fn webinar() -> (TestServer, Client) {
    let server = TestServer::of(tenant()).await;
    let join = Join {
        kind: protocol::RoomKind::Webinar,
        ..with_token("Mod", &json!({ "role": "moderator", "peerId": "mod" }))
    };
    let (moderator, _) = enter(&server, join).await;
    (server, moderator)
}

async fn you(client: &mut Client) -> (Role, String) {
    client
        .find(|frame| match &frame.message {
            ServerMessage::You { you, ticket } => Some((you.participant.role, ticket.clone())),
            _ => None,
        })
        .await
}

async fn count(client: &mut Client, wanted: u32) {
    let wanted = ServerMessage::Audience { count: wanted };
    client
        .find(|frame| (frame.message == wanted).then_some(()))
        .await;
}

// proves attr.itisparticipant
#[tokio::test]
async fn address_makes_viewers_and_participants_of_one_room() {
    let (server, mut moderator) = webinar().await;
    let (mut vic, seat) = enter(&server, viewer("vic")).await;
    assert_eq!(seat.you.participant.role, Role::Viewer);
    assert_eq!(snapshot(&seat).participants.len(), 1);
    count(&mut moderator, 1).await;
    let query = [("peerId", "ada"), ("itisparticipant", "true")];
    let ada = Join {
        kind: protocol::RoomKind::Webinar,
        ..join_by(ROOM, "Ada", &query)
    };
    let (_ada, seat) = enter(&server, ada).await;
    assert_eq!(seat.you.participant.role, Role::Participant);
    // the other interface of the same room
    let (_bob, seat) = enter(&server, person("bob")).await;
    assert_eq!(seat.you.participant.role, Role::Participant);
    assert_eq!(snapshot(&seat).viewers, 1);
    assert_eq!(snapshot(&seat).participants.len(), 3);
    for peer in ["ada", "bob"] {
        let RoomEvent::Joined { participant } = vic.event().await.1 else {
            panic!("somebody joined");
        };
        assert_eq!(participant.id, peer_id(peer));
    }
    assert_eq!(code(&vic.chat("hello").await), ErrorCode::Forbidden);
    vic.vanish();
}

#[tokio::test]
async fn viewer_goes_on_stage_survives_a_restart_there_and_goes_back() {
    let (server, mut moderator) = webinar().await;
    let (mut vic, seat) = enter(&server, viewer("vic")).await;
    done(&mut moderator, set_stage("vic", true)).await;
    let (role, ticket) = you(&mut vic).await;
    assert_eq!(role, Role::Participant);
    let (source, on) = (Source::Microphone, true);
    vic.ask_ok(ClientMessage::SetMedia { source, on }).await;

    let server = server.restart().await;
    let back = |ticket: String| Join {
        ticket: Some(ticket),
        ..viewer("vic")
    };
    let (mut vic, again) = enter(&server, back(ticket)).await;
    assert_eq!(again.you.participant.role, Role::Participant);
    let claims = json!({ "role": "moderator", "peerId": "mod" });
    let (mut moderator, _) = enter(&server, with_token("Mod", &claims)).await;
    vic.ask_ok(ClientMessage::SetMedia { source, on }).await;
    done(&mut moderator, set_stage("vic", false)).await;
    let (role, ticket) = you(&mut vic).await;
    assert_eq!(role, Role::Viewer);
    let refused = vic.ask(ClientMessage::SetMedia { source, on }).await;
    assert_eq!(code(&refused), ErrorCode::Forbidden);
    // neither the new ticket nor that of before leads back on stage
    for ticket in [ticket, again.ticket.clone(), seat.ticket.clone()] {
        let (_, welcome) = enter(&server, back(ticket)).await;
        assert_eq!(welcome.you.participant.role, Role::Viewer);
    }
}

#[tokio::test]
async fn viewer_who_was_lost_takes_the_same_place_again() {
    let (server, mut moderator) = webinar().await;
    let (vic, seat) = enter(&server, viewer("vic")).await;
    vic.vanish();
    let (_ada, _) = enter(&server, person("ada")).await;
    let mut vic = server.client().await;
    let again = welcome(vic.resume(ROOM, &seat.ticket, 1).await);
    assert!(again.resumed);
    assert_eq!(again.you.participant.role, Role::Viewer);
    count(&mut vic, 1).await;
    done(&mut moderator, set_stage("vic", true)).await;
    let joined = async |client: &mut Client| loop {
        if let RoomEvent::Joined { participant } = client.event().await.1
            && participant.id == peer_id("vic")
        {
            return;
        }
    };
    joined(&mut moderator).await;
    joined(&mut vic).await;
}

/// Another token, as if the page were that of the other interface.
fn bring(claims: &Value) -> ClientMessage {
    ClientMessage::SetToken {
        kind: RoomKind::Call,
        query: query(&[("token", &hs256(claims))]),
    }
}

#[tokio::test]
async fn viewer_does_not_come_on_stage_by_the_other_interface() {
    let (server, mut moderator) = webinar().await;
    let (mut vic, seat) = enter(&server, viewer("vic")).await;
    vic.ask_ok(bring(&json!({}))).await;
    done(&mut moderator, Moderation::SetLocked { locked: true }).await;
    let by_ticket = |wish: Join| Join {
        ticket: Some(seat.ticket.clone()),
        ..wish
    };
    let wishes = [
        person("vic"),
        join_by(
            ROOM,
            "vic",
            &[("peerId", "vic"), ("itisparticipant", "true")],
        ),
        with_token("vic", &json!({ "peerId": "vic" })),
    ];
    for wish in wishes {
        let (mut vic, seat) = enter(&server, by_ticket(wish)).await;
        assert_eq!(seat.you.participant.role, Role::Viewer);
        vic.ask_ok(bring(&json!({ "n": 1 }))).await;
        let (source, on) = (Source::Camera, true);
        let refused = vic.ask(ClientMessage::SetMedia { source, on }).await;
        assert_eq!(code(&refused), ErrorCode::Forbidden);
        // a seat that was lost and resumed knows its interface as well
        vic.vanish();
        let mut vic = server.client().await;
        welcome(vic.resume(ROOM, &seat.ticket, 1).await);
        vic.ask_ok(bring(&json!({ "n": 2 }))).await;
        let refused = vic.ask(ClientMessage::SetMedia { source, on }).await;
        assert_eq!(code(&refused), ErrorCode::Forbidden);
    }
    // what is signed counts, on either
    let speaks = json!({ "peerId": "vic", "itisparticipant": true });
    let (_, seat) = enter(&server, by_ticket(with_token("vic", &speaks))).await;
    assert_eq!(seat.you.participant.role, Role::Participant);
}

#[tokio::test]
async fn signed_viewer_watches_on_either_interface() {
    let (server, _moderator) = webinar().await;
    let watches = json!({ "peerId": "vic", "itisparticipant": false });
    let (mut vic, seat) = enter(&server, with_token("vic", &watches)).await;
    assert_eq!(seat.you.participant.role, Role::Viewer);
    vic.ask_ok(bring(&json!({ "peerId": "vic", "itisparticipant": true })))
        .await;
    let (source, on) = (Source::Microphone, true);
    vic.ask_ok(ClientMessage::SetMedia { source, on }).await;
    vic.ask_ok(bring(&watches)).await;
    let refused = vic.ask(ClientMessage::SetMedia { source, on }).await;
    assert_eq!(code(&refused), ErrorCode::Forbidden);
}

#[tokio::test]
async fn speaker_who_was_sent_back_does_not_return_on_stage_by_coming_anew() {
    let (server, mut moderator) = webinar().await;
    let (mut bob, _) = enter(&server, person("bob")).await;
    done(&mut moderator, set_stage("bob", false)).await;
    assert_eq!(you(&mut bob).await.0, Role::Viewer);
    let signed = json!({ "peerId": "bob", "itisparticipant": true });
    for wish in [person("bob"), with_token("bob", &signed)] {
        let (_, seat) = enter(&server, wish).await;
        assert_eq!(seat.you.participant.role, Role::Viewer);
    }
    let (mut bob, _) = enter(&server, with_token("bob", &signed)).await;
    for claims in [json!({ "itisparticipant": false }), signed] {
        bob.ask_ok(bring(&claims)).await;
    }
    let (source, on) = (Source::Microphone, true);
    let refused = bob.ask(ClientMessage::SetMedia { source, on }).await;
    assert_eq!(code(&refused), ErrorCode::Forbidden);
    // until a moderator brings them there
    done(&mut moderator, set_stage("bob", true)).await;
    bob.ask_ok(ClientMessage::SetMedia { source, on }).await;
}
