//! Whatever text arrives, nothing panics and the types hold their rules.

mod support;

use proptest::prelude::*;
use protocol::{
    ClientFrame, DISPLAY_NAME_MAX, DisplayName, ID_MAX, InvalidId, PeerId, RoomEvent, RoomId,
    ServerFrame, turns_text,
};
use serde_json::json;

use support::examples;

/// What was read must be written and read again to the same.
fn read(text: &str) {
    if let Ok(frame) = serde_json::from_str::<ClientFrame>(text) {
        let again = serde_json::to_string(&frame).expect("writes");
        assert_eq!(
            serde_json::from_str::<ClientFrame>(&again).expect("reads again"),
            frame
        );
    }
    if let Ok(frame) = serde_json::from_str::<ServerFrame>(text) {
        let again = serde_json::to_string(&frame).expect("writes");
        assert_eq!(
            serde_json::from_str::<ServerFrame>(&again).expect("reads again"),
            frame
        );
    }
    if let Ok(event) = serde_json::from_str::<RoomEvent>(text) {
        let again = serde_json::to_string(&event).expect("writes");
        assert_eq!(
            serde_json::from_str::<RoomEvent>(&again).expect("reads again"),
            event
        );
    }
}

/// An example with some of its bytes replaced, cut out or doubled.
fn mutated_example() -> impl Strategy<Value = Vec<u8>> {
    let texts: Vec<String> = examples("").into_iter().map(|e| e.text).collect();
    let edits = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 1..6);
    (prop::sample::select(texts), edits).prop_map(|(text, edits)| {
        let mut bytes = text.into_bytes();
        for (index, byte, kind) in edits {
            if bytes.is_empty() {
                break;
            }
            let at = index.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.truncate(at),
                2 => drop(bytes.remove(at)),
                _ => bytes.insert(at, b"{}[]\":,0-tfn"[usize::from(byte) % 12]),
            }
        }
        bytes
    })
}

/// JSON of any shape whose keys and texts are those of the protocol.
fn familiar_json() -> impl Strategy<Value = serde_json::Value> {
    let words = [
        "type",
        "kind",
        "id",
        "re",
        "join",
        "welcome",
        "event",
        "tiles",
        "track",
        "peer",
        "source",
        "camera",
        "sdp",
        "media",
        "participant",
        "chat",
        "message",
        "n",
        "slots",
        "code",
        "roomId",
    ];
    let word = prop::sample::select(words.to_vec()).prop_map(str::to_owned);
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(|b| json!(b)),
        any::<i64>().prop_map(|n| json!(n)),
        any::<f64>().prop_map(|n| json!(n)),
        word.clone().prop_map(|w| json!(w)),
        any::<String>().prop_map(|t| json!(t)),
    ];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(|items| json!(items)),
            prop::collection::btree_map(word.clone(), inner, 0..8).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn no_text_panics(text in any::<String>()) {
        read(&text);
    }

    #[test]
    fn no_mutated_example_panics(bytes in mutated_example()) {
        read(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn no_json_panics(value in familiar_json()) {
        read(&value.to_string());
    }

    #[test]
    fn display_name_is_short_trimmed_and_without_control_characters(text in any::<String>()) {
        let name = DisplayName::from(text);
        prop_assert!(name.as_str().chars().count() <= DISPLAY_NAME_MAX);
        prop_assert_eq!(name.as_str().trim(), name.as_str());
        prop_assert!(!name.as_str().chars().any(char::is_control));
        prop_assert!(!name.as_str().chars().any(turns_text));
        prop_assert_eq!(DisplayName::from(name.as_str()), name);
    }

    #[test]
    fn long_display_name_is_cut(text in "[ a-zé\u{7}]{0,300}") {
        let name = DisplayName::from(text.as_str());
        prop_assert!(name.as_str().chars().count() <= DISPLAY_NAME_MAX);
        prop_assert_eq!(DisplayName::from(name.as_str()), name);
    }

    #[test]
    fn good_room_id_is_kept_as_it_is(text in "[A-Za-z0-9_-]{1,128}") {
        let id = RoomId::parse(&text).expect("follows the rule");
        prop_assert_eq!(id.as_str(), &text);
        let wire = serde_json::to_value(&id).expect("writes");
        prop_assert_eq!(&wire, &json!(text));
        prop_assert_eq!(serde_json::from_value::<RoomId>(wire).expect("reads"), id);
    }

    #[test]
    fn room_id_holds_its_rule(text in any::<String>()) {
        let good = !text.is_empty()
            && text.len() <= ID_MAX
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        prop_assert_eq!(RoomId::parse(&text).is_ok(), good);
        prop_assert_eq!(serde_json::from_value::<RoomId>(json!(text)).is_ok(), good);
    }

    #[test]
    fn too_long_ids_are_refused(text in "[a-z]{129,200}") {
        prop_assert_eq!(RoomId::parse(&text), Err(InvalidId::TooLong));
        prop_assert_eq!(PeerId::parse(&text), Err(InvalidId::TooLong));
    }

    #[test]
    fn peer_id_holds_its_rule(text in any::<String>()) {
        let good = !text.is_empty()
            && text.chars().count() <= ID_MAX
            && !text.chars().any(char::is_control);
        prop_assert_eq!(PeerId::parse(&text).is_ok(), good);
        prop_assert_eq!(serde_json::from_value::<PeerId>(json!(text)).is_ok(), good);
    }
}

#[test]
fn name_does_not_turn_the_words_around_it_and_keeps_its_script() {
    for (given, kept) in [
        ("\u{202e}annA", "annA"),
        ("Ann\u{202d}\u{2067}a\u{2069}\u{202c}", "Anna"),
        ("\u{200f}Anna\u{200e}\u{61c}", "Anna"),
        ("Anna\u{2028}Moderator", "AnnaModerator"),
        ("\u{202e}", ""),
        // words of other directions are their own marks
        ("أحمد Ahmed", "أحمد Ahmed"),
        ("שרה", "שרה"),
        // joiners belong to the spelling
        ("می\u{200c}خواهم", "می\u{200c}خواهم"),
        ("👩\u{200d}💻", "👩\u{200d}💻"),
    ] {
        assert_eq!(DisplayName::from(given).as_str(), kept);
    }
}
