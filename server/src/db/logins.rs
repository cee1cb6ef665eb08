//! Table `logins`: who is logged in, and which refresh token counts.

use sqlx::{query, query_as};

use super::{Database, users::UserRow};
use crate::{accounts::User, clock::UnixMillis};

/// What became of a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turned {
    /// It was the latest one, and is used up.
    Done,
    /// It was used before; the login was ended.
    Reused,
    /// There is no such login any more.
    Gone,
}

impl Database {
    /// Begins a login. Forgets what is over, and a user's oldest logins above
    /// `most`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_login(
        &self,
        id: &str,
        user: &str,
        now: UnixMillis,
        ends_at: UnixMillis,
        most: u32,
    ) -> Result<(), sqlx::Error> {
        let mut transaction = self.transaction().await?;
        query("DELETE FROM logins WHERE expires_at <= $1")
            .bind(now.to_sql())
            .execute(&mut transaction)
            .await?;
        query(
            "INSERT INTO logins (id, user_id, generation, created_at, expires_at)
             VALUES ($1, $2, 0, $3, $4)",
        )
        .bind(id)
        .bind(user)
        .bind(now.to_sql())
        .bind(ends_at.to_sql())
        .execute(&mut transaction)
        .await?;
        query(
            "DELETE FROM logins WHERE user_id = $1 AND id NOT IN
             (SELECT id FROM logins WHERE user_id = $1 ORDER BY created_at DESC, id LIMIT $2)",
        )
        .bind(user)
        .bind(i64::from(most))
        .execute(&mut transaction)
        .await?;
        transaction.commit().await
    }

    /// Uses up the refresh token of this number.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn turn_login(
        &self,
        id: &str,
        number: i64,
        now: UnixMillis,
        ends_at: UnixMillis,
    ) -> Result<Turned, sqlx::Error> {
        let mut transaction = self.transaction().await?;
        let turned = query(
            "UPDATE logins SET generation = generation + 1, expires_at = $4
             WHERE id = $1 AND generation = $2 AND expires_at > $3",
        )
        .bind(id)
        .bind(number)
        .bind(now.to_sql())
        .bind(ends_at.to_sql())
        .execute(&mut transaction)
        .await?;
        let turned = match turned.rows_affected() {
            1 => Turned::Done,
            _ => {
                let ended = query("DELETE FROM logins WHERE id = $1")
                    .bind(id)
                    .execute(&mut transaction)
                    .await?;
                match ended.rows_affected() {
                    0 => Turned::Gone,
                    _ => Turned::Reused,
                }
            }
        };
        transaction.commit().await?;
        Ok(turned)
    }

    /// Whose login it is, while it lasts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn user_of_login(
        &self,
        id: &str,
        now: UnixMillis,
    ) -> Result<Option<User>, sqlx::Error> {
        let row: Option<UserRow> = query_as(
            "SELECT users.* FROM logins JOIN users ON users.id = logins.user_id
             WHERE logins.id = $1 AND logins.expires_at > $2",
        )
        .bind(id)
        .bind(now.to_sql())
        .fetch_optional(&self.reader)
        .await?;
        Ok(row.and_then(UserRow::user).map(|(user, _)| user))
    }

    /// Ends a login.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_login(&self, id: &str) -> Result<(), sqlx::Error> {
        query("DELETE FROM logins WHERE id = $1")
            .bind(id)
            .execute(&self.writer)
            .await
            .map(drop)
    }
}
