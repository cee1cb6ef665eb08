//! `docs/PROTOCOL.md` shows the examples, all codes and all bounds as they are.

mod support;

use std::collections::{BTreeMap, BTreeSet};

use protocol::{
    CHAT_TEXT_MAX, DISPLAY_NAME_MAX, HELLO_TIMEOUT_MS, ID_MAX, PING_INTERVAL_MS, PROTOCOL_VERSION,
};

use support::{error_codes, examples, wire_name};

const DOCUMENT: &str = include_str!("../../docs/PROTOCOL.md");

/// The fenced blocks that open with "```json name". Other fences show flows.
fn shown() -> BTreeMap<&'static str, String> {
    let mut blocks = BTreeMap::new();
    // fences alternate: text, block, text, block, …
    for block in DOCUMENT.split("\n```").skip(1).step_by(2) {
        let (opening, text) = block.split_once('\n').expect("a block has lines");
        let Some(name) = opening.strip_prefix("json") else {
            continue;
        };
        let name = name.trim();
        assert!(!name.is_empty(), "an example without a name:\n{text}");
        let before = blocks.insert(name, format!("{text}\n"));
        assert_eq!(before, None, "{name} is shown twice");
    }
    blocks
}

#[test]
fn document_shows_each_example_as_it_is() {
    let shown = shown();
    let golden: BTreeMap<_, _> = examples("").into_iter().map(|e| (e.name, e.text)).collect();
    for (name, text) in &shown {
        assert_eq!(Some(text), golden.get(*name), "{name}");
    }
    let missing: Vec<_> = golden
        .keys()
        .filter(|name| !shown.contains_key(name.as_str()))
        .collect();
    assert!(missing.is_empty(), "not in the document: {missing:?}");
}

#[test]
fn document_lists_each_error_code_once() {
    let (_, section) = DOCUMENT
        .split_once("\n## Error codes\n")
        .expect("a section");
    let section = section.split("\n## ").next().expect("its text");
    let listed: Vec<&str> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .collect();
    let unique: BTreeSet<String> = listed.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(unique.len(), listed.len(), "a code is listed twice");
    assert_eq!(unique, error_codes().into_iter().map(wire_name).collect());
}

#[test]
fn document_states_the_bounds_of_the_code() {
    for bound in [
        format!("version {PROTOCOL_VERSION} of the protocol"),
        format!("1 to {ID_MAX} letters, digits, `-` and `_`"),
        format!("1 to {ID_MAX} printable characters"),
        format!("at most {DISPLAY_NAME_MAX} characters"),
        format!("1 to {CHAT_TEXT_MAX} characters"),
        format!("every {} seconds", PING_INTERVAL_MS / 1_000),
        format!("no answer within {} seconds", HELLO_TIMEOUT_MS / 1_000),
    ] {
        assert!(DOCUMENT.contains(&bound), "missing: {bound}");
    }
}
