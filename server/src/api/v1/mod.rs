//! What a backend does with rooms beyond the reference product.
//!
//! Ids are those of the pages, times are ISO 8601, lists come in pages. Writes
//! can be repeated without harm by an `Idempotency-Key` ([`super::once`]).

mod messages;
mod page;
mod participants;
mod room;
mod rooms;
mod settings;
mod tokens;
mod waiting;

use utoipa_axum::router::OpenApiRouter;

use crate::router::AppState;

/// The routes on which a request can be repeated.
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .merge(rooms::routes())
        .merge(room::routes())
        .merge(participants::routes())
        .merge(waiting::routes())
        .merge(messages::routes())
}

/// Those that change nothing, so that repeating them does no harm, and whose
/// answers are secrets, which are not kept.
pub(super) fn unkept() -> OpenApiRouter<AppState> {
    tokens::routes()
}
