//! What the claims of a good token do at the door.

mod support;

use protocol::{ClientMessage, ErrorCode, Join, Role, ServerMessage};
use serde_json::json;
use server::config::TenantSettings;
use support::{
    TestServer,
    client::{code, join, welcome},
    http::get,
    tenant::{hs256, seconds_from_now, tenant},
    ways::{ROOM, accepted, enter, look, refused, with},
};

// proves attr.roomId
#[tokio::test]
async fn token_is_good_for_the_room_that_it_names() {
    let server = TestServer::of(tenant()).await;
    let other = hs256(&json!({ "role": "moderator", "roomId": "another" }));
    refused(&server, "another room", &other, ErrorCode::TokenRoom, 403).await;
    let odd = hs256(&json!({ "role": "moderator", "roomId": "no room/at all" }));
    refused(&server, "no room", &odd, ErrorCode::TokenRoom, 403).await;
    let free = hs256(&json!({ "role": "moderator" }));
    accepted(&server, "bound to no room", &free).await;
    let page = get(server.address(), &format!("/call/other?token={other}"), &[]).await;
    assert_eq!(page.status, 403, "the path names a room as well");
    server.stop().await;
}

// proves attr.roomId
#[tokio::test]
async fn token_alone_may_name_the_room() {
    let server = TestServer::of(tenant()).await;
    let token = hs256(&json!({ "roomId": 1111 }));
    let page = get(server.address(), &format!("/call/?token={token}"), &[]).await;
    assert_eq!(page.status, 200);
    let explained = get(server.address(), &format!("/explain?token={token}"), &[]).await;
    assert_eq!(explained.json()["room"], "1111");
    server.stop().await;
}

// proves attr.startTime
#[tokio::test]
async fn nobody_comes_in_before_the_start() {
    let server = TestServer::of(tenant()).await;
    let start = seconds_from_now(3_600) * 1_000;
    let iso = server::token::Moment(server::clock::UnixMillis::from_sql(start)).to_string();
    for value in [json!(start), json!(start / 1_000), json!(iso)] {
        let token = hs256(&json!({ "roomId": ROOM, "startTime": value }));
        let ServerMessage::Error(error) = enter(&server, &token).await else {
            panic!("it has not started");
        };
        assert_eq!(error.code, ErrorCode::NotStarted);
        let details = error.details.expect("the start");
        assert_eq!(details.starts_at, Some(start.cast_unsigned()));
        assert!(details.retry_after_ms.is_some_and(|wait| wait <= 3_600_000));
        let (page, explained) = look(&server, &token).await;
        assert_eq!(page, 200, "the page waits for the start");
        assert_eq!(explained["refusals"][0]["details"]["startsAt"], start);
    }
    let begun = hs256(&json!({ "roomId": ROOM, "startTime": seconds_from_now(-1) }));
    welcome(enter(&server, &begun).await);
    server.stop().await;
}

// proves attr.iat
#[tokio::test]
async fn age_of_a_token_is_told_in_all_forms_of_iat() {
    let server = TestServer::of(tenant()).await;
    let made = seconds_from_now(-100);
    let iso = server::token::Moment(server::clock::UnixMillis::from_sql(made * 1_000)).to_string();
    for value in [json!(made), json!(made * 1_000), json!(iso)] {
        let token = hs256(&json!({ "roomId": ROOM, "iat": value }));
        let (_, explained) = look(&server, &token).await;
        let age = explained["token"]["age"].as_u64().expect("an age");
        assert!((100..200).contains(&age), "{age}");
    }
    server.stop().await;
}

// proves attr.canRecord
#[tokio::test]
async fn only_a_moderator_whose_token_says_so_may_record() {
    let server = TestServer::of(tenant()).await;
    for (claims, may) in [
        (json!({ "role": "moderator", "canRecord": true }), true),
        (json!({ "role": "moderator" }), false),
        (json!({ "canRecord": true }), false),
    ] {
        let welcome = welcome(enter(&server, &hs256(&claims)).await);
        assert_eq!(welcome.you.may_record, may, "{claims}");
    }
    let mut client = server.client().await;
    let in_address = Join {
        query: format!("roomId={ROOM}&canRecord=true&role=moderator"),
        ..join(ROOM, "Mallory")
    };
    let you = client.join_with(in_address).await.you;
    assert!(!you.may_record);
    assert_eq!(you.participant.role, Role::Participant);
    server.stop().await;
}

// proves attr.accessToken
#[tokio::test]
async fn tenant_that_requires_tokens_lets_nobody_in_without() {
    let server = TestServer::of(TenantSettings {
        require_token: true,
        access_url: Some("http://127.0.0.1:9/never-asked".to_owned()),
        ..tenant()
    })
    .await;
    for query in [
        "roomId=lesson",
        "roomId=lesson&accessToken=abc",
        "roomId=lesson&token=",
    ] {
        let page = get(server.address(), &format!("/call/?{query}"), &[]).await;
        assert_eq!(page.status, 401, "{query}");
        assert_eq!(page.header("www-authenticate"), "Bearer");
        let mut client = server.client().await;
        let join = Join {
            query: query.to_owned(),
            ..join(ROOM, "Anna")
        };
        let answer = client.ask(ClientMessage::Join(join)).await;
        assert_eq!(code(&answer), ErrorCode::TokenRequired, "{query}");
    }
    let token = hs256(&with(&json!({ "accessToken": "signed" })));
    let (_, explained) = look(&server, &format!("{token}&accessToken=abc")).await;
    let access = explained["attributes"]
        .as_array()
        .and_then(|all| all.iter().find(|row| row["name"] == "accessToken"))
        .expect("accessToken");
    assert_eq!(access["source"], "default");
    assert_eq!(access["refused"].as_array().map(Vec::len), Some(2));
    assert_eq!(explained["asksAccessUrl"], false);
    accepted(&server, "nobody else is asked", &token).await;
    server.stop().await;
}
