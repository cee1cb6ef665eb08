//! Which tokens are good: algorithms, keys, signatures, times.

mod support;

use jsonwebtoken::Algorithm;
use protocol::ErrorCode;
use serde_json::json;
use server::config::{KeyAlgorithm, KeySettings, Secret, TenantSettings};
use support::{
    TestServer,
    tenant::{PUBLIC_KEY, SECRET, hs256, rs256, seconds_from_now, sign, tenant},
    ways::{ROOM, accepted, moderator, refused, with},
};

fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let mut number = 0_usize;
        for index in 0..3 {
            number = number << 8 | usize::from(*chunk.get(index).unwrap_or(&0));
        }
        for index in 0..=chunk.len() {
            text.push(char::from(DIGITS[number >> (18 - 6 * index) & 63]));
        }
    }
    text
}

/// A token of any header and body, signed with the tenant's secret.
fn forged(header: &str, body: &str) -> String {
    let message = format!(
        "{}.{}",
        base64url(header.as_bytes()),
        base64url(body.as_bytes())
    );
    let key = jsonwebtoken::EncodingKey::from_secret(SECRET.as_bytes());
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256);
    format!("{message}.{}", signature.expect("a signature"))
}

// proves attr.token
// proves attr.role
#[tokio::test]
async fn both_algorithms_are_good_with_and_without_kid() {
    let server = TestServer::of(tenant()).await;
    let claims = moderator();
    accepted(&server, "HS256", &hs256(&claims)).await;
    accepted(&server, "RS256", &rs256(&claims)).await;
    let nameless = sign(Algorithm::HS256, None, SECRET.as_bytes(), &claims);
    accepted(&server, "HS256 without kid", &nameless).await;
    server.stop().await;
}

// proves attr.token
#[tokio::test]
async fn tokens_of_other_keys_and_algorithms_are_refused() {
    let server = TestServer::of(tenant()).await;
    let other = b"another secret of tests, just as long as the first";
    for (what, token) in [
        (
            "HS256 by the RSA public key",
            sign(
                Algorithm::HS256,
                Some("b"),
                PUBLIC_KEY.as_bytes(),
                &moderator(),
            ),
        ),
        (
            "the same without kid",
            sign(Algorithm::HS256, None, PUBLIC_KEY.as_bytes(), &moderator()),
        ),
        (
            "the same, trimmed",
            sign(
                Algorithm::HS256,
                None,
                PUBLIC_KEY.trim().as_bytes(),
                &moderator(),
            ),
        ),
        (
            "HS384",
            sign(Algorithm::HS384, Some("a"), SECRET.as_bytes(), &moderator()),
        ),
        (
            "HS512",
            sign(Algorithm::HS512, None, SECRET.as_bytes(), &moderator()),
        ),
        (
            "wrong kid",
            sign(Algorithm::HS256, Some("c"), SECRET.as_bytes(), &moderator()),
        ),
        (
            "kid of the other algorithm",
            sign(Algorithm::HS256, Some("b"), SECRET.as_bytes(), &moderator()),
        ),
        (
            "wrong secret",
            sign(Algorithm::HS256, Some("a"), other, &moderator()),
        ),
        (
            "empty secret",
            sign(Algorithm::HS256, Some("a"), b"", &moderator()),
        ),
    ] {
        refused(&server, what, &token, ErrorCode::TokenInvalid, 401).await;
    }
    server.stop().await;
}

