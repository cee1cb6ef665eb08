//! That every operation of the document asks for a scope.

use serde_json::{Value, json};

use crate::support::{TestServer, api::assert_problem, http, patient_limits};

/// A good body for each operation that takes one: what is wrong with a body is
/// told before what is wrong with a token.
fn body(operation: &Value) -> Option<Value> {
    operation.get("requestBody")?;
    Some(match operation["operationId"].as_str().expect("an id") {
        "close_peer" | "existing_peer_by_body" => json!({ "peerId": "ada" }),
        "clear_rooms" => json!({ "rooms": [{ "roomId": "room" }] }),
        "create_webhook" => json!({ "url": "https://a.example", "events": ["room.started"] }),
        "mute_all" | "mute_participant" | "ask_participant" => json!({ "source": "camera" }),
        "write_message" => json!({ "text": "hello" }),
        "create" => json!({ "name": "x", "scopes": ["rooms:read"] }),
        _ => json!({}),
    })
}

/// The path with values in the place of names, and with the query that is needed.
fn address(path: &str, operation: &Value) -> String {
    let parts = path.split('/').map(|part| match part {
        "{roomId}" => "room",
        part if part.starts_with("{*") => "video.mp4",
        part if part.starts_with('{') => "1",
        part => part,
    });
    let path = parts.collect::<Vec<_>>().join("/");
    let parameters = operation["parameters"].as_array();
    let needed = parameters
        .into_iter()
        .flatten()
        .filter(|one| one["in"] == "query" && one["required"] == true);
    let query: Vec<String> = needed
        .map(|one| {
            let name = one["name"].as_str().expect("a name");
            let value = one["example"].as_str().expect("an example");
            format!("{name}={value}")
        })
        .collect();
    match query.is_empty() {
        true => path,
        false => format!("{path}?{}", query.join("&")),
    }
}

/// What needs no scope: who the token is, and logins.
fn is_free(path: &str, operation: &Value) -> bool {
    path == "/api/v1/me" || path.starts_with("/auth/") || operation["security"] == json!([{}])
}

#[tokio::test]
async fn token_without_scopes_may_do_nothing() {
    let server = TestServer::with(patient_limits()).await;
    let document = http::get(server.address(), "/api/openapi.json", &[]).await;
    let document = document.json();
    let mut asked = 0;
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            if is_free(path, operation) {
                continue;
            }
            asked += 1;
            // one for each: it is not about how often one may ask
            let backend = server.backend(&[]).await;
            let what = format!("{} {}", method.to_uppercase(), address(path, operation));
            let refused = match body(operation) {
                Some(body) => backend.send_json(&what, &[], &body).await,
                None => backend.send(&what, &[], "").await,
            };
            assert_eq!(refused.status, 403, "{what}: {}", refused.text());
            assert_problem(&refused, 403, "forbidden");
        }
    }
    assert!(asked > 40, "{asked}");
    let me = server.backend(&[]).await.get("/api/v1/me").await;
    assert_eq!(me.status, 200);
    server.stop().await;
}
