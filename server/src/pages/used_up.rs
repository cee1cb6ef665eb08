//! Finds out, before a room's page is rendered, whether the lifetime of its
//! token is over: whoever could not come in is told so at once. Looking uses
//! nothing up.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Uri},
    middleware::Next,
    response::Response,
};
use protocol::WireError;

use super::room_address;
use crate::{
    admission,
    attributes::resolve,
    clock::Now,
    db::Database,
    tenant::{Tenants, host},
};

/// Why the token of a page is no good any more; stands in the request.
#[derive(Debug, Clone)]
pub(super) struct UsedUp(pub(super) WireError);

/// A layer around pages.
pub(super) async fn look(
    State(database): State<Database>,
    mut request: Request,
    next: Next,
) -> Response {
    let tenants = request.extensions().get::<Arc<Tenants>>().cloned();
    let (uri, headers) = (request.uri().clone(), request.headers().clone());
    if let Some(tenants) = tenants
        && let Some(refusal) = refusal(&database, &tenants, &uri, &headers).await
    {
        request.extensions_mut().insert(UsedUp(refusal));
    }
    next.run(request).await
}

async fn refusal(
    database: &Database,
    tenants: &Tenants,
    uri: &Uri,
    headers: &HeaderMap,
) -> Option<WireError> {
    // most pages have no token, and nobody has to be asked about them
    uri.query().filter(|query| query.contains("token="))?;
    let host = host::of_request(headers, uri);
    let now = Now::read().unix;
    let resolved = resolve(tenants.for_host(host), room_address(uri, host)?, now);
    admission::used_up(database, &resolved, now).await
}
