//! Logging in, going on with a refresh token, changing the password.

use std::{
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tracing::warn;

use super::{
    Accounts, HashFailed, Password, User,
    api_token::random_hex,
    guessing::Guessing,
    jwt::{Claims, Keys, Kind, Subject},
    password::Hasher,
};
use crate::{
    clock::{Now, UnixMillis},
    config::Secret,
    db::Turned,
    limits::LoginLimits,
};

const LOGIN_ID_BYTES: usize = 16;

/// What logging in needs.
pub(super) struct Logins {
    pub(super) keys: Keys,
    pub(super) hasher: Hasher,
    pub(super) limits: LoginLimits,
    guessing: Mutex<Guessing>,
}

impl Logins {
    pub(super) fn new(secret: &[u8], limits: LoginLimits) -> Self {
        Self {
            keys: Keys::new(secret),
            hasher: Hasher::new(&limits),
            guessing: Mutex::new(Guessing::new(&limits)),
            limits,
        }
    }

    /// Nothing that holds this lock can panic half-way.
    fn guessing(&self) -> MutexGuard<'_, Guessing> {
        self.guessing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The two tokens of a login.
#[derive(Debug, Clone)]
pub struct LoginTokens {
    /// For requests.
    pub access: Secret,
    /// For the next two tokens, once.
    pub refresh: Secret,
}

/// Somebody who showed a good access token.
#[derive(Debug, Clone)]
pub struct LoggedIn {
    /// Who.
    pub user: User,
    /// When the token ends.
    pub expires_at: UnixMillis,
}

/// Why there are no tokens.
#[derive(Debug, thiserror::Error)]
pub enum LoginRefused {
    /// Unknown user or wrong password: which of them is not said.
    #[error("the name or the password is wrong")]
    Wrong,
    /// A one-time password that was not used in time.
    #[error("the one-time password has ended")]
    OneTimeOver,
    /// Too many wrong tries; how long to wait.
    #[error("too many wrong passwords")]
    Limited(Duration),
    /// The refresh token is not ours, has ended, or its login was ended.
    #[error("the refresh token is no good")]
    BadRefresh,
    /// The refresh token was used before, so two have it: the login was ended.
    #[error("the refresh token was used before")]
    Reused,
    /// A password could not be checked.
    #[error(transparent)]
    Hash(#[from] HashFailed),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The tokens could not be signed.
    #[error("the tokens could not be signed: {0}")]
    Sign(#[from] jsonwebtoken::errors::Error),
}

impl Accounts {
    /// Logs somebody in who comes from this address.
    ///
    /// # Errors
    /// Says why not.
    pub async fn login(
        &self,
        name: &str,
        password: String,
        from: IpAddr,
        now: Now,
    ) -> Result<LoginTokens, LoginRefused> {
        let name = name.parse().ok();
        let logins = self.logins();
        let guess = logins.guessing().take(name.clone(), from, now.instant);
        let guess = guess.map_err(LoginRefused::Limited)?;
        let known = match &name {
            Some(name) => self.database().user(name).await?,
            None => None,
        };
        let (user, hash) = known.unzip();
        let fits = logins.hasher.fits(password, hash).await?;
        let Some(user) = user.filter(|_| fits) else {
            return Err(LoginRefused::Wrong);
        };
        logins.guessing().give_back(&guess);
        if user.one_time_until.is_some_and(|end| now.unix >= end) {
            return Err(LoginRefused::OneTimeOver);
        }
        self.begin(&user, now.unix).await
    }

    /// New tokens for a refresh token, which is used up. One that was used
    /// before ends its login: whoever stole it has nothing, whoever it was
    /// stolen from notices.
    ///
    /// # Errors
    /// Says why not.
    pub async fn refresh(&self, text: &str, now: UnixMillis) -> Result<LoginTokens, LoginRefused> {
        let claims = self.refresh_claims(text, now)?;
        let ends_at = after(now, self.logins().limits.refresh);
        let turned = self
            .database()
            .turn_login(&claims.sid, claims.number, now, ends_at)
            .await?;
        match turned {
            Turned::Done => self.tokens_of(&claims.sub, &claims.sid, claims.number + 1, now),
            Turned::Gone => Err(LoginRefused::BadRefresh),
            Turned::Reused => {
                warn!("A refresh token was used twice; its login was ended");
                Err(LoginRefused::Reused)
            }
        }
    }

    /// Ends the login of a refresh token, and with it its access tokens.
    ///
    /// # Errors
    /// When the token is no good, or the database fails.
    pub async fn logout(&self, text: &str, now: UnixMillis) -> Result<(), LoginRefused> {
        let claims = self.refresh_claims(text, now)?;
        Ok(self.database().remove_login(&claims.sid).await?)
    }

    /// Who shows this access token, if it is good.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check_access(
        &self,
        text: &str,
        now: UnixMillis,
    ) -> Result<Option<LoggedIn>, sqlx::Error> {
        let Some(claims) = self.logins().keys.read(text, Kind::Access, now) else {
            return Ok(None);
        };
        let user = self.database().user_of_login(&claims.sid, now).await?;
        Ok(user.map(|user| LoggedIn {
            user,
            expires_at: claims.ends_at(),
        }))
    }

    /// Gives somebody who is logged in another password. All their logins end;
    /// the tokens are of a new one.
    ///
    /// # Errors
    /// When the current one is wrong.
    pub async fn change_password(
        &self,
        user: &User,
        current: String,
        wanted: Password,
        from: IpAddr,
        now: Now,
    ) -> Result<LoginTokens, LoginRefused> {
        let logins = self.logins();
        let name = Some(user.name.clone());
        let guess = logins.guessing().take(name, from, now.instant);
        let guess = guess.map_err(LoginRefused::Limited)?;
        let hash = self.database().user(&user.name).await?.map(|known| known.1);
        if !logins.hasher.fits(current, hash).await? {
            return Err(LoginRefused::Wrong);
        }
        logins.guessing().give_back(&guess);
        let hash = logins.hasher.hash(wanted).await?;
        self.database()
            .set_password(&user.name, &hash, None)
            .await?;
        self.begin(user, now.unix).await
    }

    async fn begin(&self, user: &User, now: UnixMillis) -> Result<LoginTokens, LoginRefused> {
        let (id, limits) = (random_hex(LOGIN_ID_BYTES), &self.logins().limits);
        let ends_at = after(now, limits.refresh);
        self.database()
            .add_login(&id, &user.id, now, ends_at, limits.each)
            .await?;
        self.tokens_of(&user.id, &id, 0, now)
    }

    fn tokens_of(
        &self,
        user: &str,
        login: &str,
        number: i64,
        now: UnixMillis,
    ) -> Result<LoginTokens, LoginRefused> {
        let Logins { keys, limits, .. } = self.logins();
        let subject = Subject {
            user,
            login,
            number,
        };
        Ok(LoginTokens {
            access: keys.sign(Kind::Access, &subject, now, limits.access)?,
            refresh: keys.sign(Kind::Refresh, &subject, now, limits.refresh)?,
        })
    }

    fn refresh_claims(&self, text: &str, now: UnixMillis) -> Result<Claims, LoginRefused> {
        let claims = self.logins().keys.read(text, Kind::Refresh, now);
        claims.ok_or(LoginRefused::BadRefresh)
    }
}

pub(super) fn after(now: UnixMillis, time: Duration) -> UnixMillis {
    let millis = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    UnixMillis::new(now.get().saturating_add(millis))
}
