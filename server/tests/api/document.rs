//! The OpenAPI document, and the pages that explain the API.

use serde_json::Value;
use server::api::Code;

use crate::support::{TestServer, http, patient_limits};

#[tokio::test]
async fn document_is_openapi_3_1_and_every_handler_is_in_it() {
    let server = TestServer::with(patient_limits()).await;
    let answer = http::get(server.address(), "/api/openapi.json", &[]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    let document = answer.json();
    assert_eq!(document["openapi"], "3.1.0");
    for path in ["/api/v1/me", "/api/v1/tokens", "/auth/jwt/login"] {
        assert!(document["paths"][path].is_object(), "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn every_endpoint_of_the_reference_product_is_in_it() {
    let server = TestServer::with(patient_limits()).await;
    let document = http::get(server.address(), "/api/openapi.json", &[]).await;
    let document = document.json();
    let folder = env!("CARGO_MANIFEST_DIR");
    let contract = std::fs::read_to_string(format!("{folder}/../docs/contract.json"));
    let contract: Value = serde_json::from_str(&contract.expect("the file")).expect("JSON");
    let endpoints = contract["rest"].as_array().expect("a list");
    assert!(!endpoints.is_empty());
    for endpoint in endpoints {
        let id = endpoint["id"].as_str().expect("an id");
        let named = id.strip_prefix("rest.").and_then(|id| id.split_once(' '));
        let (method, path) = named.expect("a method and a path");
        let parts = path.split('/').map(|part| match part.strip_prefix(':') {
            Some(name) => format!("{{{name}}}"),
            None => part.to_owned(),
        });
        let path = parts.collect::<Vec<_>>().join("/");
        let operation = &document["paths"][&path][method.to_lowercase()];
        assert!(operation.is_object(), "{id}");
        let answer = &operation["responses"]["200"];
        let schema = &answer["content"]["application/json"]["schema"];
        assert!(schema.is_object(), "{id}: the shape of its answer");
    }
    server.stop().await;
}

#[tokio::test]
async fn every_write_can_be_repeated_and_says_so() {
    let server = TestServer::with(patient_limits()).await;
    let document = http::get(server.address(), "/api/openapi.json", &[]).await;
    let document = document.json();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            let parameters = operation["parameters"].as_array();
            let takes_key = parameters
                .into_iter()
                .flatten()
                .any(|one| one["name"] == "Idempotency-Key");
            // logins have no caller, and a participant's token is kept nowhere
            let is_other =
                path.starts_with("/auth/") || path.ends_with("/tokens") && path.contains("/rooms/");
            let is_write = method != "get" && !is_other;
            assert_eq!(takes_key, is_write, "{method} {path}");
            let responses = &operation["responses"];
            let tells = responses["409"].is_object() && responses["422"].is_object();
            assert!(!takes_key || tells, "{method} {path}: 409, 422");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn every_operation_tells_its_refusals_and_has_words() {
    let server = TestServer::with(patient_limits()).await;
    let answer = http::get(server.address(), "/api/openapi.json", &[]).await;
    let document = answer.json();
    let paths = document["paths"].as_object().expect("paths");
    let mut ids = std::collections::HashSet::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("methods") {
            let what = format!("{method} {path}");
            let id = operation["operationId"].as_str().expect("an id");
            assert!(ids.insert(id.to_owned()), "{what}: {id} is there twice");
            assert!(operation["summary"].is_string(), "{what}: a summary");
            assert!(operation["tags"].is_array(), "{what}: a tag");
            let responses = operation["responses"].as_object().expect("responses");
            let has = |status: &str| responses.contains_key(status);
            assert!(has("500"), "{what}: 500");
            let open = operation["security"] == serde_json::json!([{}]);
            assert!(open || has("401") && has("429"), "{what}: 401, 429");
        }
    }
    server.stop().await;
}

#[tokio::test]
async fn pages_explain_the_document_and_every_code() {
    let server = TestServer::with(patient_limits()).await;
    let docs = http::get(server.address(), "/api/docs", &[]).await;
    assert_eq!(docs.status, 200);
    let policy = docs.header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{policy}");
    let text = docs.text();
    for word in ["/auth/jwt/login", "Log in", "tokens:write", "curl"] {
        assert!(text.contains(word), "{word}");
    }
    let errors = http::get(server.address(), "/api/errors", &[]).await;
    for code in Code::ALL {
        let anchor = format!("id=\"{}\"", code.meaning().name);
        assert!(errors.text().contains(&anchor), "{anchor}");
    }
    server.stop().await;
}

#[test]
fn every_code_stands_in_the_documentation() {
    let folder = env!("CARGO_MANIFEST_DIR");
    let text = std::fs::read_to_string(format!("{folder}/../docs/REST.md")).expect("the file");
    for code in Code::ALL {
        let meaning = code.meaning();
        let row = format!("| {} | `{}` |", meaning.status.as_u16(), meaning.name);
        assert!(text.contains(&row), "{row}");
    }
}
