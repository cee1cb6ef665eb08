//! A database that is held up, and what rooms keep for it meanwhile.

use std::path::Path;

use protocol::{ClientMessage, ServerMessage};
use server::{config::TenantSettings, limits::Limits, statistics::Period, webhooks::EventKind};
use sqlx::{AnyConnection, raw_sql};

use crate::{
    hooks::{come, connected, disconnected, eager, expect, go, kind, nothing_more, told_at},
    support::{
        PATIENCE, TestServer,
        client::{Client, room_key},
        database, http,
        receiver::Receiver,
    },
};

/// A server whose journal holds next to nothing, with somebody in the room.
async fn narrow(late: usize) -> (TestServer, Receiver, Client) {
    let mut limits: Limits = eager();
    limits.journal.queue = 1;
    limits.journal.late = late;
    limits.webhooks.time = PATIENCE;
    let mut receiver = Receiver::answering(200, "").await;
    let tenant = TenantSettings {
        events: vec![EventKind::ChatMessage],
        ..told_at(receiver.address)
    };
    let server = TestServer::with_tenants(limits, vec![tenant]).await;
    let (ada, _) = come(&server, "room", "ada").await;
    expect(&mut receiver, &connected("room", "ada")).await;
    (server, receiver, ada)
}

/// Lets nobody write until the end of this.
async fn hold(folder: &Path) -> AnyConnection {
    let mut connection = database::connection(folder).await;
    let sql = match database::postgres() {
        Some(_) => "BEGIN; LOCK TABLE seats, webhook_messages IN EXCLUSIVE MODE",
        None => "BEGIN IMMEDIATE",
    };
    let held = raw_sql(sql).execute(&mut connection).await;
    held.expect("a lock");
    connection
}

async fn let_go(mut connection: AnyConnection) {
    let done = raw_sql("ROLLBACK").execute(&mut connection).await;
    done.expect("an end");
}

// proves webhook.joinPeer, webhook.closePeer
#[tokio::test]
async fn who_comes_and_goes_while_the_journal_is_behind_is_told_in_order() {
    let (server, mut receiver, ada) = narrow(100).await;
    let held = hold(server.folder.path()).await;
    let people = ["bob", "cleo", "dan", "eva"];
    for peer in people {
        let (client, _) = come(&server, "room", peer).await;
        go(client).await;
    }
    let_go(held).await;
    for peer in people {
        expect(&mut receiver, &connected("room", peer)).await;
        expect(&mut receiver, &disconnected("room", peer)).await;
    }
    go(ada).await;
    expect(&mut receiver, &disconnected("room", "ada")).await;
    nothing_more(&server, &mut receiver).await;
    let database = server.database().await;
    let visits = database.visits(&room_key("room"), Period::ALWAYS).await;
    assert_eq!(visits.expect("visits").len(), 5);
    assert_eq!(dropped(&server).await, 0);
}

#[tokio::test]
async fn what_is_said_while_the_journal_is_behind_comes_after_what_happened_before() {
    for late in [0, 100] {
        let (server, mut receiver, mut ada) = narrow(late).await;
        let held = hold(server.folder.path()).await;
        let mut here = Vec::new();
        for peer in ["bob", "cleo", "dan", "eva"] {
            here.push(come(&server, "room", peer).await);
        }
        let chat = ClientMessage::Chat {
            text: "All are here".to_owned(),
            nonce: "n1".to_owned(),
        };
        let said = ada.send(chat).await;
        let_go(held).await;
        assert_eq!(ada.reply(said).await, ServerMessage::Ok);
        for _ in &here {
            assert_eq!(kind(&receiver.asked().await), "joinPeer");
        }
        assert_eq!(kind(&receiver.asked().await), "chat.message");
        nothing_more(&server, &mut receiver).await;
    }
}

// proves webhook.joinPeer, webhook.closePeer
#[tokio::test]
async fn what_is_too_much_is_counted_and_who_is_there_is_told() {
    let (server, mut receiver, _ada) = narrow(3).await;
    let held = hold(server.folder.path()).await;
    for n in 0..5 {
        let (client, _) = come(&server, "room", &format!("peer-{n}")).await;
        go(client).await;
    }
    let (_eva, _) = come(&server, "room", "eva").await;
    let_go(held).await;
    let mut there = Vec::new();
    while there != ["eva"] {
        let asked = receiver.asked().await;
        let peer = asked.json()["peerId"].as_str().expect("an id").to_owned();
        match kind(&asked) {
            "joinPeer" => there.push(peer),
            _ => there.retain(|other| *other != peer),
        }
    }
    nothing_more(&server, &mut receiver).await;
    // eleven, less what was kept, waited and was being written
    let dropped = dropped(&server).await;
    assert!((6..11).contains(&dropped), "{dropped}");
}

async fn dropped(server: &TestServer) -> u64 {
    let shown = http::get(server.address(), "/metrics", &[]).await.text();
    let name = "meetframe_journal_dropped_notices_total ";
    let number = shown.lines().find_map(|line| line.strip_prefix(name));
    let number = number.expect("the metric");
    number.parse().expect("a number")
}
