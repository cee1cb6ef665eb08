//! `tokenLifetime`: how long a token lasts since its first use.

mod support;

use protocol::{ClientMessage, ErrorCode, Join, ServerMessage};
use serde_json::json;
use server::{
    clock::{Now, UnixMillis},
    config::TenantSettings,
    db::TokenUse,
    ticket::TicketKeys,
};
use support::{
    TestServer,
    client::{code, join, join_by, room_key, welcome},
    http::get,
    receiver::Receiver,
    tenant::{hs256, tenant},
    until,
};

fn by_token(token: &str) -> Join {
    join_by("room", "Ada", &[("token", token)])
}

async fn try_join(server: &TestServer, wish: Join) -> ServerMessage {
    let mut client = server.client().await;
    client.ask(ClientMessage::Join(wish)).await
}

async fn try_token(server: &TestServer, token: &str) -> ServerMessage {
    try_join(server, by_token(token)).await
}

// proves attr.tokenLifetime
#[tokio::test]
async fn token_is_used_up_when_its_lifetime_is_over_whatever_restarts() {
    let server = TestServer::of(tenant()).await;
    let token = hs256(&json!({"tokenLifetime": 1}));
    let started = Now::read().unix;
    welcome(try_token(&server, &token).await);
    until("the lifetime is over", async || later_than(started, 2)).await;
    let reply = try_token(&server, &token).await;
    assert_eq!(code(&reply), ErrorCode::TokenUsedUp);

    let server = server.restart().await;
    let reply = try_token(&server, &token).await;
    assert_eq!(code(&reply), ErrorCode::TokenUsedUp);
    // nor does it help to sign it once more in other words
    let longer = [("token", token.as_str()), ("tokenLifetime", "600000")];
    let reply = try_join(&server, join_by("room", "Ada", &longer)).await;
    assert_eq!(code(&reply), ErrorCode::TokenUsedUp);
    // another token is another token
    let other = hs256(&json!({"tokenLifetime": 1, "peerId": "bob"}));
    welcome(try_token(&server, &other).await);
}

// proves attr.tokenLifetime
#[tokio::test]
async fn page_of_a_used_up_token_says_so_at_once_and_looking_uses_nothing() {
    let server = TestServer::of(tenant()).await;
    let token = hs256(&json!({"tokenLifetime": 1}));
    let page = async || {
        let path = format!("/call/room?token={token}");
        get(server.address(), &path, &[]).await
    };
    for _ in 0..3 {
        assert_eq!(page().await.status, 200, "looking begins no lifetime");
    }
    let explained = async || {
        let path = format!("/explain/call/room?token={token}");
        get(server.address(), &path, &[]).await.json()
    };
    assert_eq!(explained().await["refusals"], json!([]));
    let started = Now::read().unix;
    welcome(try_token(&server, &token).await);
    until("the lifetime is over", async || later_than(started, 2)).await;
    let refused = page().await;
    assert_eq!(refused.status, 403);
    assert!(
        refused.text().contains("token_used_up"),
        "{}",
        refused.text()
    );
    assert_eq!(explained().await["refusals"][0]["code"], "token_used_up");
    // other pages do not ask
    let other = get(server.address(), "/call/room", &[]).await;
    assert_eq!(other.status, 200);
}

fn later_than(moment: UnixMillis, millis: u64) -> bool {
    Now::read().unix.get() > moment.get() + millis
}

// proves attr.tokenLifetime
#[tokio::test]
async fn lifetime_counts_from_the_first_connection_and_ends_the_tickets() {
    let server = TestServer::of(tenant()).await;
    let token = hs256(&json!({"tokenLifetime": 600_000}));
    let before = Now::read().unix.get();
    let first = welcome(try_token(&server, &token).await);
    let after = Now::read().unix.get();
    let server = server.restart().await;
    let second = welcome(try_token(&server, &token).await);
    // the seat of a ticket ends with the token, also without naming it again
    let wish = Join {
        ticket: Some(second.ticket.clone()),
        ..join("room", "Ada")
    };
    let third = welcome(try_join(&server, wish).await);
    let now = Now::read().unix;
    let tickets = TicketKeys::load(&server.database().await, now).await;
    let tickets = tickets.expect("the key");
    let ends: Vec<u64> = [first, second, third]
        .iter()
        .map(|seat| {
            let ticket = tickets.check(&seat.ticket, &room_key("room"), now);
            ticket.expect("a good ticket").ends_at.expect("an end")
        })
        .collect();
    assert!(ends[0] >= before + 600_000 && ends[0] <= after + 600_000);
    assert_eq!(ends, [ends[0]; 3]);
}

// proves attr.tokenLifetime
#[tokio::test]
async fn who_is_in_the_room_stays_when_the_lifetime_ends_but_does_not_come_back() {
    let server = TestServer::of(tenant()).await;
    let token = hs256(&json!({"tokenLifetime": 1}));
    let mut ada = server.client().await;
    let started = Now::read().unix;
    let seat = ada.join_with(by_token(&token)).await;
    until("the lifetime is over", async || later_than(started, 2)).await;
    assert_eq!(ada.chat("still here").await, ServerMessage::Ok);
    ada.vanish();
    let mut back = server.client().await;
    let reply = back.resume("room", &seat.ticket, 1).await;
    assert_eq!(code(&reply), ErrorCode::BadTicket);
    let wish = Join {
        ticket: Some(seat.ticket.clone()),
        ..by_token(&token)
    };
    assert_eq!(code(&try_join(&server, wish).await), ErrorCode::BadTicket);
    let reply = try_token(&server, &token).await;
    assert_eq!(code(&reply), ErrorCode::TokenUsedUp);
}

#[tokio::test]
async fn refused_join_does_not_begin_the_lifetime() {
    let integrator = Receiver::answering(401, "").await;
    let tenant = TenantSettings {
        access_url: Some(integrator.url()),
        ..tenant()
    };
    let server = TestServer::of(tenant).await;
    let token = hs256(&json!({"tokenLifetime": 1}));
    let reply = try_token(&server, &token).await;
    assert_eq!(code(&reply), ErrorCode::AccessDenied);
    let uses = server.database().await.count_token_uses().await;
    assert_eq!(uses.expect("the database"), 0);
}

#[tokio::test]
async fn uses_of_tokens_that_are_no_good_any_more_are_forgotten() {
    let server = TestServer::of(tenant()).await;
    let database = server.database().await;
    let now = Now::read().unix;
    let at = |offset: i64| UnixMillis::new(now.get().saturating_add_signed(offset));
    let uses = [
        (1, Some(at(-1_000))),
        (2, Some(at(600_000))),
        // it never expires, and would begin anew
        (3, None),
    ];
    for (name, forget_at) in uses {
        let used = TokenUse {
            hash: [name; 32],
            ends_at: at(-2_000),
            forget_at,
        };
        database.use_token(&used, now).await.expect("the database");
    }
    assert_eq!(database.count_token_uses().await.expect("a number"), 2);
    let gone = database.token_end(&[1; 32]).await.expect("the database");
    assert_eq!(gone, None);
}
