//! The integrator's own word: its server is asked whether somebody may enter.
//!
//! Owns the question, and what each answer means. Whether it is asked at all
//! is up to the pipeline.

use protocol::{ErrorCode, ErrorDetails, RoomId, WireError};
use reqwest::StatusCode;
use serde::Serialize;
use serde_json::Value;
use tracing::warn;

use super::plain::plain;
use crate::{
    clock::UnixMillis,
    config::Secret,
    outgoing::{Outgoing, Post, Reply, Want},
    tenant::{Endpoint, Tenant},
    token::Moment,
};

/// The question's body.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Question<'a> {
    pub(super) access_token: &'a str,
    pub(super) room_id: &'a RoomId,
    /// What token or address say; empty when neither does. An id that the
    /// server would make up tells the integrator nothing.
    pub(super) peer_id: &'a str,
}

/// Asks. `starts_at` is what the token says of the event's start.
pub(super) async fn ask(
    outgoing: &Outgoing,
    tenant: &Tenant,
    endpoint: &Endpoint,
    question: &Question<'_>,
    starts_at: Option<UnixMillis>,
) -> Result<(), WireError> {
    let post = Post {
        url: &endpoint.url,
        authorization: endpoint.authorization.as_ref().map(Secret::expose),
        headers: &[],
        json: serde_json::to_vec(question).expect("three texts are plain JSON"),
        private_targets: tenant.allow_private_targets,
        want: Want::Body,
    };
    let tenant = tenant.id.as_str();
    let reply = outgoing.post(post).await.map_err(|error| {
        warn!(tenant, %error, "The integrator's server could not be asked for access");
        let why = format!("The integrator's server could not be asked: {error}");
        WireError::new(ErrorCode::AccessUnreachable, why)
    })?;
    let answer = verdict(&reply, starts_at);
    if let Err(WireError {
        code: ErrorCode::AccessUnreachable,
        ..
    }) = answer
    {
        let status = reply.status.as_u16();
        warn!(tenant, status, "The integrator's server gave no answer");
    }
    answer
}

/// What an answer means.
fn verdict(reply: &Reply, starts_at: Option<UnixMillis>) -> Result<(), WireError> {
    let (code, why) = match reply.status {
        // a conflict is with an older session, which the room replaces
        StatusCode::OK | StatusCode::CONFLICT => return Ok(()),
        StatusCode::BAD_REQUEST => (
            ErrorCode::AccessIncomplete,
            "misses token, room or participant",
        ),
        StatusCode::UNAUTHORIZED => (ErrorCode::AccessDenied, "does not let this participant in"),
        StatusCode::FORBIDDEN => (ErrorCode::AccessTokenInvalid, "finds the token invalid"),
        StatusCode::NOT_FOUND => (ErrorCode::AccessRoomUnknown, "does not know the room"),
        StatusCode::LOCKED => return Err(locked(&reply.body)),
        StatusCode::TOO_EARLY => return Err(too_early(&reply.body, starts_at)),
        _ => (
            ErrorCode::AccessUnreachable,
            "failed, or gave an answer without a meaning",
        ),
    };
    Err(refusal(code, why))
}

fn refusal(code: ErrorCode, why: &str) -> WireError {
    WireError::new(code, format!("The integrator's server {why}"))
}

fn locked(body: &[u8]) -> WireError {
    let (reason, contact) = match serde_json::from_slice(body) {
        Ok(Value::Object(fields)) => {
            let field = |name| fields.get(name).and_then(Value::as_str).and_then(plain);
            (
                field("reason").or_else(|| field("message")),
                field("contact"),
            )
        }
        Ok(Value::String(text)) => (plain(&text), None),
        Ok(_) => (None, None),
        Err(_) => (plain(&String::from_utf8_lossy(body)), None),
    };
    refusal(ErrorCode::AccessLocked, "says that the room is locked").with(ErrorDetails {
        reason,
        contact,
        ..ErrorDetails::default()
    })
}

fn too_early(body: &[u8], starts_at: Option<UnixMillis>) -> WireError {
    let starts_at = starts_at.or_else(|| {
        let reply: Value = serde_json::from_slice(body).ok()?;
        Some(Moment::read(reply.get("startTime")?).ok()?.0)
    });
    refusal(ErrorCode::NotStarted, "says that it is too early").with(ErrorDetails {
        starts_at: starts_at.map(UnixMillis::get),
        ..ErrorDetails::default()
    })
}
