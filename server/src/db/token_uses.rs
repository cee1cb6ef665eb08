//! Table `token_uses`: when tokens with a lifetime were used first.

use sqlx::{query, query_scalar};

use super::Database;
use crate::clock::UnixMillis;

/// A use of a token with a lifetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenUse {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// When the lifetime ends, if this is the first use.
    pub ends_at: UnixMillis,
    /// From when on the token is no good whatever is remembered of it; never,
    /// if it does not expire.
    pub forget_at: Option<UnixMillis>,
}

impl Database {
    /// Remembers the first use of a token, and says when its lifetime ends.
    /// Forgets tokens that are no good any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn use_token(
        &self,
        used: &TokenUse,
        now: UnixMillis,
    ) -> Result<UnixMillis, sqlx::Error> {
        let mut transaction = self.transaction().await?;
        query("DELETE FROM token_uses WHERE forget_at < $1")
            .bind(now.to_sql())
            .execute(&mut transaction)
            .await?;
        // the update changes nothing; it makes RETURNING give the old row
        let ends_at: i64 = query_scalar(
            "INSERT INTO token_uses (hash, first_used_at, ends_at, forget_at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (hash) DO UPDATE SET hash = excluded.hash
             RETURNING ends_at",
        )
        .bind(used.hash.as_slice())
        .bind(now.to_sql())
        .bind(used.ends_at.to_sql())
        .bind(used.forget_at.map(UnixMillis::to_sql))
        .fetch_one(&mut transaction)
        .await?;
        transaction.commit().await?;
        Ok(UnixMillis::from_sql(ends_at))
    }

    /// When the lifetime of a token that was used before ends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn token_end(&self, hash: &[u8; 32]) -> Result<Option<UnixMillis>, sqlx::Error> {
        let ends_at: Option<i64> = query_scalar("SELECT ends_at FROM token_uses WHERE hash = $1")
            .bind(hash.as_slice())
            .fetch_optional(&self.reader)
            .await?;
        Ok(ends_at.map(UnixMillis::from_sql))
    }

    /// How many tokens are remembered.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_token_uses(&self) -> Result<i64, sqlx::Error> {
        query_scalar("SELECT count(*) FROM token_uses")
            .fetch_one(&self.reader)
            .await
    }
}
