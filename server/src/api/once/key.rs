//! The header itself: how it is read, and what the document tells of it.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, HeaderName};
use utoipa::{
    IntoParams, IntoResponses,
    openapi::{RefOr, Response as Described},
};

use crate::api::{Code, Problem, answers::refusals};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const KEY_MAX: usize = 255;

/// The header, for descriptions.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "describes the wire")]
pub(in crate::api) struct KeyHeader {
    /// Any text of your own, up to 255 characters. The same request with the same
    /// key within 24 hours is done once and answered the same.
    #[param(rename = "Idempotency-Key", required = false, max_length = 255)]
    idempotency_key: Option<String>,
}

/// What a key may be refused for: 409 while the first request is under way, or
/// when its answer was a secret; 422 for another request.
pub(in crate::api) struct Repeats;

impl IntoResponses for Repeats {
    fn responses() -> BTreeMap<String, RefOr<Described>> {
        refusals(&[&[
            (
                409,
                "It does not fit what is there; or the first request of this key is under way; or its answer held a secret, which is shown once",
            ),
            (422, "The key was used for another request"),
        ]])
    }
}

pub(super) fn is_there(headers: &HeaderMap) -> bool {
    headers.contains_key(KEY)
}

/// A quoted text, as the draft has it, or a bare one.
pub(super) fn read(headers: &HeaderMap) -> Result<String, Problem> {
    let bad = || {
        let why = format!("Idempotency-Key is one text of 1 to {KEY_MAX} characters");
        Problem::new(Code::BadRequest, why)
    };
    let mut all = headers.get_all(KEY).iter();
    let (Some(only), None) = (all.next(), all.next()) else {
        return Err(bad());
    };
    let text = only.to_str().map_err(|_| bad())?.trim();
    let quoted = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    let key = quoted.unwrap_or(text);
    if key.is_empty() || key.len() > KEY_MAX {
        return Err(bad());
    }
    Ok(key.to_owned())
}
