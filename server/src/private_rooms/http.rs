//! `POST /api/private-rooms`: makes a private room.
//!
//! Body `{"kind": "call" | "webinar", "pin": "1234"}`, as `application/json`,
//! which pages of other origins cannot send. Answer 201 with
//! `{"roomId": "…", "link": "/call/…"}`, or a [`WireError`]:
//!
//! | status | code | why |
//! |---|---|---|
//! | 400 | `bad_message` | the body has another form, or the PIN has not four digits |
//! | 403 | `token_required` | this tenant's rooms are entered by token, not by PIN |
//! | 429 | `rate_limited` | too many are being made; `details.retryAfterMs` |
//! | 500 | `internal` | the server failed |

use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{State, rejection::JsonRejection},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use protocol::{ErrorCode, ErrorDetails, RoomId, RoomKind, WireError};
use serde::{Deserialize, Serialize};
use tracing::error;

use super::{Pin, PrivateRoomError, PrivateRooms};
use crate::{clock::Now, tenant::Tenants};

/// What is asked for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wish {
    #[serde(default)]
    kind: RoomKind,
    pin: String,
}

/// The room that was made.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Made {
    room_id: RoomId,
    /// Its path on this server.
    link: String,
}

/// Makes a private room for the tenant of the Host header.
pub async fn make(
    State(rooms): State<PrivateRooms>,
    State(tenants): State<Arc<Tenants>>,
    headers: HeaderMap,
    wish: Result<Json<Wish>, JsonRejection>,
) -> Response {
    let tenant = tenants.for_host(host(&headers));
    if tenant.require_token {
        let why = "Rooms of this host are entered by token";
        return refuse(StatusCode::FORBIDDEN, ErrorCode::TokenRequired, why);
    }
    let Json(wish) = match wish {
        Ok(wish) => wish,
        Err(bad) => return bad_request(&bad.body_text()),
    };
    let pin = match Pin::parse(&wish.pin) {
        Ok(pin) => pin,
        Err(bad) => return bad_request(&bad.to_string()),
    };
    match rooms.make(&tenant.id, pin, Now::read()).await {
        Ok(room_id) => {
            let link = format!("/{}/{room_id}", wish.kind.path());
            (StatusCode::CREATED, Json(Made { room_id, link })).into_response()
        }
        Err(PrivateRoomError::TooMany(wait)) => too_many(wait),
        Err(failure) => {
            error!(error = %failure, "Private room could not be made");
            let why = "The room could not be made";
            refuse(StatusCode::INTERNAL_SERVER_ERROR, ErrorCode::Internal, why)
        }
    }
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::HOST)?.to_str().ok()
}

fn bad_request(why: &str) -> Response {
    refuse(StatusCode::BAD_REQUEST, ErrorCode::BadMessage, why)
}

fn refuse(status: StatusCode, code: ErrorCode, why: &str) -> Response {
    (status, Json(WireError::new(code, why))).into_response()
}

fn too_many(wait: Duration) -> Response {
    let millis = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX);
    let error = WireError::new(ErrorCode::RateLimited, "Too many rooms are being made").with(
        ErrorDetails {
            retry_after_ms: Some(millis),
            ..ErrorDetails::default()
        },
    );
    let seconds = wait.as_secs().saturating_add(1).to_string();
    let headers = [(header::RETRY_AFTER, seconds)];
    (StatusCode::TOO_MANY_REQUESTS, headers, Json(error)).into_response()
}
