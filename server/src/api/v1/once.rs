//! `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header): a write
//! that is sent again with the same key is done once and answered the same.
//!
//! A key belongs to its caller and is good for 24 hours. The request goes on
//! when the caller hangs up, so that its answer is there for the next try. What
//! failed by the server's fault or was too much at once is not kept.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};
use tracing::error;
use utoipa::{
    IntoParams, IntoResponses,
    openapi::{RefOr, Response as Described},
};

use crate::{
    api::{Caller, Code, Problem, answers::refusals},
    clock::{Now, UnixMillis},
    db::{Database, KnownKey, StoredAnswer},
    tenant::host,
};

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
const KEY_MAX: usize = 255;
const KEPT_MS: u64 = 24 * 60 * 60 * 1_000;
/// The longest body of a write, in bytes. A thousand room ids fit.
const BODY_MAX: usize = 256 * 1024;

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

/// What a key may be refused for: 409 while the first request is under way, 422
/// for another request.
pub(in crate::api) struct Repeats;

impl IntoResponses for Repeats {
    fn responses() -> std::collections::BTreeMap<String, RefOr<Described>> {
        refusals(&[&[
            (
                409,
                "It does not fit what is there, or the first request of this key is under way",
            ),
            (422, "The key was used for another request"),
        ]])
    }
}

/// Does a write with a key once.
pub(in crate::api) async fn once(
    State(database): State<Database>,
    request: Request,
    next: Next,
) -> Response {
    let is_write = !matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_write || !request.headers().contains_key(KEY) {
        return next.run(request).await;
    }
    let done = Once::read(request, database).await;
    match done {
        Ok((once, request)) => once.run(request, next).await,
        Err(problem) => problem.into_response(),
    }
}

/// A request with a key.
struct Once {
    database: Database,
    caller: String,
    key: String,
    fingerprint: Vec<u8>,
}

impl Once {
    async fn read(request: Request, database: Database) -> Result<(Self, Request), Problem> {
        let (parts, body) = request.into_parts();
        let caller = parts.extensions.get::<Caller>();
        let caller = caller.ok_or_else(|| Problem::internal(&"a write without a caller"))?;
        let caller = caller.key.as_text();
        let key = key(&parts.headers)?;
        let body = to_bytes(body, BODY_MAX).await.map_err(|_| {
            let why = format!("The body has more than {BODY_MAX} bytes");
            Problem::new(Code::TooLarge, why)
        })?;
        let once = Self {
            database,
            caller,
            key,
            fingerprint: fingerprint(&parts, &body),
        };
        Ok((once, Request::from_parts(parts, Body::from(body))))
    }

    async fn run(self, request: Request, next: Next) -> Response {
        let now = Now::read().unix;
        let forget = UnixMillis::new(now.get().saturating_sub(KEPT_MS));
        let ids = (self.caller.as_str(), self.key.as_str());
        let taken = self
            .database
            .take_key(ids, &self.fingerprint, (now, forget));
        match taken.await {
            Ok(KnownKey::New) => {}
            Ok(KnownKey::UnderWay) => return refused(Code::KeyInUse, "Ask again in a moment"),
            Ok(KnownKey::Other) => {
                return refused(Code::KeyReused, "Each request needs a key of its own");
            }
            Ok(KnownKey::Answered(answer)) => return replayed(answer),
            Err(failure) => return Problem::from(failure).into_response(),
        }
        // a caller who hangs up does not stop what has begun
        let work = tokio::spawn(async move {
            let response = next.run(request).await;
            self.keep(response).await
        });
        work.await
            .unwrap_or_else(|failure| Problem::internal(&failure).into_response())
    }

    async fn keep(self, response: Response) -> Response {
        let (parts, body) = response.into_parts();
        let ids = (self.caller.as_str(), self.key.as_str());
        let body = match to_bytes(body, usize::MAX).await {
            Ok(body) => body,
            Err(failure) => return Problem::internal(&failure).into_response(),
        };
        let kept = if is_kept(parts.status) {
            let kind = parts.headers.get(header::CONTENT_TYPE);
            let kind = kind.and_then(|kind| kind.to_str().ok()).map(str::to_owned);
            let answer = StoredAnswer {
                status: parts.status.as_u16(),
                content_type: kind,
                body: body.to_vec(),
            };
            self.database.answer_key(ids, answer).await
        } else {
            self.database.free_key(ids).await
        };
        if let Err(failure) = kept {
            error!(error = %failure, "The answer to a repeatable request could not be kept");
        }
        Response::from_parts(parts, Body::from(body))
    }
}

fn is_kept(status: StatusCode) -> bool {
    !status.is_server_error() && status != StatusCode::TOO_MANY_REQUESTS
}

fn refused(code: Code, why: &str) -> Response {
    Problem::new(code, why).into_response()
}

fn replayed(answer: StoredAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, answer.body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    let kind = answer.content_type;
    if let Some(kind) = kind.and_then(|kind| HeaderValue::from_str(&kind).ok()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

/// A quoted text, as the draft has it, or a bare one.
fn key(headers: &HeaderMap) -> Result<String, Problem> {
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

/// What makes a request the same: the host, the method, the address, the body.
fn fingerprint(parts: &Parts, body: &Bytes) -> Vec<u8> {
    let host = host::of_request(&parts.headers, &parts.uri).unwrap_or_default();
    let address = parts.uri.path_and_query().map_or("", |path| path.as_str());
    let mut hash = Sha256::new();
    for part in [host, parts.method.as_str(), address] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.update(body);
    hash.finalize().to_vec()
}
