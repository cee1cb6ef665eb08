//! All routes of the server, in one list.
//!
//! | path | what |
//! |---|---|
//! | `/`, `/new`, `/call…`, `/webinar…` | pages, see [`crate::pages`] |
//! | `/pkg/…` | the page's program and style, named by their content |
//! | `/meetBridgeApi.js`, `/demo` … | for integrators, see [`crate::library`] |
//! | any other file of `public/` | icons and the like |
//! | `/explain…` | what an address means, see [`crate::explain`] |
//! | `/ws` | signaling, see [`crate::signaling`] |
//! | `/api/private-rooms` | rooms with a PIN, see [`crate::private_rooms`] |
//! | `/api/v1/…`, `/rooms/…`, `/streaming/…`, `/auth/…` | the REST API, see [`crate::api`] |
//! | `/healthz` | for load balancers and containers |
//! | `/metrics` | numbers for Prometheus, see [`crate::metrics`] |

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::FromRef,
    http::{HeaderName, HeaderValue, Request, header},
    middleware,
    routing::{any, get, post},
};
use leptos::config::LeptosOptions;
use tokio::sync::watch;
use tower_http::{
    compression::CompressionLayer, set_header::SetResponseHeaderLayer, trace::TraceLayer,
};
use tracing::{Span, debug_span};

use crate::{
    accounts::Accounts,
    api::{self, ApiLimits, TrustedProxies},
    db::{Database, Standing},
    explain, files,
    health::healthz,
    library,
    metrics::{self, Metrics},
    pages,
    private_rooms::{self, PrivateRooms},
    recording,
    signaling::{self, Signaling},
    site::Site,
    tenant::Tenants,
    webhooks::Outbox,
};

/// What handlers use.
#[derive(Clone)]
pub struct AppState {
    /// For `/ws`.
    pub signaling: Signaling,
    /// For pages and `/explain`.
    pub tenants: Arc<Tenants>,
    /// For `/api/private-rooms`.
    pub private_rooms: PrivateRooms,
    /// For the REST API.
    pub accounts: Accounts,
    /// How often it may be used.
    pub api_limits: ApiLimits,
    /// Whose word counts for where a request comes from.
    pub trusted_proxies: TrustedProxies,
    /// For `/api/v1/webhooks`.
    pub outbox: Outbox,
    /// For `/healthz`.
    pub database: Database,
    /// Whether it is this server's, for the same.
    pub standing: watch::Receiver<Standing>,
    /// For `/metrics`.
    pub metrics: Metrics,
    /// For pages.
    pub options: LeptosOptions,
}

/// All routes. The order of the layers matters: what is already compressed, and
/// the WebSocket, stay out of the compression.
pub fn router(state: AppState, site: &Site) -> Router {
    let not_found = files::public(site, pages::not_found(site));
    let live = state.metrics.live.clone();
    let pkg = format!("/{}", site.options.site_pkg_dir);
    pages::routes(Router::new(), site, &state)
        .merge(library::routes(site))
        .fallback_service(
            tower::ServiceBuilder::new()
                .layer(middleware::from_fn(api::missing))
                .map_response(|response| files::cached(response, "no-cache"))
                .service(not_found),
        )
        .layer(CompressionLayer::new())
        .layer(Extension(Arc::clone(&state.tenants)))
        .layer(Extension(state.signaling.recordings.clone()))
        .nest_service(&pkg, files::pkg(site))
        .route("/healthz", get(healthz))
        .route("/metrics", get(metrics::show))
        .merge(explain::routes())
        .route("/ws", any(signaling::upgrade))
        .route("/recording/ingest", any(recording::ingest::upgrade))
        .route("/api/private-rooms", post(private_rooms::make))
        .merge(api::routes(&state))
        .layer(always(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(always(
            header::REFERRER_POLICY,
            "strict-origin-when-cross-origin",
        ))
        .layer(TraceLayer::new_for_http().make_span_with(span))
        .layer(middleware::from_fn_with_state(live, metrics::count))
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

impl FromRef<AppState> for Arc<Tenants> {
    fn from_ref(state: &AppState) -> Self {
        Arc::clone(&state.tenants)
    }
}

impl FromRef<AppState> for PrivateRooms {
    fn from_ref(state: &AppState) -> Self {
        state.private_rooms.clone()
    }
}

impl FromRef<AppState> for Accounts {
    fn from_ref(state: &AppState) -> Self {
        state.accounts.clone()
    }
}

impl FromRef<AppState> for TrustedProxies {
    fn from_ref(state: &AppState) -> Self {
        state.trusted_proxies.clone()
    }
}

impl FromRef<AppState> for Outbox {
    fn from_ref(state: &AppState) -> Self {
        state.outbox.clone()
    }
}

impl FromRef<AppState> for Database {
    fn from_ref(state: &AppState) -> Self {
        state.database.clone()
    }
}

impl FromRef<AppState> for watch::Receiver<Standing> {
    fn from_ref(state: &AppState) -> Self {
        state.standing.clone()
    }
}

impl FromRef<AppState> for Metrics {
    fn from_ref(state: &AppState) -> Self {
        state.metrics.clone()
    }
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(state: &AppState) -> Self {
        state.options.clone()
    }
}
