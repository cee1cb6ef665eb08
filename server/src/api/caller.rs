//! Who calls the REST API, and what they may.

use std::sync::Arc;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::{HeaderMap, header, request::Parts},
};

use super::{Code, Problem};
use crate::{
    accounts::{Accounts, ApiToken, LoggedIn, PREFIX, Scope, Scopes, User},
    clock::{Now, UnixMillis},
    room_key::TenantId,
    tenant::{Tenant, Tenants, host},
};

/// The longest token that is looked at, in bytes.
const TOKEN_MAX: usize = 4 * 1024;

/// Who calls: a permanent token or somebody who logged in. As an extractor it
/// answers 401 to everybody else.
#[derive(Debug, Clone)]
pub struct Caller {
    /// What people call them; for people and logs of the operator.
    pub name: String,
    /// The only tenant that they may touch; none is all of them.
    pub tenant: Option<TenantId>,
    /// Who they are, for limits and idempotency.
    pub key: CallerKey,
    /// When the token ends, if it does.
    pub expires_at: Option<UnixMillis>,
    /// Who logged in; none for a permanent token.
    pub(super) user: Option<User>,
    pub(super) scopes: Scopes,
}

/// Tells callers apart.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallerKey {
    /// A permanent token, by its id.
    Token(String),
    /// A user, by their id.
    User(String),
}

impl CallerKey {
    /// As text, for tables.
    #[must_use]
    pub fn as_text(&self) -> String {
        match self {
            Self::Token(id) => format!("token:{id}"),
            Self::User(id) => format!("user:{id}"),
        }
    }
}

impl Caller {
    /// 403 unless the caller may do this.
    ///
    /// # Errors
    /// When they may not.
    pub fn needs(&self, scope: Scope) -> Result<(), Problem> {
        if self.scopes.has(scope) {
            return Ok(());
        }
        if self.must_change_password() {
            let why = "A one-time password is good for POST /auth/password alone";
            return Err(Problem::new(Code::PasswordChangeRequired, why));
        }
        let why = format!("The scope {scope} is needed");
        Err(Problem::new(Code::Forbidden, why))
    }

    /// What the caller may.
    #[must_use]
    pub fn scopes(&self) -> Scopes {
        self.scopes
    }

    /// Whether the caller logged in with a one-time password. Such a caller has
    /// no scopes.
    #[must_use]
    pub fn must_change_password(&self) -> bool {
        let user = self.user.as_ref();
        user.is_some_and(|user| user.one_time_until.is_some())
    }

    /// Until when what the caller may is granted: the end of a login is not the
    /// end of what its user may.
    pub(super) fn granted_until(&self) -> Option<UnixMillis> {
        match self.key {
            CallerKey::Token(_) => self.expires_at,
            CallerKey::User(_) => None,
        }
    }

    /// The tenant of the request's host.
    ///
    /// # Errors
    /// When the caller may touch another tenant only.
    pub fn tenant_of(&self, tenants: &Tenants, host: &Host) -> Result<Arc<Tenant>, Problem> {
        let tenant = tenants.for_host(host.0.as_deref());
        self.may_touch(&tenant.id)?;
        Ok(Arc::clone(tenant))
    }

    /// 403 unless the caller may touch this tenant.
    ///
    /// # Errors
    /// When they may touch another one only.
    pub fn may_touch(&self, tenant: &TenantId) -> Result<(), Problem> {
        match &self.tenant {
            Some(own) if own != tenant => Err(Problem::new(
                Code::WrongTenant,
                "The token was made for another host",
            )),
            _ => Ok(()),
        }
    }
}

impl From<ApiToken> for Caller {
    fn from(token: ApiToken) -> Self {
        Self {
            name: token.name,
            tenant: token.tenant,
            key: CallerKey::Token(token.id),
            expires_at: token.expires_at,
            user: None,
            scopes: token.scopes,
        }
    }
}

impl From<LoggedIn> for Caller {
    fn from(LoggedIn { user, expires_at }: LoggedIn) -> Self {
        let scopes = match user.one_time_until {
            Some(_) => Scopes::NONE,
            None => user.role.scopes(),
        };
        Self {
            name: user.name.to_string(),
            tenant: user.tenant.clone(),
            key: CallerKey::User(user.id.clone()),
            expires_at: Some(expires_at),
            user: Some(user),
            scopes,
        }
    }
}

impl<S> FromRequestParts<S> for Caller
where
    S: Send + Sync,
    Accounts: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        // the limits of a group have asked already
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let caller = identify(&Accounts::from_ref(state), &parts.headers).await?;
        parts.extensions.insert(caller.clone());
        Ok(caller)
    }
}

/// Who shows this Authorization header.
///
/// # Errors
/// 401 when it is missing or not good.
pub(super) async fn identify(accounts: &Accounts, headers: &HeaderMap) -> Result<Caller, Problem> {
    let text = bearer(headers).ok_or_else(|| {
        let why = "The header Authorization: Bearer with a token is needed";
        Problem::new(Code::Unauthorized, why)
    })?;
    let now = Now::read().unix;
    let caller = match text.starts_with(PREFIX) {
        true => accounts.check_token(text, now).await?.map(Caller::from),
        false => accounts.check_access(text, now).await?.map(Caller::from),
    };
    caller.ok_or_else(|| {
        let why = "The token is not known, has ended or was revoked";
        Problem::new(Code::Unauthorized, why)
    })
}

/// RFC 6750, 2.1; the name of the scheme is in any case (RFC 9110, 11.1).
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(only), None) = (all.next(), all.next()) else {
        return None;
    };
    let (scheme, token) = only.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    let good = scheme.eq_ignore_ascii_case("bearer") && token.len() <= TOKEN_MAX;
    good.then_some(token)
}

/// The host that a request is for.
#[derive(Debug, Clone)]
pub struct Host(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Host {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let host = host::of_request(&parts.headers, &parts.uri);
        Ok(Self(host.map(str::to_owned)))
    }
}
