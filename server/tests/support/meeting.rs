//! People of a meeting, over sockets, by tokens.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]

use protocol::{
    ClientMessage, Join, Moderation, RoomEvent, RoomKind, RoomSettings, ServerMessage, Welcome,
};
use serde_json::Value;

use crate::support::{
    TestServer,
    client::{Client, join_by, peer_id, welcome},
    tenant::hs256,
};

/// The one room of these tests.
pub const ROOM: &str = "room";

/// Somebody who comes with a token that says this.
pub fn with_token(name: &str, claims: &Value) -> Join {
    join_by(ROOM, name, &[("token", &hs256(claims))])
}

/// Somebody by this id who comes to the webinar.
pub fn viewer(id: &str) -> Join {
    Join {
        kind: RoomKind::Webinar,
        ..person(id)
    }
}

/// Somebody by this id.
pub fn person(id: &str) -> Join {
    join_by(ROOM, id, &[("peerId", id)])
}

/// Comes in at once.
pub async fn enter(server: &TestServer, join: Join) -> (Client, Box<Welcome>) {
    let mut client = server.client().await;
    let welcome = client.join_with(join).await;
    (client, welcome)
}

/// Has to wait; gives the id of the frame that is still to be answered.
pub async fn wait(server: &TestServer, join: Join) -> (Client, u32) {
    let mut client = server.client().await;
    let id = client.send(ClientMessage::Join(join)).await;
    let reply = client.reply(id).await;
    assert!(matches!(reply, ServerMessage::Waiting { .. }), "{reply:?}");
    (client, id)
}

/// Waits for the answer to a join that had to wait.
pub async fn let_in(client: &mut Client, id: u32) -> Box<Welcome> {
    welcome(client.reply(id).await)
}

/// Does what a moderator does.
pub async fn done(client: &mut Client, moderation: Moderation) {
    client.ask_ok(ClientMessage::Moderate(moderation)).await;
}

pub fn admit(id: &str) -> Moderation {
    Moderation::Admit {
        peer: Some(peer_id(id)),
    }
}

pub fn set_stage(id: &str, on: bool) -> Moderation {
    Moderation::SetStage {
        peer: peer_id(id),
        on,
    }
}

/// Waits until the room's settings are so.
pub async fn settings(client: &mut Client, so: impl Fn(&RoomSettings) -> bool) {
    loop {
        if let RoomEvent::SettingsChanged { settings } = client.event().await.1
            && so(&settings)
        {
            return;
        }
    }
}

/// Waits until the lobby is told that changes so: who waits, who does no more.
pub async fn lobby(client: &mut Client, waiting: &[&str], gone: &[&str]) {
    client
        .find(|frame| match &frame.message {
            ServerMessage::Lobby {
                waiting: told,
                gone: told_gone,
                ..
            } => {
                let here = told
                    .iter()
                    .map(|one| one.id.as_str())
                    .eq(waiting.iter().copied());
                let gone = told_gone
                    .iter()
                    .map(|id| id.as_str())
                    .eq(gone.iter().copied());
                (here && gone).then_some(())
            }
            _ => None,
        })
        .await;
}
