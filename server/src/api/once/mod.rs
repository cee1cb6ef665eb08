//! `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header): a write
//! that is sent again with the same key is done once and answered the same.
//!
//! A key belongs to its caller and is good for 24 hours. The request goes on
//! when the caller hangs up, so that its answer is there for the next try. What
//! failed by the server's fault or was too much at once is not kept. An answer
//! that holds a secret ([`ShownOnce`]) is not kept either, but that it was given.

mod key;
#[cfg(test)]
mod tests;

use std::panic::AssertUnwindSafe;

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::{Next, from_fn_with_state},
    response::{IntoResponse, Response},
};
use futures::FutureExt;
use sha2::{Digest, Sha256};
use tracing::error;
use utoipa_axum::router::OpenApiRouter;

use super::{Caller, Code, Problem};
use crate::{
    clock::Now,
    db::{Database, KnownKey, StoredAnswer},
    router::AppState,
    tenant::host,
    tidying::{ANSWERS_KEPT, ago},
};

pub(super) use key::{KeyHeader, Repeats};

/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The longest body of a write, in bytes. A thousand room ids fit.
const BODY_MAX: usize = 256 * 1024;

/// Marks an answer that holds a secret, as an extension of it: the secret is
/// shown this once, so a repetition of the request is refused.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShownOnce;

/// Makes the writes of these routes repeatable. Who calls has to be known
/// already.
pub(super) fn repeatable(
    routes: OpenApiRouter<AppState>,
    state: &AppState,
) -> OpenApiRouter<AppState> {
    routes.route_layer(from_fn_with_state(state.database.clone(), once))
}

/// Does a write with a key once.
async fn once(State(database): State<Database>, request: Request, next: Next) -> Response {
    let is_write = !matches!(*request.method(), Method::GET | Method::HEAD);
    if !is_write || !key::is_there(request.headers()) {
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
        let key = key::read(&parts.headers)?;
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
        match self.known().await {
            Ok(KnownKey::New) => {}
            Ok(KnownKey::UnderWay) => return refused(Code::KeyInUse, "Ask again in a moment"),
            Ok(KnownKey::Other) => {
                return refused(Code::KeyReused, "Each request needs a key of its own");
            }
            Ok(KnownKey::Withheld) => {
                let why = "The request was done when it came first; its secret was shown then";
                return refused(Code::ShownOnce, why);
            }
            Ok(KnownKey::Answered(answer)) => return replayed(answer),
            Err(failure) => return Problem::from(failure).into_response(),
        }
        // a caller who hangs up does not stop what has begun
        let work = tokio::spawn(self.work(request, next));
        work.await
            .unwrap_or_else(|failure| Problem::internal(&failure).into_response())
    }

    /// Whoever asks first with a new key has it.
    async fn known(&self) -> Result<KnownKey, sqlx::Error> {
        let now = Now::read().unix;
        let forget = ago(ANSWERS_KEPT);
        let taken = self
            .database
            .take_key(self.ids(), &self.fingerprint, (now, forget));
        taken.await
    }

    async fn work(self, request: Request, next: Next) -> Response {
        // a fault of the program must not keep the key
        let done = AssertUnwindSafe(next.run(request)).catch_unwind().await;
        match done {
            Ok(response) => self.keep(response).await,
            Err(_said_by_the_panic_itself) => {
                self.free().await;
                Problem::internal(&"the handler panicked").into_response()
            }
        }
    }

    async fn keep(&self, response: Response) -> Response {
        let (parts, body) = response.into_parts();
        let body = match to_bytes(body, usize::MAX).await {
            Ok(body) => body,
            Err(failure) => {
                self.free().await;
                return Problem::internal(&failure).into_response();
            }
        };
        if !is_kept(parts.status) {
            self.free().await;
        } else if let Err(failure) = self.store(&parts, &body).await {
            error!(error = %failure, "The answer to a repeatable request could not be kept");
            self.free().await;
        }
        Response::from_parts(parts, Body::from(body))
    }

    async fn store(
        &self,
        parts: &axum::http::response::Parts,
        body: &Bytes,
    ) -> Result<(), sqlx::Error> {
        let status = parts.status.as_u16();
        if parts.extensions.get::<ShownOnce>().is_some() {
            return self.database.withhold_answer(self.ids(), status).await;
        }
        let answer = StoredAnswer {
            status,
            content_type: text(&parts.headers, &header::CONTENT_TYPE),
            location: text(&parts.headers, &header::LOCATION),
            body: body.to_vec(),
        };
        self.database.answer_key(self.ids(), answer).await
    }

    /// The request came to nothing: it may be tried again.
    async fn free(&self) {
        if let Err(failure) = self.database.free_key(self.ids()).await {
            error!(error = %failure, "A key stays taken until the server starts again");
        }
    }

    fn ids(&self) -> (&str, &str) {
        (&self.caller, &self.key)
    }
}

fn is_kept(status: StatusCode) -> bool {
    !status.is_server_error() && status != StatusCode::TOO_MANY_REQUESTS
}

fn refused(code: Code, why: &str) -> Response {
    Problem::new(code, why).into_response()
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    Some(value.to_owned())
}

fn replayed(answer: StoredAnswer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = (status, answer.body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    let kept = [
        (header::CONTENT_TYPE, answer.content_type),
        (header::LOCATION, answer.location),
    ];
    for (name, text) in kept {
        if let Some(value) = text.and_then(|text| HeaderValue::from_str(&text).ok()) {
            headers.insert(name, value);
        }
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
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
