//! Table `server_keys`: secrets that the server made for itself.

use sqlx::query_scalar;

use super::Database;
use crate::clock::UnixMillis;

/// What a secret is for. One secret is never used for two things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Signs the tickets of seats.
    Ticket,
    /// Signs the tokens of users who log in.
    Login,
    /// Signs the tokens of tenants that have no keys of their own.
    Token,
    /// Signs the addresses of recordings.
    Recording,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Ticket => "ticket",
            Self::Login => "login",
            Self::Token => "token",
            Self::Recording => "recording",
        }
    }
}

impl Database {
    /// The secret for a purpose. `candidate` is stored and given back when
    /// there was none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn server_key(
        &self,
        purpose: Purpose,
        candidate: &[u8],
        now: UnixMillis,
    ) -> Result<Vec<u8>, sqlx::Error> {
        // the update changes nothing; it makes RETURNING give the old row
        query_scalar(
            "INSERT INTO server_keys (purpose, secret, created_at) VALUES ($1, $2, $3)
             ON CONFLICT (purpose) DO UPDATE SET purpose = excluded.purpose
             RETURNING secret",
        )
        .bind(purpose.name())
        .bind(candidate)
        .bind(now.to_sql())
        .fetch_one(&self.writer)
        .await
    }
}
