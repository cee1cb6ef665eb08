//! The pages: the only file that knows the application's components.
//!
//! Owns how a request becomes a page, and the headers that belong to pages.
//! What a room's address means is up to [`crate::attributes`].

mod used_up;

use std::sync::Arc;

use app::{App, PageLanguage, TEXTS_PATH, shell, text_file};
use axum::{
    Router,
    extract::{FromRef, Path},
    middleware,
    response::{IntoResponse, Response},
    routing::get,
};
use http::{HeaderName, HeaderValue, StatusCode, Uri, header, request::Parts};
use leptos::{
    config::LeptosOptions,
    nonce::{provide_nonce, use_nonce},
    prelude::{AnyView, IntoAny, expect_context, provide_context},
};
use leptos_axum::{ErrorHandler, LeptosRoutes, ResponseOptions, generate_route_list};
use protocol::{ErrorCode, PageSettings, Role, RoomId, RoomKind};
use url::{Url, form_urlencoded};

use self::used_up::UsedUp;
use crate::{
    attributes::{Address, Resolved, resolve},
    clock::Now,
    db::Database,
    files::{FOR_EVER, READERS},
    recording::{Recordings, Run},
    room_key::RoomKey,
    site::Site,
    tenant::{Tenant, Tenants, host},
};

/// What pages may use; the last three may be passed on to a player in a frame.
/// An embedding page must also allow it to the frame.
const PERMISSIONS: &str = "camera=(self), microphone=(self), display-capture=(self), \
     screen-wake-lock=(self), clipboard-write=(self), \
     autoplay=*, fullscreen=*, picture-in-picture=*, \
     geolocation=(), payment=(), usb=(), midi=()";

/// Names the token of a recorder's page.
const RECORDER: &str = "recorder";

/// Adds the application's own routes.
pub(crate) fn routes<S>(router: Router<S>, site: &Site, state: &S) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    LeptosOptions: FromRef<S>,
    Database: FromRef<S>,
{
    let tokens = middleware::from_fn_with_state(Database::from_ref(state), used_up::look);
    let options = site.options.clone();
    let paths = generate_route_list(App);
    router
        .route(TEXTS_PATH, get(texts))
        .leptos_routes_with_context(state, paths, prepare, move || shell(options.clone()))
        .route_layer(tokens)
}

