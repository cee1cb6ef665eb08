//! Waiting and being let in, over sockets.

use protocol::{ClientMessage, ErrorCode, Moderation, RoomEvent, ServerMessage};
use serde_json::json;

use crate::{
    meeting::{ROOM, admit, done, enter, let_in, lobby, person, wait, with_token},
    support::{
        TestServer,
        client::{Client, code, peer_id, snapshot, welcome},
        tenant::tenant,
    },
};

/// A server, and the moderator whose token switches the waiting room on.
async fn guarded() -> (TestServer, Client) {
    let server = TestServer::of(tenant()).await;
    let claims = json!({ "role": "moderator", "waitingRoom": true, "peerId": "mod" });
    let (moderator, welcome) = enter(&server, with_token("Mod", &claims)).await;
    assert!(snapshot(&welcome).settings.waiting_room);
    (server, moderator)
}

// proves attr.waitingRoom
// proves moderator.3
#[tokio::test]
async fn newcomer_waits_hears_nothing_and_is_let_in() {
    let (server, mut moderator) = guarded().await;
    let (mut ada, id) = wait(&server, person("ada")).await;
    lobby(&mut moderator, &["ada"], &[]).await;
    assert_eq!(moderator.chat("a secret").await, ServerMessage::Ok);
    assert_eq!(code(&ada.chat("let me in").await), ErrorCode::NotAdmitted);
    let anything = |frame: &protocol::ServerFrame| frame.re.is_none();
    assert!(!ada.has(anything).await, "who waits is told nothing");
    done(&mut moderator, admit("ada")).await;
    let welcome = let_in(&mut ada, id).await;
    let ids: Vec<&str> = snapshot(&welcome)
        .participants
        .iter()
        .map(|person| person.id.as_str())
        .collect();
    assert_eq!(ids, ["mod", "ada"]);
    lobby(&mut moderator, &[], &["ada"]).await;
    assert_eq!(ada.chat("hello").await, ServerMessage::Ok);
}

// proves moderator.1
// proves moderator.2
// proves moderator.4
#[tokio::test]
async fn waiting_room_is_switched_and_people_are_rejected() {
    let (server, mut moderator) = guarded().await;
    done(&mut moderator, Moderation::SetWaitingRoom { on: false }).await;
    let (_bob, _) = enter(&server, person("bob")).await;
    done(&mut moderator, Moderation::SetWaitingRoom { on: true }).await;
    let (mut ada, id) = wait(&server, person("ada")).await;
    let (mut eva, eva_id) = wait(&server, person("eva")).await;
    let peer = Some(peer_id("ada"));
    done(&mut moderator, Moderation::Reject { peer }).await;
    assert_eq!(code(&ada.reply(id).await), ErrorCode::Rejected);
    ada.closed().await;
    done(&mut moderator, Moderation::Admit { peer: None }).await;
    let_in(&mut eva, eva_id).await;
}

#[tokio::test]
async fn who_waits_and_is_lost_is_gone_and_a_second_session_takes_the_place() {
    let (server, mut moderator) = guarded().await;
    let (ada, _) = wait(&server, person("ada")).await;
    lobby(&mut moderator, &["ada"], &[]).await;
    ada.vanish();
    lobby(&mut moderator, &[], &["ada"]).await;
    let (mut bob, _) = wait(&server, person("bob")).await;
    let (mut again, id) = wait(&server, person("bob")).await;
    assert_eq!(bob.ended().await.code, ErrorCode::Replaced);
    bob.closed().await;
    done(&mut moderator, admit("bob")).await;
    let_in(&mut again, id).await;
}

#[tokio::test]
async fn room_waits_for_a_moderator_with_those_who_wait() {
    let (server, mut moderator) = guarded().await;
    let (mut ada, id) = wait(&server, person("ada")).await;
    moderator.ask_ok(ClientMessage::Leave).await;
    moderator.closed().await;
    let (mut bob, bob_id) = wait(&server, person("bob")).await;
    let claims = json!({ "role": "moderator", "peerId": "boss" });
    let (mut boss, welcome) = enter(&server, with_token("Boss", &claims)).await;
    assert_eq!(snapshot(&welcome).participants.len(), 1);
    lobby(&mut boss, &["ada", "bob"], &[]).await;
    done(&mut boss, Moderation::Admit { peer: None }).await;
    let_in(&mut ada, id).await;
    let_in(&mut bob, bob_id).await;
    let joined = |event: &RoomEvent| matches!(event, RoomEvent::Joined { .. });
    assert!(joined(&boss.event().await.1) && joined(&boss.event().await.1));
}

#[tokio::test]
async fn room_is_gone_when_the_last_one_who_waits_goes() {
    let (server, mut moderator) = guarded().await;
    let (mut ada, _) = wait(&server, person("ada")).await;
    moderator.ask_ok(ClientMessage::Leave).await;
    moderator.closed().await;
    ada.ask_ok(ClientMessage::Leave).await;
    ada.closed().await;
    server.until_empty().await;
    let (_, welcome) = enter(&server, person("ada")).await;
    assert!(!snapshot(&welcome).settings.waiting_room);
}

#[tokio::test]
async fn moderator_who_comes_back_sees_who_waits() {
    let (server, mut moderator) = guarded().await;
    let (_ada, _) = wait(&server, person("ada")).await;
    let claims = json!({ "role": "moderator", "peerId": "boss" });
    let (boss, seat) = enter(&server, with_token("Boss", &claims)).await;
    boss.vanish();
    let mut boss = server.client().await;
    let again = welcome(boss.resume(ROOM, &seat.ticket, 1).await);
    assert!(again.resumed);
    lobby(&mut boss, &["ada"], &[]).await;
    done(&mut moderator, Moderation::Reject { peer: None }).await;
    lobby(&mut boss, &[], &["ada"]).await;
}

#[tokio::test]
async fn who_is_turned_away_changes_nothing_for_the_others() {
    let server = TestServer::of(tenant()).await;
    let claims = json!({ "role": "moderator", "peerId": "mod" });
    let (mut moderator, _) = enter(&server, with_token("Mod", &claims)).await;
    let shuts = |id: &str| {
        let claims = json!({ "peerId": id, "waitingRoom": true, "featureInterpreters": true });
        with_token(id, &claims)
    };
    let lock = |locked| Moderation::SetLocked { locked };
    done(&mut moderator, lock(true)).await;
    let mut ada = server.client().await;
    let refused = ada.ask(ClientMessage::Join(shuts("ada"))).await;
    assert_eq!(code(&refused), ErrorCode::RoomLocked);
    done(&mut moderator, lock(false)).await;
    let (_bob, seat) = enter(&server, person("bob")).await;
    assert!(!snapshot(&seat).settings.waiting_room);
    // who waits because they were removed decides nothing either
    let (_eve, _) = enter(&server, person("eve")).await;
    let peer = peer_id("eve");
    done(&mut moderator, Moderation::Remove { peer }).await;
    let (mut eve, id) = wait(&server, shuts("eve")).await;
    let (_bob, seat) = enter(&server, person("bob")).await;
    assert!(!snapshot(&seat).settings.waiting_room);
    // until they are let in
    done(&mut moderator, admit("eve")).await;
    assert!(snapshot(&*let_in(&mut eve, id).await).settings.waiting_room);
}

#[tokio::test]
async fn first_one_waits_whose_own_token_says_so() {
    let server = TestServer::of(tenant()).await;
    let claims = json!({ "peerId": "ada", "waitingRoom": true });
    let (_ada, _) = wait(&server, with_token("Ada", &claims)).await;
    wait(&server, person("bob")).await;
}
