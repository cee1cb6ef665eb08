//! A webinar, over sockets.

use protocol::{ClientMessage, ErrorCode, Join, Role, RoomEvent, ServerMessage, Source};
use serde_json::json;

use crate::{
    meeting::{ROOM, done, enter, person, set_stage, viewer, with_token},
    support::{
        TestServer,
        client::{Client, code, join_by, peer_id, snapshot, welcome},
        tenant::tenant,
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
