//! What addresses and tokens say, attribute by attribute: which source counts,
//! what each type takes, and what becomes of bad values.

mod support;

use std::fs;

use protocol::{DisplayName, ErrorCode, Role};
use serde_json::{Value, json};
use server::attributes::{Attribute, SCHEMA, Sources, markdown};
use support::{
    process::{program, run, stdout},
    resolving::{report, resolved},
    tenant::{hs256, query},
};

fn row(name: &str) -> &'static Attribute {
    let found = SCHEMA.iter().find(|row| row.name == name);
    found.expect("an attribute")
}

/// Name, a value in the address, the same in a token, and how it is shown.
fn examples() -> Vec<(&'static str, &'static str, Value, Value)> {
    let flag = |name| (name, "true", json!(true), json!(true));
    let mut all: Vec<_> = SCHEMA
        .iter()
        .filter(|row| row.kind == "true or false")
        .map(|row| flag(row.name))
        .collect();
    all.extend([
        ("accessToken", "abc", json!("abc"), json!("(set)")),
        (
            "accessUrl",
            "https://a.example/check?key=1",
            json!("https://a.example/check"),
            json!("https://a.example/…"),
        ),
        (
            "apiEvent",
            "http://127.0.0.1:9/x",
            json!("http://127.0.0.1:9/x"),
            json!("http://127.0.0.1:9/…"),
        ),
        (
            "authEvent",
            "Basic YTpi",
            json!("Basic YTpi"),
            json!("(set)"),
        ),
        (
            "authorizationAccess",
            "Bearer x",
            json!("Bearer x"),
            json!("(set)"),
        ),
        (
            "displayName",
            "John Snow",
            json!("John Snow"),
            json!("John Snow"),
        ),
        ("lang", "pt-BR", json!("pt-BR"), json!("pt-BR")),
        ("maxBroadcasters", "10", json!(10), json!(10)),
        ("maxWatchers", "50", json!("50"), json!(50)),
        (
            "peerId",
            "a@b.example",
            json!("a@b.example"),
            json!("a@b.example"),
        ),
        ("role", "moderator", json!("moderator"), json!("moderator")),
        ("tokenLifetime", "60000", json!(60_000), json!(60_000)),
        (
            "video",
            "https://player.example/embed/1",
            json!("https://player.example/embed/1"),
            json!("https://player.example/embed/1"),
        ),
        (
            "startTime",
            "1655769600",
            json!("2022-06-21T00:00:00.0Z"),
            json!("2022-06-21T00:00:00.000Z"),
        ),
        (
            "iat",
            "1655769600",
            json!(1_655_769_600),
            json!("2022-06-21T00:00:00.000Z"),
        ),
        ("intLang", "de", json!("de"), json!("de")),
    ]);
    all
}

#[test]
fn every_attribute_has_an_example() {
    let mut names: Vec<&str> = examples().into_iter().map(|example| example.0).collect();
    names.extend(["roomId", "token"]);
    for row in &SCHEMA {
        assert!(names.contains(&row.name), "{}", row.name);
    }
    assert_eq!(SCHEMA.len(), 31);
}

#[test]
fn each_attribute_counts_where_the_table_says() {
    for (name, text, claim, shown) in examples() {
        let in_url = resolved(&query(&[(name, text)]));
        let token = hs256(&json!({ name: claim }));
        let in_token = resolved(&query(&[("token", &token)]));
        let (url, token) = (report(&in_url, name), report(&in_token, name));
        let counts = |report: &Value, source: &str| {
            assert_eq!(report["source"], source, "{name}");
            assert_eq!(report["value"], shown, "{name}");
            assert_eq!(report["refused"], Value::Null, "{name}");
        };
        let ignored = |report: &Value| {
            assert_eq!(report["source"], "default", "{name}");
            assert_ne!(report["value"], shown, "{name}");
            assert_eq!(
                report["refused"].as_array().map(Vec::len),
                Some(1),
                "{name}"
            );
        };
        match row(name).sources {
            Sources::Both => {
                counts(&url, "url");
                counts(&token, "token");
            }
            Sources::Url => {
                counts(&url, "url");
                ignored(&token);
            }
            Sources::Token => {
                ignored(&url);
                counts(&token, "token");
            }
        }
    }
}

#[test]
fn token_wins_and_the_address_is_told_so() {
    for (name, text, claim, _) in examples() {
        if row(name).sources != Sources::Both {
            continue;
        }
        let token = hs256(&json!({ name: claim }));
        let other = match text {
            "true" => "false",
            text if text.parse::<u32>().is_ok() => "7",
            text if text.starts_with("http") => "https://other.example/",
            _ => "other",
        };
        let both = resolved(&query(&[(name, other), ("token", &token)]));
        let report = report(&both, name);
        assert_eq!(report["source"], "token", "{name}");
        assert_eq!(report["refused"][0]["source"], "url", "{name}");
    }
}

