//! `GET /api/v1/me`: who the token is and what it may.

use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Caller, CallerKey, Refusals};
use crate::{accounts::Scope, router::AppState, token::Moment};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(me))
}

/// Who calls.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Me {
    /// A permanent token, or a user who logged in.
    kind: Kind,
    /// The id of the token or user.
    id: String,
    /// What people call it.
    name: String,
    /// The only tenant that it is good for; null is all of them.
    #[schema(required)]
    tenant: Option<String>,
    /// What it may.
    scopes: Vec<Scope>,
    /// When it ends; null is never.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    expires_at: Option<Moment>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum Kind {
    Token,
    User,
}

/// Who the token is
///
/// Tells what the token of the request is good for. Needs no scope.
#[utoipa::path(
    get,
    path = "/api/v1/me",
    tag = "Tokens",
    responses((status = 200, description = "Who calls", body = Me), Refusals),
)]
async fn me(caller: Caller) -> Json<Me> {
    let scopes = caller.scopes().iter().collect();
    let (kind, id) = match caller.key {
        CallerKey::Token(id) => (Kind::Token, id),
        CallerKey::User(id) => (Kind::User, id),
    };
    Json(Me {
        kind,
        id,
        name: caller.name,
        tenant: caller.tenant.map(|tenant| tenant.as_str().to_owned()),
        scopes,
        expires_at: caller.expires_at.map(Moment),
    })
}
