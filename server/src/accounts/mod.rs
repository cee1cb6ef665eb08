//! Who may use the REST API: permanent tokens of backends, and people who log
//! in.
//!
//! Owns tokens, what they are good for, and how they are checked. What each
//! request needs is said by the handlers of [`crate::api`]; tokens that
//! participants enter rooms with are another thing: [`crate::token`].

mod api_token;
mod guessing;
mod jwt;
mod limits;
mod login;
mod password;
mod people;
mod scope;
mod user;

use std::sync::Arc;

use rand::RngCore;
use tracing::warn;

use self::login::Logins;
use crate::{
    clock::UnixMillis,
    config::Secret,
    db::{Database, Purpose},
    room_key::TenantId,
};

pub use self::{
    api_token::{PREFIX, is_id},
    limits::LoginLimits,
    login::{LoggedIn, LoginRefused, LoginTokens},
    password::{HashFailed, PASSWORD_MAX, PASSWORD_MIN, Password, WeakPassword},
    people::{Given, NewUser, UserError},
    scope::{Scope, Scopes, UnknownScope},
    user::{BadUserName, Role, UnknownRole, User, UserName},
};

/// RFC 7518, 3.2: as long as the hash.
const KEY_BYTES: usize = 32;

/// A permanent token, without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// Its public name: shown in lists, used to revoke it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is good for.
    pub scopes: Scopes,
    /// The only tenant that it is good for; none is all of them.
    pub tenant: Option<TenantId>,
    /// When it was made.
    pub created_at: UnixMillis,
    /// When it ends, if it does.
    pub expires_at: Option<UnixMillis>,
    /// When it was used, to the minute.
    pub last_used_at: Option<UnixMillis>,
}

/// What a new token shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// What people call it.
    pub name: String,
    /// What it is good for.
    pub scopes: Scopes,
    /// The only tenant that it is good for; none is all of them.
    pub tenant: Option<TenantId>,
    /// When it ends, if it does.
    pub expires_at: Option<UnixMillis>,
}

/// All who may use the REST API. Clones share everything.
#[derive(Clone)]
pub struct Accounts(Arc<Shared>);

struct Shared {
    database: Database,
    logins: Logins,
}

impl Accounts {
    /// Those that the database knows. The key that logins are signed with is
    /// made on the first use.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open(
        database: Database,
        limits: LoginLimits,
        now: UnixMillis,
    ) -> Result<Self, sqlx::Error> {
        let mut fresh = [0; KEY_BYTES];
        rand::rng().fill_bytes(&mut fresh);
        let key = database.server_key(Purpose::Login, &fresh, now).await?;
        let logins = Logins::new(&key, limits);
        Ok(Self(Arc::new(Shared { database, logins })))
    }

    fn database(&self) -> &Database {
        &self.0.database
    }

    fn logins(&self) -> &Logins {
        &self.0.logins
    }

    /// Makes a token. Its text is given now and never again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_token(
        &self,
        new: NewToken,
        now: UnixMillis,
    ) -> Result<(ApiToken, Secret), sqlx::Error> {
        let fresh = api_token::Fresh::roll();
        let token = ApiToken {
            id: fresh.id,
            name: new.name,
            scopes: new.scopes,
            tenant: new.tenant,
            created_at: now,
            expires_at: new.expires_at,
            last_used_at: None,
        };
        let kept = fresh.hash.as_bytes();
        self.database().add_api_token(&token, kept).await?;
        Ok((token, fresh.text))
    }

    /// All tokens, or those of a tenant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tokens(&self, tenant: Option<&TenantId>) -> Result<Vec<ApiToken>, sqlx::Error> {
        self.database().api_tokens(tenant).await
    }

    /// Ends a token, from the next request on. False when there is none of that
    /// id, or it is another tenant's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_token(
        &self,
        id: &str,
        tenant: Option<&TenantId>,
    ) -> Result<bool, sqlx::Error> {
        self.database().remove_api_token(id, tenant).await
    }

    /// The token that somebody shows, if it is good. The database is asked each
    /// time: what another process revokes is no good at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check_token(
        &self,
        text: &str,
        now: UnixMillis,
    ) -> Result<Option<ApiToken>, sqlx::Error> {
        let Some(shown) = api_token::read(text) else {
            return Ok(None);
        };
        let Some((token, kept)) = self.database().api_token(shown.id).await? else {
            return Ok(None);
        };
        let over = token.expires_at.is_some_and(|end| now >= end);
        if over || !shown.hash.is(&kept) {
            return Ok(None);
        }
        // a good token is good, whether or not that can be written down right now
        if let Err(failure) = self.database().note_api_token_use(&token, now).await {
            warn!(token = %token.id, error = %failure, "The use of a token could not be noted");
        }
        Ok(Some(token))
    }
}