// proves attr.token
#[tokio::test]
async fn damaged_and_odd_tokens_are_refused() {
    let server = TestServer::of(tenant()).await;
    let body = moderator().to_string();
    let good = hs256(&moderator());
    let mut parts: Vec<String> = good.split('.').map(str::to_owned).collect();
    let (head, signature) = (parts[0].clone(), parts.remove(2));
    let viewer = base64url(json!({ "roomId": ROOM }).to_string().as_bytes());
    let none = base64url(br#"{"alg":"none"}"#);
    let anybody = base64url(body.as_bytes());
    for (what, token) in [
        ("alg none", format!("{none}.{anybody}.")),
        (
            "alg none with a signature",
            format!("{none}.{anybody}.{signature}"),
        ),
        (
            "alg None",
            format!("{}.{anybody}.", base64url(br#"{"alg":"None"}"#)),
        ),
        ("other body", format!("{head}.{viewer}.{signature}")),
        (
            "other header",
            format!(
                "{}.{}.{signature}",
                base64url(br#"{"alg":"HS256"}"#),
                parts[1]
            ),
        ),
        ("no signature", format!("{head}.{}.", parts[1])),
        ("half a signature", good[..good.len() - 10].to_owned()),
        ("a letter more", format!("{good}A")),
        ("padding", format!("{good}%3D")),
        ("four parts", format!("{good}.{signature}")),
        ("two parts", format!("{head}.{}", parts[1])),
        ("no parts", "nonsense".to_owned()),
        ("dots", "..".to_owned()),
        ("not base64", "a%2Bb.c.d".to_owned()),
        (
            "critical header",
            forged(r#"{"alg":"HS256","crit":["x"],"x":1}"#, &body),
        ),
        (
            "header twice",
            forged(r#"{"alg":"HS256","alg":"HS256"}"#, &body),
        ),
        (
            "claim twice",
            forged(
                r#"{"alg":"HS256"}"#,
                r#"{"role":"moderator","roomId":"lesson","role":"x"}"#,
            ),
        ),
        ("body is a list", forged(r#"{"alg":"HS256"}"#, "[1]")),
        ("body is no JSON", forged(r#"{"alg":"HS256"}"#, "{")),
        (
            "nested garbage",
            forged(
                r#"{"alg":"HS256"}"#,
                &format!("{{\"a\":{}1{}}}", "[".repeat(900), "]".repeat(900)),
            ),
        ),
        ("huge", hs256(&with(&json!({ "x": "x".repeat(9_000) })))),
        ("exp is no time", hs256(&with(&json!({ "exp": "soon" })))),
        ("nbf is no time", hs256(&with(&json!({ "nbf": [1] })))),
    ] {
        refused(&server, what, &token, ErrorCode::TokenInvalid, 401).await;
    }
    server.stop().await;
}

// proves attr.token
#[tokio::test]
async fn times_of_a_token_count_with_some_leeway() {
    let server = TestServer::of(tenant()).await;
    let at = |seconds: i64| seconds_from_now(seconds);
    let iso = |seconds: i64| {
        let moment = server::clock::UnixMillis::from_sql(at(seconds) * 1_000);
        server::token::Moment(moment).to_string()
    };
    for (what, claims) in [
        ("exp to come", json!({ "exp": at(60) })),
        (
            "exp to come, in milliseconds",
            json!({ "exp": at(60) * 1_000 }),
        ),
        ("exp to come, ISO 8601", json!({ "exp": iso(60) })),
        ("exp just past", json!({ "exp": at(-10) })),
        ("nbf past", json!({ "nbf": at(-60) })),
        ("nbf just to come", json!({ "nbf": at(10) })),
        ("null is none", json!({ "exp": null, "nbf": null })),
    ] {
        accepted(&server, what, &hs256(&with(&claims))).await;
    }
    for (what, claims) in [
        ("seconds", json!({ "exp": at(-60) })),
        (
            "milliseconds, not the year 50,000",
            json!({ "exp": at(-60) * 1_000 }),
        ),
        ("ISO 8601", json!({ "exp": iso(-60) })),
        ("a text", json!({ "exp": at(-60).to_string() })),
        ("long ago", json!({ "exp": 0 })),
    ] {
        let token = hs256(&with(&claims));
        refused(&server, what, &token, ErrorCode::TokenExpired, 401).await;
    }
    for claims in [json!({ "nbf": at(90) }), json!({ "nbf": at(90) * 1_000 })] {
        let token = hs256(&with(&claims));
        refused(&server, "nbf", &token, ErrorCode::TokenNotYetValid, 403).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn leeway_is_the_tenants() {
    let server = TestServer::of(TenantSettings {
        token_leeway_seconds: 600,
        ..tenant()
    })
    .await;
    let token = hs256(&with(&json!({ "exp": seconds_from_now(-300) })));
    accepted(&server, "five minutes late", &token).await;
    server.stop().await;
}

#[tokio::test]
async fn key_that_was_taken_away_is_no_key_any_more() {
    let new = KeySettings {
        kid: "new".to_owned(),
        alg: KeyAlgorithm::HS256,
        secret: Some(Secret::new("the secret that follows the first, also long")),
        public_key_file: None,
    };
    let both = TestServer::of(TenantSettings {
        jwt_keys: vec![new.clone(), tenant().jwt_keys.remove(0)],
        ..tenant()
    })
    .await;
    accepted(&both, "old key beside the new", &hs256(&moderator())).await;
    both.stop().await;
    let rotated = TestServer::of(TenantSettings {
        jwt_keys: vec![new],
        ..tenant()
    })
    .await;
    let old = hs256(&moderator());
    refused(&rotated, "old key", &old, ErrorCode::TokenInvalid, 401).await;
    rotated.stop().await;
}
