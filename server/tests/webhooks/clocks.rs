//! Clocks that are set while messages wait. What a clock that was set back
//! leaves is a moment too far ahead, so that is what these tests write.

use std::path::Path;

use sqlx::{AssertSqlSafe, query, query_scalar};

use crate::{
    hooks::{come, connected, eager, expect, go, id, scripted},
    support::{
        database,
        receiver::{Script, reply},
        until,
    },
};

/// A day in milliseconds.
const DAY: u64 = 24 * 60 * 60 * 1_000;

/// Lets what waits wait for so many milliseconds more.
async fn put_off(folder: &Path, millis: u64) {
    let mut connection = database::connection(folder).await;
    let sql = format!("UPDATE webhook_messages SET next_at = next_at + {millis}");
    let done = query(AssertSqlSafe(sql)).execute(&mut connection).await;
    assert_eq!(done.expect("a statement").rows_affected(), 1);
}

/// Waits until a message was sent in vain.
async fn until_tried(folder: &Path) {
    until("it was tried", async || {
        let mut connection = database::connection(folder).await;
        let tried = query_scalar("SELECT max(attempts) FROM webhook_messages");
        let tried: Option<i64> = tried.fetch_one(&mut connection).await.expect("a number");
        tried.is_some_and(|tried| tried > 0)
    })
    .await;
}

// proves webhook.joinPeer
#[tokio::test]
async fn message_that_would_wait_for_a_day_is_sent_at_the_start() {
    let mut limits = eager();
    limits.webhooks.stop = std::time::Duration::from_millis(20);
    limits.webhooks.time = std::time::Duration::from_secs(600);
    let script = Script::Steps(vec![None, Some(reply(200, ""))]);
    let (server, mut receiver) = scripted(limits, script).await;
    let (_ada, _) = come(&server, "room", "ada").await;
    let first = expect(&mut receiver, &connected("room", "ada")).await;
    put_off(server.folder.path(), DAY).await;
    let _server = server.restart().await;
    let again = expect(&mut receiver, &connected("room", "ada")).await;
    assert_eq!(id(&first), id(&again));
}

// proves webhook.joinPeer
#[tokio::test]
async fn pause_is_as_long_as_it_was_meant_to_be() {
    // two seconds, whatever chance says
    let busy =
        "HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let script = Script::Steps(vec![Some(busy.to_owned()), Some(reply(200, ""))]);
    let (server, mut receiver) = scripted(eager(), script).await;
    let (ada, _) = come(&server, "room", "ada").await;
    let first = expect(&mut receiver, &connected("room", "ada")).await;
    until_tried(server.folder.path()).await;
    // within what could be a pause
    put_off(server.folder.path(), DAY / 48).await;
    let again = expect(&mut receiver, &connected("room", "ada")).await;
    assert_eq!(id(&first), id(&again));
    go(ada).await;
}

// proves webhook.joinPeer
#[tokio::test]
async fn message_from_long_ago_is_not_given_up_by_its_first_failure() {
    let mut limits = eager();
    limits.webhooks.stop = std::time::Duration::from_millis(20);
    limits.webhooks.time = std::time::Duration::from_secs(600);
    let script = Script::Steps(vec![None, Some(reply(500, "")), Some(reply(200, ""))]);
    let (server, mut receiver) = scripted(limits, script).await;
    let (_ada, _) = come(&server, "room", "ada").await;
    let first = expect(&mut receiver, &connected("room", "ada")).await;
    let mut connection = database::connection(server.folder.path()).await;
    // written yesterday, by a clock that was set forward since
    let old = query("UPDATE webhook_messages SET created_at = 1, next_at = 1");
    old.execute(&mut connection).await.expect("a statement");
    let _server = server.restart().await;
    for _ in 0..2 {
        let again = expect(&mut receiver, &connected("room", "ada")).await;
        assert_eq!(id(&first), id(&again));
    }
}
