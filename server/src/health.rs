//! Says whether the server can do its work.

use axum::{extract::State, http::StatusCode};

use crate::db::Database;

/// `GET /healthz`: 200 `ok`, or 503 while the database does not answer.
pub(crate) async fn healthz(State(database): State<Database>) -> (StatusCode, &'static str) {
    match database.ping().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::error!(%error, "Database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "database")
        }
    }
}
