//! From text to messages: the only place where JSON of clients is read.

use protocol::{ClientFrame, ClientMessage, ErrorCode, WireError};
use serde::Deserialize;
use serde_json::json;

/// A text that is no message, and the frame to be answered if it can be told.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadFrame {
    pub(super) re: Option<u32>,
    pub(super) error: WireError,
}

/// What every frame has, whatever it asks for.
#[derive(Deserialize)]
struct Envelope {
    id: Option<u32>,
    r#type: Option<String>,
}

/// Reads one text message of a client.
pub(super) fn parse(text: &str, limit: usize) -> Result<ClientFrame, BadFrame> {
    if text.len() > limit {
        let why = format!("The message has {} bytes, {limit} are allowed", text.len());
        return Err(bad(None, ErrorCode::BadMessage, why));
    }
    // serde takes a number for the name of a message as well: 7 would be `leave`
    let envelope: Envelope = serde_json::from_str(text)
        .map_err(|error| bad(None, ErrorCode::BadMessage, error.to_string()))?;
    serde_json::from_str(text).map_err(|error| explain(envelope, &error))
}

/// A binary message.
pub(super) fn not_text() -> BadFrame {
    bad(None, ErrorCode::BadMessage, "Messages are text".to_owned())
}

fn explain(envelope: Envelope, error: &serde_json::Error) -> BadFrame {
    match envelope.r#type {
        Some(kind) if envelope.id.is_some() && !is_known(&kind) => {
            // not repeated to the client: it is its own text
            let why = "This server knows no message of that type".to_owned();
            bad(envelope.id, ErrorCode::UnknownMessage, why)
        }
        _ => bad(envelope.id, ErrorCode::BadMessage, error.to_string()),
    }
}

/// Asks the wire types themselves, so that there is no second list of them: a
/// message that has nothing but its type can only be refused for its type or
/// for what it lacks.
fn is_known(kind: &str) -> bool {
    match serde_json::from_value::<ClientMessage>(json!({ "type": kind })) {
        Ok(_) => true,
        Err(error) => !error.to_string().starts_with("unknown variant"),
    }
}

fn bad(re: Option<u32>, code: ErrorCode, why: String) -> BadFrame {
    BadFrame {
        re,
        error: WireError::new(code, why),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LIMIT: usize = 256;

    fn code(text: &str) -> Option<ErrorCode> {
        parse(text, LIMIT).err().map(|bad| bad.error.code)
    }

    #[test]
    fn number_is_no_name_of_a_message() {
        assert_eq!(code(r#"{"id":1,"type":7}"#), Some(ErrorCode::BadMessage));
        assert_eq!(code(r#"{"id":1,"type":"leave"}"#), None);
    }

    #[test]
    fn limit_counts_bytes() {
        let frame = |length| {
            let name = "x".repeat(length);
            format!(r#"{{"id":1,"type":"setDisplayName","displayName":"{name}"}}"#)
        };
        let longest = LIMIT - frame(0).len();
        assert_eq!(code(&frame(longest)), None);
        assert_eq!(code(&frame(longest + 1)), Some(ErrorCode::BadMessage));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC*") {
            drop(parse(&text, LIMIT));
        }

        #[test]
        fn no_damage_to_a_message_makes_the_parser_panic(
            at in 0..90_usize,
            with in "[\\x00-\\x7f]{0,4}",
        ) {
            let good = r#"{"id":1,"type":"setView","tiles":[{"track":{"peer":"a","source":"camera"},"width":1,"height":2}]}"#;
            let damaged = format!("{}{with}{}", &good[..at], &good[at + 1..]);
            drop(parse(&damaged, LIMIT));
        }

        #[test]
        fn unknown_names_are_told_apart(name in "[a-z]{1,12}[A-Z]{3}") {
            let text = format!(r#"{{"id":9,"type":"{name}"}}"#);
            let bad = parse(&text, LIMIT).expect_err("no such message");
            prop_assert_eq!(bad.re, Some(9));
            prop_assert_eq!(bad.error.code, ErrorCode::UnknownMessage);
        }
    }
}
