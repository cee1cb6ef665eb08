//! Making, listing and removing users: what the operator does.

use super::{Accounts, HashFailed, Password, Role, User, UserName, api_token::random_hex, login};
use crate::{clock::UnixMillis, room_key::TenantId};

const USER_ID_BYTES: usize = 8;
/// The name of the first user.
const FIRST_NAME: &str = "admin";

/// Who a new user shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// What they log in with.
    pub name: UserName,
    /// What they may.
    pub role: Role,
    /// The only tenant that they may touch; none is all of them.
    pub tenant: Option<TenantId>,
}

/// The password that a user gets.
#[derive(Debug, Clone)]
pub enum Given {
    /// The user's own.
    Own(Password),
    /// Made by somebody else: it ends soon and has to be changed at once.
    OneTime(Password),
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// The name is taken.
    #[error("there is a user {0} already")]
    Taken(UserName),
    /// There is nobody of that name.
    #[error("there is no user {0}")]
    Unknown(UserName),
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashFailed),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
}

impl Accounts {
    /// Makes a user.
    ///
    /// # Errors
    /// When the name is taken, or the database fails.
    pub async fn create_user(
        &self,
        new: NewUser,
        given: Given,
        now: UnixMillis,
    ) -> Result<User, UserError> {
        let (hash, one_time_until) = self.hash_given(given, now).await?;
        let user = user(new, one_time_until, now);
        match self.database().add_user(&user, &hash).await? {
            true => Ok(user),
            false => Err(UserError::Taken(user.name)),
        }
    }

    /// Makes the first user of a new database, once. The password is given now
    /// and never again; none when that was done before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn first_user(&self, now: UnixMillis) -> Result<Option<(User, Password)>, UserError> {
        if self.database().had_first_run().await? {
            return Ok(None);
        }
        let password = Password::roll();
        let given = Given::OneTime(password.clone());
        let (hash, one_time_until) = self.hash_given(given, now).await?;
        let new = NewUser {
            name: FIRST_NAME.parse().expect("it is a good name"),
            role: Role::Admin,
            tenant: None,
        };
        let user = user(new, one_time_until, now);
        let made = self.database().first_user(&user, &hash).await?;
        Ok(made.then_some((user, password)))
    }

    /// Gives a user another password. All their logins end.
    ///
    /// # Errors
    /// When there is nobody of that name, or the database fails.
    pub async fn set_password(
        &self,
        name: &UserName,
        given: Given,
        now: UnixMillis,
    ) -> Result<(), UserError> {
        let (hash, one_time_until) = self.hash_given(given, now).await?;
        let done = self
            .database()
            .set_password(name, &hash, one_time_until)
            .await?;
        done.then_some(()).ok_or(UserError::Unknown(name.clone()))
    }

    /// All users, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn users(&self) -> Result<Vec<User>, sqlx::Error> {
        self.database().users().await
    }

    /// Removes a user and ends their logins.
    ///
    /// # Errors
    /// When there is nobody of that name, or the database fails.
    pub async fn remove_user(&self, name: &UserName) -> Result<(), UserError> {
        let done = self.database().remove_user(name).await?;
        done.then_some(()).ok_or(UserError::Unknown(name.clone()))
    }

    async fn hash_given(
        &self,
        given: Given,
        now: UnixMillis,
    ) -> Result<(String, Option<UnixMillis>), HashFailed> {
        let logins = self.logins();
        let (password, one_time_until) = match given {
            Given::Own(password) => (password, None),
            Given::OneTime(password) => {
                let end = login::after(now, logins.limits.one_time);
                (password, Some(end))
            }
        };
        Ok((logins.hasher.hash(password).await?, one_time_until))
    }
}

fn user(new: NewUser, one_time_until: Option<UnixMillis>, now: UnixMillis) -> User {
    User {
        id: random_hex(USER_ID_BYTES),
        name: new.name,
        role: new.role,
        tenant: new.tenant,
        one_time_until,
        created_at: now,
    }
}
