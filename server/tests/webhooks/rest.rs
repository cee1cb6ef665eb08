//! Webhooks made over REST, and dead letters.

use serde_json::{Value, json};
use server::{
    accounts::Scope,
    clock::UnixMillis,
    config::TenantSettings,
    webhooks::{MessageId, SigningKey},
};

use crate::{
    events::data,
    hooks::{come, connected, disconnected, eager, expect, go, id, nothing_more, scripted, url_at},
    support::{
        TestServer,
        api::assert_problem,
        database,
        receiver::{Asked, Receiver, Script, reply},
        tenant::tenant,
        until,
    },
};

const PATH: &str = "/api/v1/webhooks";

async fn server() -> TestServer {
    TestServer::with_tenants(eager(), vec![tenant()]).await
}

async fn subscribe(server: &TestServer, receiver: &Receiver, events: &[&str]) -> Value {
    let body = json!({ "url": url_at(receiver.address), "events": events });
    let made = server.admin().await.post(PATH, &body).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()
}

/// Whether the message is signed by this secret.
fn is_signed(asked: &Asked, secret: &str) -> bool {
    let key = SigningKey::parse(secret).expect("a secret");
    let id = MessageId::from_sql(id(asked));
    let time: u64 = asked
        .header("webhook-timestamp")
        .and_then(|time| time.parse().ok())
        .expect("a time");
    let wanted = key.sign(&id, UnixMillis::new(time * 1_000), &asked.body);
    asked.header("webhook-signature") == Some(&wanted)
}

#[tokio::test]
async fn who_subscribed_hears_at_their_url_signed_by_their_secret() {
    let server = server().await;
    let mut receiver = Receiver::answering(200, "").await;
    let made = subscribe(&server, &receiver, &["participant.joined", "room.ended"]).await;
    let secret = made["secret"].as_str().expect("a secret");
    let (ada, _) = come(&server, "room", "ada").await;
    go(ada).await;
    for wanted in ["participant.joined", "room.ended"] {
        let asked = receiver.asked().await;
        assert_eq!(asked.line, "POST /api/events HTTP/1.1");
        assert!(is_signed(&asked, secret), "{asked:?}");
        assert_eq!(data(&asked, wanted)["roomId"], "room");
    }
    nothing_more(&server, &mut receiver).await;
}

#[tokio::test]
async fn secret_is_shown_once_and_the_end_is_the_end() {
    let server = server().await;
    let mut receiver = Receiver::answering(200, "").await;
    let made = subscribe(&server, &receiver, &["room.started", "room.started"]).await;
    let admin = server.admin().await;
    let list = admin.get(PATH).await.json();
    let listed = &list["data"][0];
    assert_eq!(listed["id"], made["id"]);
    assert_eq!(listed["url"], url_at(receiver.address));
    assert_eq!(listed["events"], json!(["room.started"]));
    assert_eq!(listed.get("secret"), None);
    let path = format!("{PATH}/{}", made["id"].as_str().expect("an id"));
    assert_eq!(admin.delete(&path).await.status, 204);
    assert_problem(&admin.delete(&path).await, 404, "not_found");
    assert_eq!(admin.get(PATH).await.json(), json!({ "data": [] }));
    let (ada, _) = come(&server, "room", "ada").await;
    go(ada).await;
    nothing_more(&server, &mut receiver).await;
}

#[tokio::test]
async fn what_cannot_be_subscribed_is_refused() {
    let strict = TenantSettings {
        allow_private_targets: false,
        ..tenant()
    };
    let server = TestServer::with_tenants(eager(), vec![strict]).await;
    let admin = server.admin().await;
    let events = json!(["room.started"]);
    for body in [
        json!({}),
        json!({ "url": "https://a.example" }),
        json!({ "url": "https://a.example", "events": [] }),
        json!({ "url": "https://a.example", "events": ["joinPeer"] }),
        json!({ "url": "http://a.example", "events": events }),
        json!({ "url": "https://me:pass@a.example", "events": events }),
        json!({ "url": "a.example", "events": events }),
        json!({ "url": "https://a.example", "events": events, "else": 1 }),
    ] {
        assert_problem(&admin.post(PATH, &body).await, 400, "bad_request");
    }
    let good = json!({ "url": "https://a.example", "events": events });
    for _ in 0..32 {
        assert_eq!(admin.post(PATH, &good).await.status, 201);
    }
    assert_problem(&admin.post(PATH, &good).await, 409, "conflict");
    let reader = server.backend(&[Scope::WebhooksRead]).await;
    assert_problem(&reader.post(PATH, &good).await, 403, "forbidden");
    assert_eq!(reader.get(PATH).await.status, 200);
}

