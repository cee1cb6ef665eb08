//! Many at once.

use std::collections::HashMap;

use futures::future::join_all;

use crate::{
    hooks::{come, eager, go, id, kind, nothing_more, pair_with},
    support::{PATIENCE, TestServer},
};

async fn come_and_go(server: &TestServer, n: usize) {
    let (client, _) = come(server, &format!("room-{}", n % 20), &format!("peer-{n}")).await;
    go(client).await;
}

// proves webhook.joinPeer, webhook.closePeer
#[tokio::test]
async fn thousand_who_come_and_go_are_each_told_once_and_in_order() {
    const PEOPLE: usize = 1_000;
    let mut limits = eager();
    // a machine with much else to do must not make a slow receiver of a good one
    limits.webhooks.time = PATIENCE;
    let (server, mut receiver) = pair_with(limits).await;
    for some in (0..PEOPLE).collect::<Vec<_>>().chunks(100) {
        join_all(some.iter().map(|n| come_and_go(&server, *n))).await;
    }
    let mut heard: HashMap<String, Vec<String>> = HashMap::new();
    let mut ids = Vec::new();
    for _ in 0..2 * PEOPLE {
        let asked = receiver.asked().await;
        let peer = asked.json()["peerId"].as_str().expect("an id").to_owned();
        heard.entry(peer).or_default().push(kind(&asked).to_owned());
        ids.push(id(&asked));
    }
    assert_eq!(heard.len(), PEOPLE);
    assert!(heard.values().all(|it| *it == ["joinPeer", "closePeer"]));
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 2 * PEOPLE);
    nothing_more(&server, &mut receiver).await;
}

// proves webhook.joinPeer, webhook.closePeer
#[tokio::test]
async fn recorder_that_is_behind_hears_later_who_is_there() {
    let mut limits = eager();
    limits.journal.queue = 1;
    limits.webhooks.time = PATIENCE;
    let (server, mut receiver) = pair_with(limits).await;
    let all = (0..50).map(async |n| come(&server, "room", &format!("peer-{n}")).await);
    let clients: Vec<_> = join_all(all).await.into_iter().map(|(c, _)| c).collect();
    let mut open = HashMap::new();
    for _ in 0..50 {
        let asked = receiver.asked().await;
        assert_eq!(kind(&asked), "joinPeer");
        let peer = asked.json()["peerId"].as_str().expect("an id").to_owned();
        assert!(open.insert(peer, true).is_none());
    }
    join_all(clients.into_iter().map(go)).await;
    for _ in 0..50 {
        let asked = receiver.asked().await;
        assert_eq!(kind(&asked), "closePeer");
        let peer = asked.json()["peerId"].as_str().expect("an id").to_owned();
        assert!(open.remove(&peer).is_some());
    }
    server.until_empty().await;
    nothing_more(&server, &mut receiver).await;
}
