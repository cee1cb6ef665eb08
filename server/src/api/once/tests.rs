//! A handler that panics, which no route of the real server does.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{Extension, Router, routing::post};
use tower::Service;

use super::*;
use crate::{
    accounts::{ApiToken, Scopes},
    clock::UnixMillis,
    config::DatabaseUrl,
};

fn caller() -> Caller {
    Caller::from(ApiToken {
        id: "0123456789abcdef".to_owned(),
        name: "test".to_owned(),
        scopes: Scopes::NONE,
        tenant: None,
        created_at: UnixMillis::new(0),
        expires_at: None,
        last_used_at: None,
    })
}

/// Panics the first time.
fn router(database: Database) -> Router {
    let tried = Arc::new(AtomicBool::new(false));
    let handler = async move || {
        assert!(
            tried.swap(true, Ordering::Relaxed),
            "a fault of the program"
        );
        "done"
    };
    Router::new()
        .route("/", post(handler))
        .route_layer(from_fn_with_state(database, once))
        .layer(Extension(caller()))
}

async fn ask(router: &mut Router) -> Response {
    let request = Request::post("/").header("idempotency-key", "k");
    let request = request.body(Body::empty()).expect("a request");
    let Ok(response) = router.call(request).await;
    response
}

#[tokio::test]
async fn key_of_a_request_that_panicked_is_free_again() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let url = DatabaseUrl::sqlite(folder.path().join("meetframe.db"));
    let database = Database::open(&url.into()).await.expect("a database");
    let mut router = router(database.clone());
    let failed = ask(&mut router).await;
    assert_eq!(failed.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let done = ask(&mut router).await;
    assert_eq!(done.status(), StatusCode::OK);
    assert!(!done.headers().contains_key(REPLAYED));
    let again = ask(&mut router).await;
    assert_eq!(again.status(), StatusCode::OK);
    assert_eq!(again.headers()[REPLAYED], "true");
    database.close().await;
}
