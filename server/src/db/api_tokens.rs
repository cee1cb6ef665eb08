//! Table `api_tokens`: permanent tokens of integrators' backends.

use sqlx::{FromRow, query, query_as};

use super::{Database, clean};
use crate::{
    accounts::{ApiToken, Scopes},
    clock::UnixMillis,
    room_key::TenantId,
};

/// How long a use is not written down again: a busy token costs a write a
/// minute.
const LAST_USED_EVERY_MILLIS: i64 = 60_000;

/// A token and the hash of its secret.
#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    hash: Vec<u8>,
    scopes: String,
    tenant: Option<String>,
    created_at: i64,
    expires_at: Option<i64>,
    last_used_at: Option<i64>,
}

impl Row {
    fn token(self) -> ApiToken {
        ApiToken {
            id: self.id,
            name: self.name,
            // a scope that this version does not know grants nothing
            scopes: self
                .scopes
                .split_whitespace()
                .filter_map(|name| name.parse().ok())
                .collect::<Scopes>(),
            tenant: self.tenant.as_deref().map(TenantId::new),
            created_at: UnixMillis::from_sql(self.created_at),
            expires_at: self.expires_at.map(UnixMillis::from_sql),
            last_used_at: self.last_used_at.map(UnixMillis::from_sql),
        }
    }
}

impl Database {
    /// Keeps a new token with the hash of its secret.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_api_token(&self, token: &ApiToken, hash: &[u8]) -> Result<(), sqlx::Error> {
        query(
            "INSERT INTO api_tokens (id, name, hash, scopes, tenant, created_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(&token.id)
        .bind(clean(&token.name))
        .bind(hash)
        .bind(token.scopes.to_string())
        .bind(token.tenant.as_ref().map(TenantId::as_str))
        .bind(token.created_at.to_sql())
        .bind(token.expires_at.map(UnixMillis::to_sql))
        .execute(&self.writer)
        .await
        .map(drop)
    }

    /// A token and the hash of its secret.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn api_token(&self, id: &str) -> Result<Option<(ApiToken, Vec<u8>)>, sqlx::Error> {
        let row: Option<Row> = query_as("SELECT * FROM api_tokens WHERE id = $1")
            .bind(id)
            .fetch_optional(&self.reader)
            .await?;
        Ok(row.map(|mut row| {
            let hash = std::mem::take(&mut row.hash);
            (row.token(), hash)
        }))
    }

    /// All tokens, or those of a tenant; the oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn api_tokens(
        &self,
        tenant: Option<&TenantId>,
    ) -> Result<Vec<ApiToken>, sqlx::Error> {
        let rows: Vec<Row> = query_as(
            "SELECT * FROM api_tokens WHERE $1 IS NULL OR tenant = $1 ORDER BY created_at, id",
        )
        .bind(tenant.map(TenantId::as_str))
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(Row::token).collect())
    }

    /// Forgets a token. False when there is none of that id, or it is another
    /// tenant's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_api_token(
        &self,
        id: &str,
        tenant: Option<&TenantId>,
    ) -> Result<bool, sqlx::Error> {
        let done = query("DELETE FROM api_tokens WHERE id = $1 AND ($2 IS NULL OR tenant = $2)")
            .bind(id)
            .bind(tenant.map(TenantId::as_str))
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Notes that a token was used, unless that was noted a moment ago.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn note_api_token_use(
        &self,
        token: &ApiToken,
        now: UnixMillis,
    ) -> Result<(), sqlx::Error> {
        let before = now.to_sql().saturating_sub(LAST_USED_EVERY_MILLIS);
        let noted = token.last_used_at.map(UnixMillis::to_sql);
        if noted.is_some_and(|at| at > before) {
            return Ok(());
        }
        query("UPDATE api_tokens SET last_used_at = $2 WHERE id = $1")
            .bind(&token.id)
            .bind(now.to_sql())
            .execute(&self.writer)
            .await
            .map(drop)
    }
}
