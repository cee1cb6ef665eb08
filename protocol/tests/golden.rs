//! The examples in `golden/` are what the wire looks like.

mod support;

use std::collections::BTreeSet;

use protocol::{
    ClientFrame, ClientMessage, DisplayName, ErrorCode, Join, MediaState, Moderation, RoomEvent,
    RoomKind, ServerFrame, ServerMessage,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use support::{Example, error_codes, examples, variants, wire_name};

fn survives_a_round_trip<T: DeserializeOwned + Serialize>(example: &Example) {
    let typed: T = example.parse();
    let back = serde_json::to_value(&typed).expect("serializes");
    assert_eq!(back, example.value(), "{}", example.name);
}

#[test]
fn client_messages_survive_a_round_trip() {
    let all = examples("client-");
    all.iter().for_each(survives_a_round_trip::<ClientFrame>);
}

#[test]
fn server_messages_survive_a_round_trip() {
    let all = examples("server-");
    all.iter().for_each(survives_a_round_trip::<ServerFrame>);
}

#[test]
fn room_events_survive_a_round_trip() {
    let all = examples("event-");
    all.iter().for_each(survives_a_round_trip::<RoomEvent>);
}

fn has_an_example_of_each(prefix: &str, tag: &str, variants: Vec<String>) {
    let shown = |example: &Example| example.value()[tag].as_str().map(str::to_owned);
    let shown: BTreeSet<String> = examples(prefix).iter().filter_map(shown).collect();
    assert_eq!(shown, variants.into_iter().collect());
}

#[test]
fn each_message_and_event_has_an_example() {
    has_an_example_of_each("client-", "type", variants::<ClientMessage>("type"));
    has_an_example_of_each("server-", "type", variants::<ServerMessage>("type"));
    has_an_example_of_each("event-", "kind", variants::<RoomEvent>("kind"));
}

#[test]
fn each_moderation_has_an_example() {
    let moderate = "client-moderate";
    has_an_example_of_each(moderate, "action", variants::<Moderation>("action"));
}

#[test]
fn examples_are_named_for_what_they_show() {
    for example in examples("") {
        let (side, rest) = example.name.split_once('-').expect("side and name");
        let tag = if side == "event" { "kind" } else { "type" };
        let value = example.value();
        let name = kebab(value[tag].as_str().expect("a tag"));
        let known = ["client", "server", "event"].contains(&side);
        assert!(known && rest.starts_with(&name), "{}", example.name);
    }
}

fn kebab(camel: &str) -> String {
    camel.chars().fold(String::new(), |mut text, c| {
        if c.is_uppercase() {
            text.push('-');
        }
        text.push(c.to_ascii_lowercase());
        text
    })
}

/// Adds a field to every object, however deep.
fn from_a_newer_peer(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.values_mut().for_each(from_a_newer_peer);
            fields.insert("ofANewerVersion".to_owned(), json!({ "deep": [1, null] }));
        }
        Value::Array(items) => items.iter_mut().for_each(from_a_newer_peer),
        _ => {}
    }
}

fn ignores_unknown_fields<T: DeserializeOwned + PartialEq + std::fmt::Debug>(example: &Example) {
    let mut newer = example.value();
    from_a_newer_peer(&mut newer);
    let read: T = serde_json::from_value(newer).unwrap_or_else(|why| {
        panic!("{}: {why}", example.name);
    });
    assert_eq!(read, example.parse::<T>(), "{}", example.name);
}

#[test]
fn unknown_fields_are_ignored_everywhere() {
    let (client, server, event) = (examples("client-"), examples("server-"), examples("event-"));
    client
        .iter()
        .for_each(ignores_unknown_fields::<ClientFrame>);
    server
        .iter()
        .for_each(ignores_unknown_fields::<ServerFrame>);
    event.iter().for_each(ignores_unknown_fields::<RoomEvent>);
}

fn refusal<T: DeserializeOwned>(text: &str) -> String {
    match serde_json::from_str::<T>(text) {
        Ok(_) => panic!("taken: {text}"),
        Err(why) => why.to_string(),
    }
}

#[test]
fn unknown_message_is_told_apart_from_a_bad_one() {
    let unknown = r#"{"id":7,"type":"teleport","to":"moon"}"#;
    let bad = r#"{"id":7,"type":"chat","text":5,"nonce":"n"}"#;
    assert!(refusal::<ClientMessage>(unknown).starts_with("unknown variant"));
    assert!(!refusal::<ClientMessage>(bad).starts_with("unknown variant"));
    assert!(refusal::<ServerMessage>(r#"{"type":"teleport"}"#).starts_with("unknown variant"));
    assert!(refusal::<RoomEvent>(r#"{"kind":"exploded"}"#).starts_with("unknown variant"));
}

#[test]
fn frame_without_id_is_refused() {
    assert!(refusal::<ClientFrame>(r#"{"type":"ping"}"#).contains("id"));
}

#[test]
fn join_needs_no_more_than_version_and_room() {
    let frame: ClientFrame =
        serde_json::from_str(r#"{"id":1,"type":"join","version":1,"roomId":"weekly"}"#).unwrap();
    let ClientMessage::Join(join) = frame.message else {
        panic!("not a join: {frame:?}");
    };
    let Join { room_id, kind, .. } = &join;
    assert_eq!((room_id.as_str(), *kind), ("weekly", RoomKind::Call));
    assert_eq!((join.peer_id, join.ticket), (None, None));
    assert_eq!(join.display_name, DisplayName::default());
    assert_eq!(join.media, MediaState::default());
}

#[test]
fn media_state_may_name_only_what_is_on() {
    let state: MediaState = serde_json::from_str(r#"{"camera":true}"#).unwrap();
    let expected = MediaState {
        camera: true,
        ..MediaState::default()
    };
    assert_eq!(state, expected);
}

#[test]
fn error_codes_are_snake_case_and_come_back_as_they_went() {
    for code in error_codes() {
        let name = wire_name(code);
        let is_snake = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        assert!(is_snake, "{name}");
        assert_eq!(
            serde_json::from_value::<ErrorCode>(json!(name)).unwrap(),
            code
        );
    }
}

#[test]
fn error_code_of_a_newer_server_is_unknown() {
    let code: ErrorCode = serde_json::from_value(json!("quota_of_the_moon")).unwrap();
    assert_eq!(code, ErrorCode::Unknown);
}