/// The words of a language, for pages that change theirs.
async fn texts(Path((version, file)): Path<(String, String)>) -> Response {
    match text_file(&version, &file) {
        Some(json) => (
            [
                (
                    header::CONTENT_TYPE,
                    HeaderValue::from_static("application/json"),
                ),
                (header::CACHE_CONTROL, HeaderValue::from_static(FOR_EVER)),
                (header::ACCESS_CONTROL_ALLOW_ORIGIN, READERS),
            ],
            json,
        )
            .into_response(),
        None => (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-cache")]).into_response(),
    }
}

/// Renders the application's page for an address that is none of its routes.
pub(crate) fn not_found(site: &Site) -> NotFound {
    let context: fn() = prepare;
    let shell: Shell = |options| shell(options).into_any();
    ErrorHandler::new_with_context(context, shell, site.options.clone())
}

/// Renders the application's page for an unknown address.
pub(crate) type NotFound = ErrorHandler<fn(), Shell>;
type Shell = fn(LeptosOptions) -> AnyView;

/// Runs before a page is rendered: finds the tenant, resolves the address of a
/// room, makes the nonce that inline scripts bear, and tells the browser so.
fn prepare() {
    let parts = expect_context::<Parts>();
    let response = expect_context::<ResponseOptions>();
    let host = host::of_request(&parts.headers, &parts.uri);
    let run = recorder(&parts);
    let tenant = match &run {
        Some(run) => tenant_of(&parts, run),
        None => tenant(&parts, host),
    };
    let resolved = resolved(&parts, &tenant, host);
    provide_context(tenant.brand.clone());
    provide_context(PageLanguage {
        asked: resolved
            .as_ref()
            .and_then(|all| all.attributes.lang.clone()),
        tenant: tenant.language.clone(),
    });
    if let Some(resolved) = resolved {
        if run.is_none() {
            announce_refusal(&resolved, &response);
        }
        if let Some(settings) = resolved.page_settings(&tenant) {
            let recorded = is_recorded(&parts, &tenant, &settings.room_id);
            provide_context(match run {
                Some(run) => recorders_settings(run, settings),
                None => PageSettings {
                    recorded,
                    ..settings
                },
            });
        }
    }
    page_headers(&tenant, &response);
}

/// What the address of a room's page means.
fn resolved(parts: &Parts, tenant: &Tenant, host: Option<&str>) -> Option<Resolved> {
    let address = room_address(&parts.uri, host)?;
    let mut resolved = resolve(tenant, address, Now::read().unix);
    let used_up = parts.extensions.get::<UsedUp>();
    resolved
        .refusals
        .extend(used_up.map(|UsedUp(why)| why.clone()));
    Some(resolved)
}

/// The router gives every request the tenants.
fn tenants(parts: &Parts) -> &Tenants {
    let tenants = parts.extensions.get::<Arc<Tenants>>();
    tenants.expect("the router adds the tenants to every request")
}

fn tenant(parts: &Parts, host: Option<&str>) -> Arc<Tenant> {
    Arc::clone(tenants(parts).for_host(host))
}

/// The recorder's page comes by a loopback address: its token says whose it is.
fn recorder(parts: &Parts) -> Option<Run> {
    let query = parts.uri.query()?.as_bytes();
    let (_, token) = form_urlencoded::parse(query).find(|(name, _)| name == RECORDER)?;
    recordings(parts).view().run(&token)
}

fn tenant_of(parts: &Parts, run: &Run) -> Arc<Tenant> {
    let known = tenants(parts).by_name(run.room.tenant.as_str());
    Arc::clone(known.unwrap_or_else(|| tenants(parts).for_host(None)))
}

/// A recorder needs no token of its tenant's, and watches.
fn recorders_settings(run: Run, settings: PageSettings) -> PageSettings {
    PageSettings {
        room_id: run.room.room,
        role: Role::Viewer,
        refusal: None,
        starts_at: None,
        recorder: true,
        ..settings
    }
}

fn is_recorded(parts: &Parts, tenant: &Tenant, room: &RoomId) -> bool {
    let room = RoomKey::new(tenant.id.clone(), room.clone());
    recordings(parts).view().is_recorded(&room)
}

/// The router gives every request the recordings.
fn recordings(parts: &Parts) -> &Recordings {
    let recordings = parts.extensions.get::<Recordings>();
    recordings.expect("the router adds the recordings to every request")
}

/// The address of a room's page; other pages have none.
fn room_address<'a>(uri: &'a Uri, host: Option<&'a str>) -> Option<Address<'a>> {
    let (kind, path_room) = split_path(uri.path())?;
    Some(Address {
        kind,
        path_room,
        query: uri.query().unwrap_or_default(),
        host,
    })
}

/// Interface and room of a path such as `/call/room`. Rooms have no characters
/// that would be written with escapes.
pub(crate) fn split_path(path: &str) -> Option<(RoomKind, Option<&str>)> {
    let mut parts = path.trim_matches('/').split('/');
    let kind = match parts.next()? {
        "call" => RoomKind::Call,
        "webinar" => RoomKind::Webinar,
        _ => return None,
    };
    let room = parts.next().filter(|room| !room.is_empty());
    Some((kind, room))
}

/// The page itself says what is wrong; this is for programs.
fn announce_refusal(resolved: &Resolved, response: &ResponseOptions) {
    let Some(refusal) = resolved.refusal() else {
        return;
    };
    let status = match refusal.code {
        // the page waits for the start
        ErrorCode::NotStarted => return,
        ErrorCode::TokenRequired | ErrorCode::TokenInvalid | ErrorCode::TokenExpired => {
            let challenge = HeaderValue::from_static("Bearer");
            response.insert_header(header::WWW_AUTHENTICATE, challenge);
            StatusCode::UNAUTHORIZED
        }
        ErrorCode::BadMessage => StatusCode::URI_TOO_LONG,
        _ => StatusCode::FORBIDDEN,
    };
    response.set_status(status);
}

fn page_headers(tenant: &Tenant, response: &ResponseOptions) {
    provide_nonce();
    let nonce = use_nonce()
        .map(|nonce| nonce.to_string())
        .unwrap_or_default();
    let policy = HeaderValue::from_str(&content_security_policy(tenant, &nonce))
        .expect("a nonce is base64, origins were checked, and the rest is ASCII");
    response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    response.insert_header(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(PERMISSIONS),
    );
    // pages have a nonce: no two answers are the same
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
}

/// Scripts: ours, Leptos' inline ones, and WebAssembly. Style attributes are
/// inline because tiles are placed by them. Frames: the external player.
fn content_security_policy(tenant: &Tenant, nonce: &str) -> String {
    let (logo, ancestors) = (logo_origin(tenant), ancestors(tenant));
    format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; \
         style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'; \
         img-src 'self' data: blob:{logo}; media-src 'self' blob: mediastream:; \
         worker-src 'self' blob:; frame-src https:; object-src 'none'; \
         base-uri 'none'; form-action 'self'; frame-ancestors {ancestors}"
    )
}

/// Who may embed the page. We ourselves always may.
fn ancestors(tenant: &Tenant) -> String {
    let origins = &tenant.embed_origins;
    if origins.iter().any(|origin| origin == "*") {
        return "*".to_owned();
    }
    format!("'self' {}", origins.join(" "))
        .trim_end()
        .to_owned()
}

/// Where the tenant's logo is, when that is not here.
fn logo_origin(tenant: &Tenant) -> String {
    let logo = tenant.brand.logo.as_deref();
    match logo.and_then(|logo| Url::parse(logo).ok()) {
        Some(url) => format!(" {}", url.origin().ascii_serialization()),
        None => String::new(),
    }
}
