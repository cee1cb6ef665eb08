//! `/api/v1/tokens`: permanent tokens over REST.
//!
//! Nobody gives away more than they have: neither scopes, nor tenants, nor time.

use std::{sync::Arc, time::Duration};

use axum::{Extension, extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    AllRefusals, Caller, Code, Problem, Refusals, RefusalsOrMissing,
    extract::{Json, Path},
    once::{KeyHeader, Repeats, ShownOnce},
};
use crate::{
    accounts::{Accounts, ApiToken, NewToken, Scope, Scopes, is_id},
    clock::{Now, UnixMillis},
    room_key::TenantId,
    router::AppState,
    tenant::Tenants,
    token::Moment,
};

/// How many characters the name of a token has at most.
const NAME_MAX: usize = 100;
/// The longest time that a token may be made for: ten years, in seconds.
const LONGEST_SECONDS: u64 = 10 * 365 * 24 * 60 * 60;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list, create))
        .routes(routes!(revoke))
}

/// What a new token shall be. A field that is not known is refused: a mistyped
/// time would make a token that never ends.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TokenWish {
    /// What people call it.
    #[schema(
        min_length = 1,
        max_length = 100,
        pattern = "^[^\\u0000-\\u001f\\u007f]+$",
        example = "Lessons"
    )]
    name: String,
    /// What it is good for; not more than the token of the request.
    #[schema(min_items = 1)]
    scopes: Vec<Scope>,
    /// The only tenant that it is good for, by its hostname. None: as the token
    /// of the request.
    #[schema(example = "meet.example.org")]
    tenant: Option<String>,
    /// After how many seconds it ends; ten years at most. None: as the token of
    /// the request.
    #[schema(minimum = 1, maximum = 315_360_000, example = 7_776_000)]
    expires_in_seconds: Option<u64>,
}

/// A permanent token, without its secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct TokenInfo {
    /// Its public name, which revokes it.
    #[schema(example = "9f86d081884c7d65")]
    id: String,
    /// What people call it.
    name: String,
    /// What it is good for.
    scopes: Vec<Scope>,
    /// The only tenant that it is good for; null is all of them.
    #[schema(required)]
    tenant: Option<String>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Moment,
    /// When it ends; null is never.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    expires_at: Option<Moment>,
    /// When it was last used, to the minute; null is never.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Moment>,
}

/// A new token.
#[derive(Serialize, ToSchema)]
struct NewTokenInfo {
    #[serde(flatten)]
    info: TokenInfo,
    /// What goes after `Bearer`. It is shown this once.
    #[schema(example = "mf_9f86d081884c7d65_…")]
    token: String,
}

/// Tokens.
#[derive(Serialize, ToSchema)]
struct TokenList {
    /// The oldest first.
    tokens: Vec<TokenInfo>,
}

#[derive(Deserialize, IntoParams)]
struct TokenPath {
    /// The token's id.
    id: String,
}

impl From<ApiToken> for TokenInfo {
    fn from(token: ApiToken) -> Self {
        Self {
            id: token.id,
            name: token.name,
            scopes: token.scopes.iter().collect(),
            tenant: token.tenant.map(|tenant| tenant.as_str().to_owned()),
            created_at: Moment(token.created_at),
            expires_at: token.expires_at.map(Moment),
            last_used_at: token.last_used_at.map(Moment),
        }
    }
}

/// List tokens
///
/// Those that the token of the request may revoke. Needs `tokens:write`.
#[utoipa::path(
    get,
    path = "/api/v1/tokens",
    tag = "Tokens",
    responses((status = 200, description = "The tokens", body = TokenList), Refusals),
)]
async fn list(
    caller: Caller,
    State(accounts): State<Accounts>,
) -> Result<axum::Json<TokenList>, Problem> {
    caller.needs(Scope::TokensWrite)?;
    let tokens = accounts.tokens(caller.tenant.as_ref()).await?;
    let tokens = tokens.into_iter().map(TokenInfo::from).collect();
    Ok(axum::Json(TokenList { tokens }))
}

