//! Table `idempotency_keys`: answers to requests that may come again.

use sqlx::{FromRow, query, query_as};

use super::Database;
use crate::clock::UnixMillis;

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownKey {
    /// Nothing until now: from now on the request is under way.
    New,
    /// The request is under way.
    UnderWay,
    /// The key was used for another request.
    Other,
    /// The answer that was given.
    Answered(StoredAnswer),
    /// An answer was given that is not kept: it held a secret.
    Withheld,
}

/// An answer as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredAnswer {
    /// The status.
    pub status: u16,
    /// The type of the body; none without one.
    pub content_type: Option<String>,
    /// Where it said that the new thing is, if it did.
    pub location: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

#[derive(FromRow)]
struct Row {
    fingerprint: Vec<u8>,
    status: Option<i64>,
    content_type: Option<String>,
    location: Option<String>,
    body: Option<Vec<u8>>,
}

impl Row {
    fn known(self, fingerprint: &[u8]) -> KnownKey {
        if self.fingerprint != fingerprint {
            return KnownKey::Other;
        }
        let status = self.status.and_then(|status| u16::try_from(status).ok());
        let Some(status) = status else {
            return KnownKey::UnderWay;
        };
        let Some(body) = self.body else {
            return KnownKey::Withheld;
        };
        KnownKey::Answered(StoredAnswer {
            status,
            content_type: self.content_type,
            location: self.location,
            body,
        })
    }
}

impl Database {
    /// Takes a caller's key for a request, unless it is taken. Keys from before
    /// `forget` are forgotten.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_key(
        &self,
        (caller, key): (&str, &str),
        fingerprint: &[u8],
        (now, forget): (UnixMillis, UnixMillis),
    ) -> Result<KnownKey, sqlx::Error> {
        let mut transaction = self.transaction().await?;
        query("DELETE FROM idempotency_keys WHERE created_at < $1")
            .bind(forget.to_sql())
            .execute(&mut transaction)
            .await?;
        let taken = query(
            "INSERT INTO idempotency_keys (caller, key, fingerprint, created_at)
             VALUES ($1, $2, $3, $4) ON CONFLICT (caller, key) DO NOTHING",
        )
        .bind(caller)
        .bind(key)
        .bind(fingerprint.to_vec())
        .bind(now.to_sql())
        .execute(&mut transaction)
        .await?;
        let known = match taken.rows_affected() {
            1 => KnownKey::New,
            _ => {
                let row: Row = query_as(
                    "SELECT fingerprint, status, content_type, location, body
                     FROM idempotency_keys WHERE caller = $1 AND key = $2",
                )
                .bind(caller)
                .bind(key)
                .fetch_one(&mut transaction)
                .await?;
                row.known(fingerprint)
            }
        };
        transaction.commit().await?;
        Ok(known)
    }

    /// Keeps that the request that took a key was answered, and not what.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn withhold_answer(
        &self,
        (caller, key): (&str, &str),
        status: u16,
    ) -> Result<(), sqlx::Error> {
        query("UPDATE idempotency_keys SET status = $1 WHERE caller = $2 AND key = $3")
            .bind(i64::from(status))
            .bind(caller)
            .bind(key)
            .execute(&self.writer)
            .await
            .map(drop)
    }

    /// Keeps the answer to the request that took a key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn answer_key(
        &self,
        (caller, key): (&str, &str),
        answer: StoredAnswer,
    ) -> Result<(), sqlx::Error> {
        query(
            "UPDATE idempotency_keys
             SET status = $1, content_type = $2, location = $3, body = $4
             WHERE caller = $5 AND key = $6",
        )
        .bind(i64::from(answer.status))
        .bind(answer.content_type)
        .bind(answer.location)
        .bind(answer.body)
        .bind(caller)
        .bind(key)
        .execute(&self.writer)
        .await
        .map(drop)
    }

    /// Forgets keys from before a moment, with their answers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_keys(&self, before: UnixMillis) -> Result<(), sqlx::Error> {
        query("DELETE FROM idempotency_keys WHERE created_at < $1")
            .bind(before.to_sql())
            .execute(&self.writer)
            .await
            .map(drop)
    }

    /// Gives a key free again: the request came to nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn free_key(&self, (caller, key): (&str, &str)) -> Result<(), sqlx::Error> {
        query("DELETE FROM idempotency_keys WHERE caller = $1 AND key = $2")
            .bind(caller)
            .bind(key)
            .execute(&self.writer)
            .await
            .map(drop)
    }

    /// Gives all keys free whose requests were under way when the server ended.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn free_unanswered_keys(&self) -> Result<(), sqlx::Error> {
        query("DELETE FROM idempotency_keys WHERE status IS NULL")
            .execute(&self.writer)
            .await
            .map(drop)
    }
}
