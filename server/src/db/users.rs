//! Tables `users` and `first_run`: people who log in, and that the first of
//! them was made.

use sqlx::{FromRow, query, query_as, query_scalar};

use super::Database;
use crate::{
    accounts::{Role, User, UserName},
    clock::UnixMillis,
    room_key::TenantId,
};

/// A user and the hash of the password.
#[derive(FromRow)]
pub(super) struct UserRow {
    id: String,
    name: String,
    role: String,
    tenant: Option<String>,
    password_hash: String,
    one_time_until: Option<i64>,
    created_at: i64,
}

impl UserRow {
    /// None for a name or role that this version does not know: such a user
    /// cannot log in.
    pub(super) fn user(self) -> Option<(User, String)> {
        let user = User {
            id: self.id,
            name: self.name.parse().ok()?,
            role: self.role.parse::<Role>().ok()?,
            tenant: self.tenant.as_deref().map(TenantId::new),
            one_time_until: self.one_time_until.map(UnixMillis::from_sql),
            created_at: UnixMillis::from_sql(self.created_at),
        };
        Some((user, self.password_hash))
    }
}

const ADD: &str = "INSERT INTO users
    (id, name, role, tenant, password_hash, one_time_until, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO NOTHING";

impl Database {
    /// Makes a user. False when the name is taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_user(&self, user: &User, hash: &str) -> Result<bool, sqlx::Error> {
        let done = query(ADD)
            .bind(&user.id)
            .bind(user.name.as_str())
            .bind(user.role.name())
            .bind(user.tenant.as_ref().map(TenantId::as_str))
            .bind(hash)
            .bind(user.one_time_until.map(UnixMillis::to_sql))
            .bind(user.created_at.to_sql())
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether the first user was made.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn had_first_run(&self) -> Result<bool, sqlx::Error> {
        let rows: i64 = query_scalar("SELECT count(*) FROM first_run")
            .fetch_one(&self.reader)
            .await?;
        Ok(rows > 0)
    }

    /// Makes the first user, once. False when that was done before, or others
    /// have been made meanwhile.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn first_user(&self, user: &User, hash: &str) -> Result<bool, sqlx::Error> {
        let mut transaction = self.transaction().await?;
        let first =
            query("INSERT INTO first_run (id, done_at) VALUES (1, $1) ON CONFLICT (id) DO NOTHING")
                .bind(user.created_at.to_sql())
                .execute(&mut transaction)
                .await?;
        let users: i64 = query_scalar("SELECT count(*) FROM users")
            .fetch_one(&mut transaction)
            .await?;
        let make = first.rows_affected() == 1 && users == 0;
        if make {
            query(ADD)
                .bind(&user.id)
                .bind(user.name.as_str())
                .bind(user.role.name())
                .bind(user.tenant.as_ref().map(TenantId::as_str))
                .bind(hash)
                .bind(user.one_time_until.map(UnixMillis::to_sql))
                .bind(user.created_at.to_sql())
                .execute(&mut transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(make)
    }

    /// A user by name, and the hash of the password.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn user(&self, name: &UserName) -> Result<Option<(User, String)>, sqlx::Error> {
        let row: Option<UserRow> = query_as("SELECT * FROM users WHERE name = $1")
            .bind(name.as_str())
            .fetch_optional(&self.reader)
            .await?;
        Ok(row.and_then(UserRow::user))
    }

    /// All users, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn users(&self) -> Result<Vec<User>, sqlx::Error> {
        let rows: Vec<UserRow> = query_as("SELECT * FROM users ORDER BY name")
            .fetch_all(&self.reader)
            .await?;
        let users = rows.into_iter().filter_map(UserRow::user);
        Ok(users.map(|(user, _)| user).collect())
    }

    /// Gives a user another password and ends their logins. False when there is
    /// nobody of that name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_password(
        &self,
        name: &UserName,
        hash: &str,
        one_time_until: Option<UnixMillis>,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.transaction().await?;
        let id: Option<String> = query_scalar(
            "UPDATE users SET password_hash = $2, one_time_until = $3 WHERE name = $1
             RETURNING id",
        )
        .bind(name.as_str())
        .bind(hash)
        .bind(one_time_until.map(UnixMillis::to_sql))
        .fetch_optional(&mut transaction)
        .await?;
        if let Some(id) = &id {
            query("DELETE FROM logins WHERE user_id = $1")
                .bind(id)
                .execute(&mut transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(id.is_some())
    }

    /// Removes a user with all logins. False when there is nobody of that name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_user(&self, name: &UserName) -> Result<bool, sqlx::Error> {
        let done = query("DELETE FROM users WHERE name = $1")
            .bind(name.as_str())
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() == 1)
    }
}