#[tokio::test]
async fn webhooks_are_the_tenants_own() {
    let other = TenantSettings {
        hostname: "b.example".to_owned(),
        ..tenant()
    };
    let server = TestServer::with_tenants(eager(), vec![tenant(), other]).await;
    let mut receiver = Receiver::answering(200, "").await;
    let made = subscribe(&server, &receiver, &["room.started"]).await;
    let other = server.admin().await.of("b.example");
    assert_eq!(other.get(PATH).await.json(), json!({ "data": [] }));
    let path = format!("{PATH}/{}", made["id"].as_str().expect("an id"));
    assert_problem(&other.delete(&path).await, 404, "not_found");
    let mut ada = server.client_of("b.example").await;
    ada.join_with(crate::hooks::wish("room", "ada")).await;
    go(ada).await;
    nothing_more(&server, &mut receiver).await;
}

/// A server whose receiver did not want the first two messages, and takes all
/// others.
async fn with_dead_letters() -> (TestServer, Receiver, Vec<String>) {
    let gone = Some(reply(410, ""));
    let script = Script::Steps(vec![gone.clone(), gone, Some(reply(200, ""))]);
    let (server, mut receiver) = scripted(eager(), script).await;
    let (ada, _) = come(&server, "room", "ada").await;
    go(ada).await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        ids.push(id(&receiver.asked().await));
    }
    let database = server.database().await;
    until("both are given up", async || {
        database.count_webhooks().await.expect("a count") == (0, 2)
    })
    .await;
    (server, receiver, ids)
}

#[tokio::test]
async fn dead_letters_are_listed_page_by_page() {
    let (server, _receiver, ids) = with_dead_letters().await;
    let admin = server.admin().await;
    let first = admin.get(&format!("{PATH}/dead?limit=1")).await.json();
    let letter = &first["data"][0];
    assert_eq!(letter["id"], ids[0]);
    assert_eq!(letter["kind"], "joinPeer");
    assert_eq!(letter["roomId"], "room");
    assert_eq!(letter["receiver"], "event_url");
    assert_eq!(letter["reason"], "status 410");
    assert_eq!(letter["attempts"], 1);
    assert_eq!(letter["body"], connected("room", "ada"));
    let next = format!("{PATH}/dead?limit=1&after={}", first["next"]);
    let second = admin.get(&next).await.json();
    assert_eq!(second["data"][0]["id"], ids[1]);
    let all = admin.get(&format!("{PATH}/dead")).await.json();
    assert_eq!(all["data"].as_array().map(Vec::len), Some(2));
    assert_eq!(all["next"], Value::Null);
    for bad in ["limit=0", "limit=101", "after=x"] {
        let refused = admin.get(&format!("{PATH}/dead?{bad}")).await;
        assert_problem(&refused, 400, "bad_request");
    }
}

async fn replay(server: &TestServer, which: &str) -> Value {
    let path = format!("{PATH}/dead/{which}");
    let replayed = server.admin().await.post(&path, &json!({})).await;
    replayed.json()
}

