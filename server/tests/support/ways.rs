//! The ways in for somebody with a token: the page, `/explain`, and the
//! WebSocket.

use protocol::{ClientMessage, ErrorCode, Join, Role, ServerMessage};
use serde_json::{Value, json};

use super::{
    TestServer,
    client::{code, join, welcome},
    http::get,
};

pub const ROOM: &str = "lesson";

pub fn by(token: &str) -> Join {
    Join {
        query: format!("roomId={ROOM}&token={token}"),
        ..join(ROOM, "Anna")
    }
}

/// What the WebSocket says to a token.
pub async fn enter(server: &TestServer, token: &str) -> ServerMessage {
    let mut client = server.client().await;
    client.ask(ClientMessage::Join(by(token))).await
}

/// The status of the page, and what `/explain` says.
pub async fn look(server: &TestServer, token: &str) -> (u16, Value) {
    let query = format!("roomId={ROOM}&token={token}");
    let page = get(server.address(), &format!("/call/?{query}"), &[]).await;
    let explained = get(server.address(), &format!("/explain?{query}"), &[]).await;
    assert_eq!(explained.status, 200);
    assert_eq!(explained.header("cache-control"), "no-store");
    (page.status, explained.json())
}

/// A token is refused everywhere, with this code and this status of the page.
pub async fn refused(server: &TestServer, what: &str, token: &str, code_: ErrorCode, status: u16) {
    let (page, explained) = look(server, token).await;
    assert_eq!(page, status, "{what}");
    let wire = serde_json::to_value(code_).expect("a code");
    assert_eq!(explained["refusals"][0]["code"], wire, "{what}");
    assert_eq!(code(&enter(server, token).await), code_, "{what}");
}

pub async fn accepted(server: &TestServer, what: &str, token: &str) {
    let (page, explained) = look(server, token).await;
    assert_eq!(page, 200, "{what}: {explained}");
    assert_eq!(explained["role"], "moderator", "{what}");
    let welcome = welcome(enter(server, token).await);
    assert_eq!(welcome.you.participant.role, Role::Moderator, "{what}");
}

pub fn moderator() -> Value {
    json!({ "role": "moderator", "roomId": ROOM })
}

pub fn with(extra: &Value) -> Value {
    let mut claims = moderator();
    let all = claims.as_object_mut().expect("claims");
    all.extend(extra.as_object().expect("claims").clone());
    claims
}
