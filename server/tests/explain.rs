//! `/explain`: what an address means, and what it never tells.

mod support;

use protocol::Join;
use serde_json::{Value, json};
use server::config::{Secret, TenantSettings};
use support::{
    TestServer,
    client::join,
    http::get,
    tenant::{SECRET, hs256, query, tenant},
};

async fn explain(server: &TestServer, address: &str) -> Value {
    let answer = get(server.address(), &format!("/explain{address}"), &[]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    answer.json()
}

fn row<'a>(explained: &'a Value, name: &str) -> &'a Value {
    let rows = explained["attributes"].as_array().expect("attributes");
    let found = rows.iter().find(|row| row["name"] == name);
    found.expect("an attribute")
}

#[tokio::test]
async fn each_attribute_has_its_value_and_where_it_came_from() {
    let server = TestServer::of(TenantSettings {
        max_broadcasters: 9,
        ..tenant()
    })
    .await;
    let token = hs256(&json!({ "roomId": "room", "role": "moderator", "handEnabled": "perhaps" }));
    let query = query(&[
        ("token", &token),
        ("displayName", "Anna"),
        ("role", "interpreter"),
        ("lang", "!"),
        ("color", "red"),
    ]);
    let explained = explain(&server, &format!("/webinar/room?{query}")).await;
    assert_eq!(explained["tenant"], "*");
    assert_eq!(explained["kind"], "webinar");
    assert_eq!(explained["room"], "room");
    assert_eq!(explained["role"], "moderator");
    assert_eq!(explained["refusals"], json!([]));
    assert_eq!(explained["unknown"], json!(["color"]));
    assert_eq!(explained["attributes"].as_array().map(Vec::len), Some(31));
    for (name, value, source) in [
        ("role", json!("moderator"), "token"),
        ("displayName", json!("Anna"), "url"),
        ("maxBroadcasters", json!(9), "tenant"),
        ("sortPeers", json!(false), "default"),
        ("handEnabled", json!(false), "default"),
        ("lang", json!(null), "default"),
    ] {
        let row = row(&explained, name);
        assert_eq!(
            (&row["value"], &row["source"]),
            (&value, &json!(source)),
            "{name}"
        );
    }
    let refused = |name: &str| row(&explained, name)["refused"][0].clone();
    assert_eq!(refused("role")["value"], "interpreter");
    assert_eq!(refused("handEnabled")["source"], "token");
    assert_eq!(refused("lang")["value"], "!");
    server.stop().await;
}

#[tokio::test]
async fn path_and_query_say_which_interface_and_room() {
    let server = TestServer::of(tenant()).await;
    for (address, kind, room) in [
        ("?roomId=a", "call", json!("a")),
        ("?roomId=a&kind=webinar", "webinar", json!("a")),
        ("/call/?roomId=a", "call", json!("a")),
        ("/call/b?roomId=a", "call", json!("b")),
        ("/webinar/b", "webinar", json!("b")),
        ("", "call", json!(null)),
        ("?roomId=a%2Fb", "call", json!(null)),
    ] {
        let explained = explain(&server, address).await;
        assert_eq!(explained["kind"], kind, "{address}");
        assert_eq!(explained["room"], room, "{address}");
        assert_eq!(explained["unknown"], json!([]), "{address}");
    }
    server.stop().await;
}

#[tokio::test]
async fn secrets_are_never_shown() {
    let server = TestServer::of(TenantSettings {
        access_url: Some("https://lms.example/check/hush1".to_owned()),
        access_authorization: Some(Secret::new("Bearer hush2")),
        event_url: Some("https://lms.example/events/hush3".to_owned()),
        event_authorization: Some(Secret::new("Bearer hush4")),
        event_secret: Some(Secret::new(
            "whsec_hush5hush5hush5hush5hush5hush5hush5hush5",
        )),
        ..tenant()
    })
    .await;
    let token = hs256(&json!({ "authEvent": "Bearer hush6", "accessToken": "hush7" }));
    let given = query(&[
        ("accessToken", "hush8"),
        ("accessUrl", "https://debug.example/hush9"),
        ("authorizationAccess", "Bearer hush\n10"),
        ("authEvent", "Bearer hush11"),
        ("token", &token),
    ]);
    for address in ["?roomId=a".to_owned(), format!("?{given}")] {
        let text = explain(&server, &address).await.to_string();
        assert!(!text.contains("hush"), "{text}");
        assert!(!text.contains(SECRET) && !text.contains(&token), "{text}");
    }
    let own = explain(&server, "?roomId=a").await;
    for name in ["accessUrl", "authorizationAccess", "apiEvent", "authEvent"] {
        assert_eq!(row(&own, name)["value"], "(set)", "{name}");
        assert_eq!(row(&own, name)["source"], "tenant", "{name}");
    }
    assert_eq!(own["asksAccessUrl"], true);
    server.stop().await;
}

#[tokio::test]
async fn limits_of_those_present_are_told_to_those_who_may_come_in() {
    let server = TestServer::of(TenantSettings {
        require_token: true,
        ..tenant()
    })
    .await;
    let token = hs256(&json!({ "roomId": "room" }));
    let address = format!("?roomId=room&token={token}");
    assert_eq!(explain(&server, &address).await["inRoom"], json!(null));
    let mut client = server.client().await;
    let limited = hs256(&json!({ "roomId": "room", "maxBroadcasters": 4, "maxWatchers": 8 }));
    client
        .join_with(Join {
            query: format!("token={limited}"),
            ..join("room", "Anna")
        })
        .await;
    let explained = explain(&server, &address).await;
    let limits = json!({ "maxBroadcasters": 4, "maxWatchers": 8 });
    assert_eq!(explained["inRoom"], limits);
    let outsider = explain(&server, "?roomId=room").await;
    assert_eq!(outsider["inRoom"], json!(null));
    assert_eq!(outsider["refusals"][0]["code"], "token_required");
    server.stop().await;
}
