//! All routes of the server, in one list.
//!
//! | path | what |
//! |---|---|
//! | `/`, `/new`, `/call…`, `/webinar…` | pages, see [`crate::pages`] |
//! | `/pkg/…` | the page's program and style, named by their content |
//! | any other file of `public/` | icons and the like |
//! | `/ws` | signaling, see [`crate::signaling`] |
//! | `/healthz` | for load balancers and containers |

use axum::{
    Router,
    extract::FromRef,
    http::{HeaderName, HeaderValue, Request, header},
    routing::{any, get},
};
use leptos::config::LeptosOptions;
use tower_http::{
    compression::CompressionLayer, set_header::SetResponseHeaderLayer, trace::TraceLayer,
};
use tracing::{Span, debug_span};

use crate::{
    db::Database,
    files,
    health::healthz,
    pages,
    signaling::{self, Signaling},
    site::Site,
};

/// What handlers use.
#[derive(Clone)]
pub struct AppState {
    /// For `/ws`.
    pub signaling: Signaling,
    /// For `/healthz`.
    pub database: Database,
    /// For pages.
    pub options: LeptosOptions,
}

/// All routes. The order of the layers matters: what is already compressed, and
/// the WebSocket, stay out of the compression.
pub fn router(state: AppState, site: &Site) -> Router {
    let not_found = files::public(site, pages::not_found(site));
    let pkg = format!("/{}", site.options.site_pkg_dir);
    pages::routes(Router::new(), site, &state)
        .fallback_service(
            tower::ServiceBuilder::new()
                .map_response(|response| files::cached(response, "no-cache"))
                .service(not_found),
        )
        .layer(CompressionLayer::new())
        .nest_service(&pkg, files::pkg(site))
        .route("/healthz", get(healthz))
        .route("/ws", any(signaling::upgrade))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(
            header::REFERRER_POLICY,
            "strict-origin-when-cross-origin",
        ))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .with_state(state)
}

fn always(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value))
}

/// The route and nothing of the address: it may hold a name or a token.
fn span<B>(request: &Request<B>) -> Span {
    let route = request
        .extensions()
        .get::<axum::extract::MatchedPath>()
        .map_or("-", |path| path.as_str());
    debug_span!("request", method = %request.method(), route)
}

impl FromRef<AppState> for Signaling {
    fn from_ref(state: &AppState) -> Self {
        state.signaling.clone()
    }
}

impl FromRef<AppState> for Database {
    fn from_ref(state: &AppState) -> Self {
        state.database.clone()
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.options.clone()
    }
}