#[tokio::test]
async fn dead_letters_are_sent_again_with_their_ids_and_in_their_order() {
    let (server, mut receiver, ids) = with_dead_letters().await;
    assert_eq!(replay(&server, "replay").await, json!({ "replayed": 2 }));
    let joined = expect(&mut receiver, &connected("room", "ada")).await;
    let left = expect(&mut receiver, &disconnected("room", "ada")).await;
    assert_eq!([id(&joined), id(&left)], ids[..]);
    nothing_more(&server, &mut receiver).await;
    let admin = server.admin().await;
    let left = admin.get(&format!("{PATH}/dead")).await.json();
    assert_eq!(left["data"], json!([]));
    let gone = format!("{PATH}/dead/{}/replay", ids[0]);
    assert_problem(&admin.post(&gone, &json!({})).await, 404, "not_found");
}

// proves webhook.joinPeer, webhook.closePeer
#[tokio::test]
async fn end_is_not_sent_again_without_the_beginning_that_was_given_up() {
    let (server, mut receiver, ids) = with_dead_letters().await;
    let one = format!("{}/replay", ids[1]);
    assert_eq!(replay(&server, &one).await, json!({ "replayed": 2 }));
    let joined = expect(&mut receiver, &connected("room", "ada")).await;
    let left = expect(&mut receiver, &disconnected("room", "ada")).await;
    assert_eq!([id(&joined), id(&left)], ids[..]);
    nothing_more(&server, &mut receiver).await;
}

#[tokio::test]
async fn beginning_is_sent_again_alone() {
    let (server, mut receiver, ids) = with_dead_letters().await;
    let one = format!("{}/replay", ids[0]);
    assert_eq!(replay(&server, &one).await, json!({ "replayed": 1 }));
    let joined = expect(&mut receiver, &connected("room", "ada")).await;
    assert_eq!(id(&joined), ids[0]);
    nothing_more(&server, &mut receiver).await;
}

#[tokio::test]
async fn end_brings_back_nothing_of_others_and_nothing_later() {
    let gone = Some(reply(410, ""));
    let receiver = Receiver::http(Script::Steps(vec![gone])).await;
    let server = server().await;
    let events = ["participant.joined", "participant.left", "room.started"];
    subscribe(&server, &receiver, &events).await;
    let (bob, _) = come(&server, "room", "bob").await;
    for _ in 0..2 {
        let (ada, _) = come(&server, "room", "ada").await;
        go(ada).await;
    }
    go(bob).await;
    let database = server.database().await;
    until("all are given up", async || {
        database.count_webhooks().await.expect("a count") == (0, 7)
    })
    .await;
    let letters = server
        .admin()
        .await
        .get(&format!("{PATH}/dead"))
        .await
        .json();
    // room.started, bob, ada: joined, left, joined, left
    let first_end = &letters["data"][3];
    assert_eq!(first_end["kind"], "participant.left");
    let id = first_end["id"].as_str().expect("an id");
    let one = format!("{id}/replay");
    assert_eq!(replay(&server, &one).await, json!({ "replayed": 2 }));
}

#[tokio::test]
async fn row_that_cannot_be_read_holds_up_nobody() {
    let (server, mut receiver) = scripted(eager(), Script::Reply(reply(200, ""))).await;
    let mut connection = database::connection(server.folder.path()).await;
    for (id, room, to) in [("1", "no key", ""), ("2", "default/room", "no address")] {
        let added = sqlx::query(
            "INSERT INTO webhook_messages
               (id, room_id, receiver, kind, body, state, attempts, created_at, next_at)
             VALUES ($1, $2, $3, 'joinPeer', '{}', 'waiting', 0, 1, 1)",
        );
        let added = added.bind(id).bind(room).bind(to);
        added.execute(&mut connection).await.expect("a row");
    }
    sqlx::query(
        "INSERT INTO webhook_subscriptions (id, tenant, url, events, secret, created_at)
         VALUES ('no id', '*', 'no address', 'room.started', '', 1)",
    )
    .execute(&mut connection)
    .await
    .expect("a row");
    let (ada, _) = come(&server, "room", "ada").await;
    expect(&mut receiver, &connected("room", "ada")).await;
    go(ada).await;
    expect(&mut receiver, &disconnected("room", "ada")).await;
    // and after a restart, which reads all of them
    let server = server.restart().await;
    let (_bob, _) = come(&server, "room", "bob").await;
    expect(&mut receiver, &connected("room", "bob")).await;
}
