//! Tenants: one server, several host names, nothing in common.

mod support;

use protocol::{Brand, ClientMessage, ErrorCode, Join, Role};
use serde_json::json;
use server::config::{KeyAlgorithm, KeySettings, Secret, TenantSettings};
use support::{
    TestServer,
    client::{code, join, snapshot},
    http::{Response, get},
    patient_limits,
    tenant::{hs256, sign, tenant},
};

const LMS: &str = "lms.example.org";

fn named(hostname: &str) -> TenantSettings {
    TenantSettings {
        hostname: hostname.to_owned(),
        ..TenantSettings::default()
    }
}

async fn of(tenants: Vec<TenantSettings>) -> TestServer {
    TestServer::with_tenants(patient_limits(), tenants).await
}

async fn get_as(server: &TestServer, host: &str, path: &str) -> Response {
    get(server.address(), path, &[&format!("Host: {host}")]).await
}

/// Who may embed the pages of a host.
async fn ancestors(server: &TestServer, host: &str) -> String {
    let page = get_as(server, host, "/call/room").await;
    assert_eq!(page.status, 200, "{host}");
    let policy = page.header("content-security-policy");
    let (_, rest) = policy.split_once("frame-ancestors ").expect("ancestors");
    rest.to_owned()
}

#[tokio::test]
async fn host_header_chooses_the_tenant_and_its_embedders() {
    let server = of(vec![
        TenantSettings {
            embed_origins: vec![
                "https://lms.example.org".to_owned(),
                "https://*.school.example:8443".to_owned(),
            ],
            ..named(LMS)
        },
        TenantSettings {
            embed_origins: Vec::new(),
            ..named("alone.example.org")
        },
        named("*"),
    ])
    .await;
    let own = "'self' https://lms.example.org https://*.school.example:8443";
    for (host, expected) in [
        (LMS, own),
        ("LMS.Example.ORG:8443", own),
        ("lms.example.org.", own),
        ("alone.example.org", "'self'"),
        ("127.0.0.1", "*"),
        ("evil.lms.example.org", "*"),
    ] {
        assert_eq!(ancestors(&server, host).await, expected, "{host}");
    }
    server.stop().await;
}

#[tokio::test]
async fn rooms_of_one_name_under_two_hosts_are_two_rooms() {
    let server = of(vec![named(LMS), named("*")]).await;
    let mut here = server.client().await;
    let mut there = server.client_of(LMS).await;
    here.join("room", "Anna").await;
    let welcome = there.join("room", "Berta").await;
    assert_eq!(snapshot(&welcome).participants.len(), 1);
    let mut also_there = server.client_of("lms.example.org:443").await;
    let welcome = also_there.join("room", "Carla").await;
    assert_eq!(snapshot(&welcome).participants.len(), 2);
    server.stop().await;
}

// proves attr.token
#[tokio::test]
async fn token_of_one_tenant_is_none_of_another() {
    let other = KeySettings {
        kid: "a".to_owned(),
        alg: KeyAlgorithm::HS256,
        secret: Some(Secret::new("the secret of the other tenant, long enough")),
        public_key_file: None,
    };
    let lms = TenantSettings {
        jwt_keys: vec![other],
        ..named(LMS)
    };
    let server = of(vec![lms, tenant()]).await;
    let join = || Join {
        query: format!("token={}", hs256(&json!({ "role": "moderator" }))),
        ..join("room", "Anna")
    };
    let mut here = server.client().await;
    let you = here.join_with(join()).await.you;
    assert_eq!(you.participant.role, Role::Moderator);
    let mut there = server.client_of(LMS).await;
    let answer = there.ask(ClientMessage::Join(join())).await;
    assert_eq!(code(&answer), ErrorCode::TokenInvalid);
    server.stop().await;
}

#[tokio::test]
async fn tenant_without_keys_takes_none_of_anybody_else() {
    let server = of(vec![named("*")]).await;
    for secret in ["", "local", "*", "server"] {
        let claims = json!({ "role": "moderator" });
        let algorithm = jsonwebtoken::Algorithm::HS256;
        let token = sign(algorithm, Some("local"), secret.as_bytes(), &claims);
        let mut client = server.client().await;
        let join = Join {
            query: format!("token={token}"),
            ..join("room", "Mallory")
        };
        let answer = client.ask(ClientMessage::Join(join)).await;
        assert_eq!(code(&answer), ErrorCode::TokenInvalid, "{secret:?}");
    }
    server.stop().await;
}

#[tokio::test]
async fn tenants_limits_hold_in_all_its_rooms() {
    let server = TestServer::of(TenantSettings {
        max_watchers: 1,
        ..tenant()
    })
    .await;
    let mut first = server.client().await;
    first.join("room", "Anna").await;
    let mut second = server.client().await;
    let answer = second.ask(ClientMessage::Join(join("room", "Berta"))).await;
    assert_eq!(code(&answer), ErrorCode::RoomFull);
    server.stop().await;
}

#[tokio::test]
async fn brand_is_on_the_pages_and_its_logo_may_be_loaded() {
    let server = of(vec![
        TenantSettings {
            brand: Brand {
                name: Some("Acme School".to_owned()),
                logo: Some("https://cdn.acme.example/logo.svg".to_owned()),
                accent: Some("#0a7a3f".to_owned()),
            },
            ..named(LMS)
        },
        named("*"),
    ])
    .await;
    for path in ["/", "/call/room"] {
        let page = get_as(&server, LMS, path).await;
        assert!(page.text().contains("Acme School"), "{path}");
        let policy = page.header("content-security-policy");
        let images = "img-src 'self' data: blob: https://cdn.acme.example;";
        assert!(policy.contains(images), "{policy}");
        let other = get_as(&server, "x.example", path).await;
        assert!(!other.text().contains("Acme School"), "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn player_is_never_a_page_of_ours_whatever_host_is_asked() {
    let server = of(vec![named(LMS), named("*")]).await;
    for (host, video, given) in [
        ("x.example", "https://lms.example.org/call/room", false),
        ("x.example", "https://X.example:9/", false),
        (LMS, "https://player.example/", true),
    ] {
        let path = format!("/explain?roomId=room&video={video}");
        let explained = get_as(&server, host, &path).await.json();
        let rows = explained["attributes"].as_array().expect("attributes");
        let row = rows.iter().find(|row| row["name"] == "video");
        assert_eq!(
            row.expect("video")["value"].is_string(),
            given,
            "{host} {video}"
        );
    }
    server.stop().await;
}
