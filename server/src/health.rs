//! Says whether the server can do its work.

use axum::{extract::State, http::StatusCode};
use tokio::sync::watch;

use crate::db::{Database, Standing};

/// `GET /healthz`: 200 `ok`, or 503: `database` while the database does not
/// answer, `lock` while another server might use it.
pub(crate) async fn healthz(
    State(database): State<Database>,
    State(standing): State<watch::Receiver<Standing>>,
) -> (StatusCode, &'static str) {
    if let Err(error) = database.ping().await {
        tracing::error!(%error, "Database does not answer");
        return (StatusCode::SERVICE_UNAVAILABLE, "database");
    }
    // why was logged when it happened
    match *standing.borrow() {
        Standing::Held => (StatusCode::OK, "ok"),
        Standing::Unknown | Standing::Taken => (StatusCode::SERVICE_UNAVAILABLE, "lock"),
    }
}
