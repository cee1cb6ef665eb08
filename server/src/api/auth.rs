//! `/auth/…`: people log in by name and password.
//!
//! Paths and bodies are the reference product's.

use axum::{extract::State, http::StatusCode};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Caller, Code, LoginRefusals, Problem, RefusalsOfBody, extract::Json, peer::Peer};
use crate::{
    accounts::{Accounts, HashFailed, LoginRefused, LoginTokens, Password},
    clock::Now,
    router::AppState,
};

/// The longest password that is looked at, in bytes.
const SHOWN_MAX: usize = 4 * 256;

/// What needs no token.
pub(super) fn open_routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(login))
        .routes(routes!(refresh))
        .routes(routes!(logout))
}

/// What needs one.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(password))
}

/// Name and password.
#[derive(Deserialize, ToSchema)]
struct LoginWish {
    /// The user's name.
    #[schema(example = "admin")]
    username: String,
    /// The password.
    #[schema(format = Password)]
    password: String,
}

/// The two tokens of a login.
#[derive(Serialize, ToSchema)]
struct Tokens {
    /// What goes after `Bearer`; good for 24 hours.
    #[schema(example = "eyJ0eXAiOiJKV…")]
    access: String,
    /// For `/auth/jwt/refresh`, once; good for 30 days.
    #[schema(example = "eyJ0eXAiOiJKV…")]
    refresh: String,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
struct RefreshWish {
    /// The last one that was given.
    refresh: String,
}

/// The current password and the next one.
#[derive(Deserialize, ToSchema)]
struct PasswordWish {
    /// The current password.
    #[schema(format = Password)]
    current: String,
    /// The next one.
    #[schema(format = Password, min_length = 12, max_length = 256)]
    new: String,
}

/// Log in
///
/// A wrong name and a wrong password get the same answer. After ten wrong
/// passwords of a user, or thirty from an address, within 15 minutes the answer
/// is 429.
#[utoipa::path(
    post,
    path = "/auth/jwt/login",
    tag = "Login",
    security(()),
    request_body = LoginWish,
    responses((status = 200, description = "The tokens", body = Tokens), LoginRefusals),
)]
async fn login(
    State(accounts): State<Accounts>,
    Peer(from): Peer,
    Json(wish): Json<LoginWish>,
) -> Result<axum::Json<Tokens>, Problem> {
    if wish.password.len() > SHOWN_MAX {
        return Err(LoginRefused::Wrong.into());
    }
    let tokens = accounts.login(&wish.username, wish.password, from, Now::read());
    Ok(axum::Json(tokens.await?.into()))
}

/// Go on with a refresh token
///
/// It is used up; the answer holds the next one. If one is used twice, two have
/// it, and the login ends.
#[utoipa::path(
    post,
    path = "/auth/jwt/refresh",
    tag = "Login",
    security(()),
    request_body = RefreshWish,
    responses((status = 200, description = "The next tokens", body = Tokens), LoginRefusals),
)]
async fn refresh(
    State(accounts): State<Accounts>,
    Json(wish): Json<RefreshWish>,
) -> Result<axum::Json<Tokens>, Problem> {
    let tokens = accounts.refresh(&wish.refresh, Now::read().unix);
    Ok(axum::Json(tokens.await?.into()))
}

/// Log out
///
/// The login of this refresh token ends, and its access tokens with it.
#[utoipa::path(
    post,
    path = "/auth/jwt/logout",
    tag = "Login",
    security(()),
    request_body = RefreshWish,
    responses((status = 204, description = "The login has ended"), LoginRefusals),
)]
async fn logout(
    State(accounts): State<Accounts>,
    Json(wish): Json<RefreshWish>,
) -> Result<StatusCode, Problem> {
    accounts.logout(&wish.refresh, Now::read().unix).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change the password
///
/// Of whoever logged in. All their logins end; the tokens in the answer are of
/// a new one. A one-time password has to be changed before anything else.
#[utoipa::path(
    post,
    path = "/auth/password",
    tag = "Login",
    request_body = PasswordWish,
    responses((status = 200, description = "Tokens of a new login", body = Tokens), RefusalsOfBody),
)]
async fn password(
    caller: Caller,
    State(accounts): State<Accounts>,
    Peer(from): Peer,
    Json(wish): Json<PasswordWish>,
) -> Result<axum::Json<Tokens>, Problem> {
    let Some(user) = &caller.user else {
        let why = "A permanent token has no password";
        return Err(Problem::new(Code::Forbidden, why));
    };
    let wanted = Password::parse(&wish.new)
        .map_err(|weak| Problem::new(Code::BadRequest, format!("new: {weak}")))?;
    if wish.current.len() > SHOWN_MAX {
        return Err(wrong_password());
    }
    let changed = accounts.change_password(user, wish.current, wanted, from, Now::read());
    match changed.await {
        Ok(tokens) => Ok(axum::Json(tokens.into())),
        // the token is good, so 401 would mislead
        Err(LoginRefused::Wrong) => Err(wrong_password()),
        Err(refused) => Err(refused.into()),
    }
}

fn wrong_password() -> Problem {
    Problem::new(Code::WrongPassword, "current: it is another one")
}

impl From<LoginTokens> for Tokens {
    fn from(tokens: LoginTokens) -> Self {
        Self {
            access: tokens.access.expose().to_owned(),
            refresh: tokens.refresh.expose().to_owned(),
        }
    }
}

impl From<LoginRefused> for Problem {
    fn from(refused: LoginRefused) -> Self {
        match &refused {
            LoginRefused::Wrong => Self::new(Code::WrongLogin, "The name or the password is wrong"),
            LoginRefused::OneTimeOver => Self::new(
                Code::PasswordEnded,
                "The one-time password was not used in time",
            ),
            LoginRefused::BadRefresh => Self::new(
                Code::Unauthorized,
                "refresh: the token is not known, has ended or was revoked",
            ),
            LoginRefused::Reused => Self::new(
                Code::RefreshReused,
                "refresh: the token was used before, so the login has ended",
            ),
            LoginRefused::Limited(wait) => {
                Self::new(Code::RateLimited, "Too many wrong passwords").retry_after(*wait)
            }
            LoginRefused::Hash(HashFailed::Busy) => {
                let second = std::time::Duration::from_secs(1);
                Self::new(Code::Unavailable, "Too many log in at once").retry_after(second)
            }
            failure @ (LoginRefused::Hash(_)
            | LoginRefused::Database(_)
            | LoginRefused::Sign(_)) => Self::internal(failure),
        }
    }
}
