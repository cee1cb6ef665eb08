//! What a restart does, asked for or not, in one process.

use protocol::Join;

use crate::{
    hooks::{
        come, connected, disconnected, eager, expect, go, id, impatient, nothing_more, pair,
        pair_with, scripted, wish,
    },
    support::receiver::{Script, reply},
};

// proves webhook.joinPeer, webhook.closePeer
#[tokio::test]
async fn who_comes_back_after_a_restart_was_never_away() {
    let (server, mut receiver) = pair().await;
    let (mut ada, seat) = come(&server, "room", "ada").await;
    expect(&mut receiver, &connected("room", "ada")).await;
    let server = server.restart().await;
    ada.closed().await;
    let mut back = server.client().await;
    back.join_with(Join {
        ticket: Some(seat.ticket.clone()),
        ..wish("room", "ada")
    })
    .await;
    go(back).await;
    expect(&mut receiver, &disconnected("room", "ada")).await;
    nothing_more(&server, &mut receiver).await;
}

// proves webhook.closePeer
#[tokio::test]
async fn who_does_not_come_back_after_a_restart_has_left() {
    let (server, mut receiver) = pair_with(impatient()).await;
    let (_ada, _) = come(&server, "room", "ada").await;
    let (_bob, seat) = come(&server, "room", "bob").await;
    expect(&mut receiver, &connected("room", "ada")).await;
    expect(&mut receiver, &connected("room", "bob")).await;
    let server = server.restart().await;
    let mut back = server.client().await;
    back.join_with(Join {
        ticket: Some(seat.ticket.clone()),
        ..wish("room", "bob")
    })
    .await;
    expect(&mut receiver, &disconnected("room", "ada")).await;
    go(back).await;
    expect(&mut receiver, &disconnected("room", "bob")).await;
    nothing_more(&server, &mut receiver).await;
}

#[tokio::test]
async fn what_could_not_be_delivered_goes_on_after_a_restart_with_the_same_id() {
    let steps = vec![None, None, Some(reply(200, ""))];
    let mut limits = eager();
    limits.webhooks.stop = std::time::Duration::from_millis(20);
    limits.webhooks.time = std::time::Duration::from_secs(600);
    let (server, mut receiver) = scripted(limits, Script::Steps(steps)).await;
    let (ada, _) = come(&server, "room", "ada").await;
    go(ada).await;
    let first = expect(&mut receiver, &connected("room", "ada")).await;
    let server = server.restart().await;
    let second = expect(&mut receiver, &connected("room", "ada")).await;
    assert_eq!(id(&first), id(&second));
    let server = server.restart().await;
    let third = expect(&mut receiver, &connected("room", "ada")).await;
    assert_eq!(id(&first), id(&third));
    expect(&mut receiver, &disconnected("room", "ada")).await;
    nothing_more(&server, &mut receiver).await;
}

#[tokio::test]
async fn stop_delivers_what_can_be_delivered() {
    let (server, mut receiver) = pair().await;
    let (ada, _) = come(&server, "room", "ada").await;
    go(ada).await;
    server.stop().await;
    expect(&mut receiver, &connected("room", "ada")).await;
    expect(&mut receiver, &disconnected("room", "ada")).await;
}
