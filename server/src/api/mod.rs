//! The REST API: what a backend does with the server.
//!
//! Owns how callers are known ([`Caller`]), how requests are refused
//! ([`Problem`], [`Code`]), how many there may be ([`limit`]), how they are
//! repeated ([`once`]), and the OpenAPI document, which comes from the handlers. The handlers only translate: what
//! they do is done by rooms, accounts, webhooks, statistics.
//!
//! **A new endpoint** is a handler with `#[utoipa::path]` in a module of its
//! domain, whose `routes()` stands in one of the lists below. It takes a
//! [`Caller`], asks it `needs(Scope::…)` and `tenant_of`, reads with
//! [`extract`], and answers a value or a [`Problem`]. `Refusals` and its
//! sisters describe the refusals.

mod answers;
mod auth;
mod caller;
mod chat;
mod code;
mod docs;
pub mod extract;
pub mod limit;
mod me;
mod once;
mod openapi;
mod peer;
mod place;
mod problem;
mod recordings;
mod rooms;
mod statistics;
mod tokens;
mod v1;
mod video_files;
mod video_shape;
mod videos;
mod webhooks;

use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa_axum::router::OpenApiRouter;

pub use self::{
    answers::{
        AllRefusals, FileAnswers, LoginRefusals, Refusals, RefusalsOfBody, RefusalsOrMissing,
    },
    caller::{Caller, CallerKey, Host},
    code::{Code, Meaning},
    limit::ApiLimits,
    peer::TrustedProxies,
    problem::{PROBLEM_JSON, Problem, ProblemBody},
};
use self::{
    limit::{Group, limited, unless_granted},
    once::repeatable,
};
use crate::router::AppState;

/// What needs a token; limited as [`Group::General`].
fn general(state: &AppState) -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .merge(me::routes())
        .merge(auth::routes())
        .merge(v1::unkept())
        .merge(video_files::with_token())
        .merge(repeatable(writes(), state))
}

/// Whose writes can be repeated with an `Idempotency-Key`.
fn writes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .merge(rooms::routes())
        .merge(recordings::routes())
        .merge(chat::routes())
        .merge(tokens::routes())
        .merge(webhooks::routes())
        .merge(v1::routes())
}

/// Statistics and videos; limited as [`Group::Statistics`].
fn statistics(state: &AppState) -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .merge(statistics::routes())
        .merge(repeatable(videos::limited(), state))
}

/// What needs no token.
fn open() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .merge(auth::open_routes())
        .merge(video_files::granted())
}

/// All routes of the API, and its document.
pub(crate) fn routes(state: &AppState) -> Router<AppState> {
    let (router, document) = OpenApiRouter::with_openapi(openapi::common())
        .merge(limited(general(state), Group::General, state))
        .merge(limited(statistics(state), Group::Statistics, state))
        .merge(unless_granted(videos::open(), Group::Statistics, state))
        .merge(open())
        .split_for_parts();
    router
        .method_not_allowed_fallback(async || {
            Problem::new(Code::MethodNotAllowed, "The header Allow says what is")
        })
        .route_layer(SetResponseHeaderLayer::if_not_present(
            header::CACHE_CONTROL,
            HeaderValue::from_static("no-store"),
        ))
        .merge(docs::served(&document))
        .merge(openapi::served(&document))
}

/// Below these paths programs ask, and not people.
const ROOTS: [&str; 5] = ["/api", "/auth", "/chat", "/rooms", "/streaming"];

/// What is nowhere is told to programs as all else is, and to people by `next`,
/// which answers a page.
pub(crate) async fn missing(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_below = |root: &str| {
        let rest = path.strip_prefix(root);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if !ROOTS.into_iter().any(is_below) {
        return next.run(request).await;
    }
    let mut refused = Problem::new(Code::NotFound, "There is no such address").into_response();
    let never = HeaderValue::from_static("no-store");
    refused.headers_mut().insert(header::CACHE_CONTROL, never);
    refused
}
