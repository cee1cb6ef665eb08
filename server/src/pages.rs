//! The pages: the only file that knows the application's components.
//!
//! Owns how a request becomes a page, and the headers that belong to pages.

use app::{App, shell};
use axum::{Router, extract::FromRef};
use http::{HeaderName, HeaderValue, header};
use leptos::{
    config::LeptosOptions,
    nonce::{provide_nonce, use_nonce},
    prelude::{AnyView, IntoAny, expect_context},
};
use leptos_axum::{ErrorHandler, LeptosRoutes, ResponseOptions, generate_route_list};

use crate::site::Site;

/// What pages may use. An embedding page must also allow it to the frame.
const PERMISSIONS: &str = "camera=(self), microphone=(self), display-capture=(self), \
     autoplay=(self), fullscreen=(self), picture-in-picture=(self), \
     screen-wake-lock=(self), clipboard-write=(self), \
     geolocation=(), payment=(), usb=(), midi=()";

/// Adds the application's own routes.
pub(crate) fn routes<S>(router: Router<S>, site: &Site, state: &S) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    LeptosOptions: FromRef<S>,
{
    let options = site.options.clone();
    let paths = generate_route_list(App);
    router.leptos_routes_with_context(state, paths, page_headers, move || shell(options.clone()))
}

/// Renders the application's page for an address that is none of its routes.
pub(crate) fn not_found(site: &Site) -> NotFound {
    let context: fn() = page_headers;
    let shell: Shell = |options| shell(options).into_any();
    ErrorHandler::new_with_context(context, shell, site.options.clone())
}

/// Renders the application's page for an unknown address.
pub(crate) type NotFound = ErrorHandler<fn(), Shell>;
type Shell = fn(LeptosOptions) -> AnyView;

/// Runs before a page is rendered: makes the nonce that its inline scripts
/// bear, and the headers that tell the browser so.
fn page_headers() {
    provide_nonce();
    let nonce = use_nonce()
        .map(|nonce| nonce.to_string())
        .unwrap_or_default();
    let response = expect_context::<ResponseOptions>();
    let policy = HeaderValue::from_str(&content_security_policy(&nonce))
        .expect("a nonce is base64 and the rest is ASCII");
    response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    response.insert_header(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(PERMISSIONS),
    );
    // pages have a nonce: no two answers are the same
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// Scripts: ours, Leptos' inline ones, and WebAssembly. Style attributes are
/// inline because tiles are placed by them. Any page may embed ours.
fn content_security_policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; \
         img-src 'self' data: blob:; media-src 'self' blob: mediastream:; \
         worker-src 'self' blob:; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors *"
    )
}