/// Make a token
///
/// The answer holds the token itself, this once: the same request with the same
/// key is 409 (`shown_once`). Needs `tokens:write`; a token never grants more than
/// the one of the request has.
#[utoipa::path(
    post,
    path = "/api/v1/tokens",
    tag = "Tokens",
    params(KeyHeader),
    request_body = TokenWish,
    responses(
        (status = 201, description = "The token", body = NewTokenInfo),
        AllRefusals,
        Repeats
    ),
)]
async fn create(
    caller: Caller,
    State(accounts): State<Accounts>,
    State(tenants): State<Arc<Tenants>>,
    Json(wish): Json<TokenWish>,
) -> Result<(StatusCode, Extension<ShownOnce>, axum::Json<NewTokenInfo>), Problem> {
    caller.needs(Scope::TokensWrite)?;
    let now = Now::read().unix;
    let new = wish.checked(&caller, &tenants, now)?;
    let (token, text) = accounts.create_token(new, now).await?;
    let made = NewTokenInfo {
        info: token.into(),
        token: text.expose().to_owned(),
    };
    Ok((StatusCode::CREATED, Extension(ShownOnce), axum::Json(made)))
}

/// Revoke a token
///
/// It is no good from the next request on. Needs `tokens:write`.
#[utoipa::path(
    delete,
    path = "/api/v1/tokens/{id}",
    tag = "Tokens",
    params(TokenPath, KeyHeader),
    responses((status = 204, description = "It is revoked"), RefusalsOrMissing, Repeats),
)]
async fn revoke(
    caller: Caller,
    State(accounts): State<Accounts>,
    Path(TokenPath { id }): Path<TokenPath>,
) -> Result<StatusCode, Problem> {
    caller.needs(Scope::TokensWrite)?;
    let tenant = caller.tenant.as_ref();
    if is_id(&id) && accounts.revoke_token(&id, tenant).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::new(Code::NotFound, "There is no such token"))
}

impl TokenWish {
    fn checked(
        self,
        caller: &Caller,
        tenants: &Tenants,
        now: UnixMillis,
    ) -> Result<NewToken, Problem> {
        let expires_at = self.end(caller, now)?;
        let tenant = self.tenant(caller, tenants)?;
        let scopes: Scopes = self.scopes.into_iter().collect();
        if scopes == Scopes::NONE {
            return Err(bad("scopes: one at least is needed"));
        }
        if !caller.scopes().include(scopes) {
            return Err(more("scopes"));
        }
        let fits = (1..=NAME_MAX).contains(&self.name.chars().count());
        if !fits || self.name.contains(|c: char| c.is_ascii_control()) {
            return Err(bad("name: 1 to 100 characters are needed, all visible"));
        }
        Ok(NewToken {
            name: self.name,
            scopes,
            tenant,
            expires_at,
        })
    }

    fn tenant(&self, caller: &Caller, tenants: &Tenants) -> Result<Option<TenantId>, Problem> {
        let Some(name) = &self.tenant else {
            return Ok(caller.tenant.clone());
        };
        let unknown = || Problem::new(Code::NotFound, "There is no such tenant");
        let tenant = tenants.by_name(name).ok_or_else(unknown)?;
        match caller.may_touch(&tenant.id) {
            Ok(()) => Ok(Some(tenant.id.clone())),
            Err(_) => Err(more("tenant")),
        }
    }

    fn end(&self, caller: &Caller, now: UnixMillis) -> Result<Option<UnixMillis>, Problem> {
        // the end of a login is not the end of what its user makes
        let own = caller.granted_until();
        let Some(seconds) = self.expires_in_seconds else {
            return Ok(own);
        };
        if !(1..=LONGEST_SECONDS).contains(&seconds) {
            return Err(bad("expiresInSeconds: it is from 1 second to ten years"));
        }
        let time = u64::try_from(Duration::from_secs(seconds).as_millis()).unwrap_or(u64::MAX);
        let end = UnixMillis::new(now.get().saturating_add(time));
        match own {
            Some(own) if own < end => Err(more("expiresInSeconds")),
            _ => Ok(Some(end)),
        }
    }
}

fn bad(why: &str) -> Problem {
    Problem::new(Code::BadRequest, why)
}

fn more(what: &str) -> Problem {
    let why = format!("{what}: the token of the request has less");
    Problem::new(Code::MoreThanOwn, why)
}
