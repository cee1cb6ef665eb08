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