#[test]
fn bad_value_gives_the_default_and_is_named() {
    let cases = [
        ("handEnabled", "maybe"),
        ("disableChat", "2"),
        ("maxBroadcasters", "-1"),
        ("maxBroadcasters", "ten"),
        ("maxWatchers", "4294967296"),
        ("tokenLifetime", "0"),
        ("tokenLifetime", "1h"),
        ("lang", "d"),
        ("lang", "de;q=1"),
        ("video", "http://player.example/"),
        ("video", "javascript:alert(1)"),
        ("video", "https://meet.example.org/call/x"),
        ("video", "https://MEET.example.org:1/"),
        ("video", "https://a:b@player.example/"),
        ("accessUrl", "ftp://a.example/"),
        ("apiEvent", "nonsense"),
        ("authEvent", "a\nb"),
        ("peerId", "a\u{7}b"),
    ];
    for (name, value) in cases {
        let all = resolved(&query(&[(name, value)]));
        let report = report(&all, name);
        assert_eq!(report["source"], "default", "{name}={value}");
        assert_eq!(report["refused"][0]["source"], "url", "{name}={value}");
        let repeated = &report["refused"][0]["value"];
        assert_eq!(repeated.is_null(), row(name).secret, "{name}={value}");
    }
}

#[test]
fn bad_value_in_the_token_is_not_mended_by_the_address() {
    let token = hs256(&json!({ "peerId": { "a": 1 }, "maxBroadcasters": "many", "role": "king" }));
    let all = resolved(&query(&[
        ("peerId", "somebody"),
        ("maxBroadcasters", "5"),
        ("token", &token),
    ]));
    assert_eq!(all.attributes.peer_id, None);
    assert_eq!(all.attributes.max_broadcasters, 0);
    assert_eq!(all.role(), Role::Participant);
    assert_eq!(
        report(&all, "peerId")["refused"].as_array().map(Vec::len),
        Some(2)
    );
}

#[test]
fn flags_take_what_people_write() {
    for (text, on) in [
        ("true", true),
        ("TRUE", true),
        ("1", true),
        ("", true),
        ("false", false),
        ("False", false),
        ("0", false),
    ] {
        let all = resolved(&query(&[("sortPeers", text)]));
        assert_eq!(all.attributes.sort_peers, on, "{text:?}");
    }
    assert!(resolved("sortPeers").attributes.sort_peers);
    for (claim, on) in [
        (json!(true), true),
        (json!(1), true),
        (json!("0"), false),
        (json!(null), false),
    ] {
        let token = hs256(&json!({ "handEnabled": claim }));
        let all = resolved(&query(&[("token", &token)]));
        assert_eq!(all.attributes.hand_enabled, on);
    }
}

#[test]
fn other_spellings_count() {
    assert!(resolved("disbleChat=true").attributes.disable_chat);
    let all = resolved("peerID=5");
    assert_eq!(all.attributes.peer_id.expect("an id").as_str(), "5");
    let token = hs256(&json!({ "peerID": 5 }));
    let all = resolved(&query(&[("token", &token)]));
    assert_eq!(all.attributes.peer_id.expect("an id").as_str(), "5");
}

#[test]
fn empty_values_are_none_and_unknown_names_do_no_harm() {
    let all = resolved("displayName=&maxBroadcasters=&video=&utm_source=x&Role=moderator");
    assert_eq!(all.attributes.display_name, None);
    assert_eq!(report(&all, "video")["refused"], Value::Null);
    assert_eq!(all.unknown, ["utm_source", "Role"]);
    assert_eq!(all.refusals, []);
}

#[test]
fn first_of_two_values_counts() {
    let all = resolved("displayName=Anna&displayName=Berta");
    assert_eq!(all.attributes.display_name, Some(DisplayName::from("Anna")));
    let why = &report(&all, "displayName")["refused"][0]["why"];
    assert!(
        why.as_str()
            .is_some_and(|why| why.contains("more than once"))
    );
}

#[test]
fn query_that_is_too_long_is_refused() {
    let all = resolved(&format!("displayName={}", "x".repeat(40_000)));
    assert_eq!(
        all.refusal().expect("a refusal").code,
        ErrorCode::BadMessage
    );
    assert_eq!(all.query, "");
}

#[test]
fn document_says_what_the_table_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/URL_ATTRIBUTES.md");
    let written = fs::read_to_string(path).unwrap_or_default();
    assert_eq!(
        written,
        markdown(),
        "write it anew: cargo run -p server -- attributes > docs/URL_ATTRIBUTES.md"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = program(folder.path());
    command.arg("attributes");
    assert_eq!(stdout(&run(command)), written);
}
