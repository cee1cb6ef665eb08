//! What integrators load from here: the bridge library, which any page may
//! import, and the page that shows it at work.
//!
//! The files themselves are in `public/`. What the library says to a meeting
//! is between it and the page in the frame.

use axum::{
    Router,
    http::{HeaderName, HeaderValue, header},
    routing::get_service,
};
use tower::ServiceBuilder;
use tower_http::{services::ServeFile, set_header::SetResponseHeaderLayer};

use crate::{files, site::Site};

/// Modules are fetched with CORS, wherever they are imported.
const SHARED: [&str; 3] = ["meetBridgeApi.js", "meetBridgeApi.mjs", "meetFrame.mjs"];

/// The demonstration embeds rooms of this server and is embedded by nobody.
const DEMO_POLICY: &str = "default-src 'self'; img-src 'self' data:; object-src 'none'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The library's files and `/demo`.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>(site: &Site) -> Router<S> {
    let library = SHARED.iter().fold(Router::new(), |router, name| {
        let any = (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
        router.route(&format!("/{name}"), file(site, name, any))
    });
    let policy = (header::CONTENT_SECURITY_POLICY, DEMO_POLICY);
    let demo = file(site, "demo/index.html", policy);
    library.route("/demo", demo.clone()).route("/demo/", demo)
}

/// A file of `public/` with one more header.
fn file<S: Clone + Send + Sync + 'static>(
    site: &Site,
    name: &str,
    (header, value): (HeaderName, &'static str),
) -> axum::routing::MethodRouter<S> {
    let file = ServeFile::new(site.root.join(name))
        .precompressed_br()
        .precompressed_gzip();
    get_service(
        ServiceBuilder::new()
            .layer(SetResponseHeaderLayer::overriding(
                header,
                HeaderValue::from_static(value),
            ))
            .map_response(|response| files::cached(response, files::ASK))
            .service(file),
    )
}
