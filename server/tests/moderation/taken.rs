//! What moderators took from somebody stays taken, whatever token they bring in
//! the room, over sockets.

use protocol::{ClientMessage, ErrorCode, Moderation, PeerId, Role, RoomKind};
use serde_json::{Value, json};

use crate::{
    meeting::{ROOM, done, enter, person, wait, with_token},
    support::{
        TestServer,
        client::{Client, code, join, peer_id},
        tenant::{hs256, query, tenant},
    },
};

async fn led() -> (TestServer, Client) {
    let server = TestServer::of(tenant()).await;
    let claims = json!({ "role": "moderator", "peerId": "mod" });
    let (moderator, _) = enter(&server, with_token("Mod", &claims)).await;
    (server, moderator)
}

fn bring(claims: &Value) -> ClientMessage {
    ClientMessage::SetToken {
        kind: RoomKind::Call,
        query: query(&[("token", &hs256(claims))]),
    }
}

async fn leads(client: &mut Client) -> bool {
    let lock = Moderation::SetLocked { locked: false };
    client.ask(ClientMessage::Moderate(lock)).await == protocol::ServerMessage::Ok
}

fn remove(peer: PeerId) -> Moderation {
    Moderation::Remove { peer }
}

fn demote(peer: PeerId) -> Moderation {
    Moderation::SetModerator {
        peer,
        moderator: false,
    }
}

#[tokio::test]
async fn token_of_a_removed_person_is_not_taken() {
    let (server, mut moderator) = led().await;
    let leader = json!({ "role": "moderator" });
    let (mut eve, seat) = enter(&server, with_token("Eve", &leader)).await;
    done(&mut moderator, remove(seat.peer_id)).await;
    assert_eq!(eve.ended().await.code, ErrorCode::Removed);
    let (mut again, _) = enter(&server, join(ROOM, "Nobody")).await;
    let reply = again.ask(bring(&leader)).await;
    assert_eq!(code(&reply), ErrorCode::Forbidden);
    assert!(!leads(&mut again).await);
}

#[tokio::test]
async fn removed_person_waits_with_each_of_their_tokens() {
    let (server, mut moderator) = led().await;
    let tokens = [json!({ "n": 1 }), json!({ "n": 2 }), json!({ "n": 3 })];
    let (mut eve, seat) = enter(&server, with_token("Eve", &tokens[0])).await;
    eve.ask_ok(bring(&tokens[1])).await;
    // a ticket takes the tokens of the seat along
    let back = protocol::Join {
        ticket: Some(seat.ticket.clone()),
        ..with_token("Eve", &tokens[1])
    };
    let (mut eve, _) = enter(&server, back).await;
    eve.ask_ok(bring(&tokens[2])).await;
    done(&mut moderator, remove(seat.peer_id)).await;
    for token in &tokens {
        let (client, _) = wait(&server, with_token("Somebody", token)).await;
        client.vanish();
    }
}

#[tokio::test]
async fn who_was_let_in_again_has_all_their_tokens_again() {
    let (server, mut moderator) = led().await;
    let tokens = [1, 2].map(|n| json!({ "n": n, "peerId": "eve" }));
    let (mut eve, _) = enter(&server, with_token("Eve", &tokens[0])).await;
    eve.ask_ok(bring(&tokens[1])).await;
    done(&mut moderator, remove(peer_id("eve"))).await;
    let (mut eve, id) = wait(&server, with_token("Eve", &tokens[0])).await;
    done(&mut moderator, crate::meeting::admit("eve")).await;
    crate::meeting::let_in(&mut eve, id).await;
    eve.ask_ok(bring(&tokens[1])).await;
}

#[tokio::test]
async fn demoted_moderator_does_not_lead_again_by_another_token() {
    let (server, mut moderator) = led().await;
    let leader = |n: u32| json!({ "role": "moderator", "n": n });
    let (mut ada, seat) = enter(&server, with_token("Ada", &leader(1))).await;
    ada.ask_ok(bring(&leader(2))).await;
    assert!(leads(&mut ada).await);
    done(&mut moderator, demote(seat.peer_id)).await;
    for claims in [leader(2), json!({}), leader(2), leader(3)] {
        ada.ask_ok(bring(&claims)).await;
        assert!(!leads(&mut ada).await, "{claims}");
    }
    // nor under another id, by either token
    let (mut other, seat) = enter(&server, person("eve")).await;
    for n in [1, 2] {
        other.ask_ok(bring(&leader(n))).await;
        assert!(!leads(&mut other).await, "{n}");
        let back = protocol::Join {
            ticket: Some(seat.ticket.clone()),
            ..with_token("Eve", &leader(n))
        };
        let (_, back) = enter(&server, back).await;
        assert_eq!(back.you.participant.role, Role::Participant, "{n}");
        (other, _) = enter(&server, person("eve")).await;
    }
}

#[tokio::test]
async fn role_that_another_token_brought_is_no_decision_of_a_moderator() {
    let (server, _moderator) = led().await;
    let leader = |n: u32| json!({ "peerId": "ada", "role": "moderator", "n": n });
    let plain = json!({ "peerId": "ada" });
    let (mut ada, first) = enter(&server, with_token("Ada", &leader(1))).await;
    ada.ask_ok(bring(&plain)).await;
    assert!(!leads(&mut ada).await);
    // the ticket of before brings nothing back that the token took
    let back = protocol::Join {
        ticket: Some(first.ticket.clone()),
        ..with_token("Ada", &plain)
    };
    let (mut ada, _) = enter(&server, back).await;
    assert!(!leads(&mut ada).await);
    let (mut ada, seat) = enter(&server, with_token("Ada", &leader(2))).await;
    assert_eq!(seat.you.participant.role, Role::Moderator);
    ada.ask_ok(bring(&plain)).await;
    ada.ask_ok(bring(&leader(3))).await;
    assert!(leads(&mut ada).await);
}

#[tokio::test]
async fn token_whose_time_has_not_come_is_not_taken() {
    let (server, _moderator) = led().await;
    let (mut ada, _) = enter(&server, person("ada")).await;
    let early = json!({ "role": "moderator", "startTime": "2100-01-01" });
    let reply = ada.ask(bring(&early)).await;
    assert_eq!(code(&reply), ErrorCode::NotStarted);
    assert!(!leads(&mut ada).await);
}
