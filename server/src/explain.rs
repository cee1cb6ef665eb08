//! `GET /explain…`: what an address means here, attribute by attribute.
//!
//! Takes the same query as the page, and the same path after `/explain`. Shows
//! no secret, and of a room only its limits, to those who may come in.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{FromRef, State},
    http::{HeaderMap, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use protocol::{NoRecording, Role, RoomKind, StoreTrouble, WireError};
use serde::Serialize;
use tracing::warn;
use url::form_urlencoded;

use crate::{
    admission,
    attributes::{Address, Report, Resolved, resolve},
    clock::{Now, UnixMillis},
    config::StorageKind,
    pages::split_path,
    recording::{Health, Recordings, Store},
    room_key::RoomKey,
    signaling::Signaling,
    tenant::{Tenant, Tenants, host},
    token::Moment,
};

/// Names the interface where the path does not.
const KIND: &str = "kind";

/// The routes of this file.
pub(crate) fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Tenants>: FromRef<S>,
    Signaling: FromRef<S>,
{
    Router::new()
        .route("/explain", get(explain))
        .route("/explain/{*path}", get(explain))
}

/// The answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Explanation<'a> {
    /// The tenant's `hostname`.
    tenant: &'a str,
    kind: RoomKind,
    /// The room; none is given, or it cannot be one.
    room: Option<&'a str>,
    role: Role,
    /// Whether the page asks the integrator's server.
    asks_access_url: bool,
    token: Option<Token>,
    /// Why there is no way in, as far as it is known before joining.
    refusals: &'a [WireError],
    attributes: &'a [Report],
    /// Names in the address that are no attributes.
    unknown: Vec<&'a str>,
    /// Whether this server records.
    recording: Records,
    /// The limits in force in the room, when somebody is there.
    in_room: Option<InRoom>,
}

/// What may be said of a token with a good signature.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Token {
    expires_at: Option<Moment>,
    not_before: Option<Moment>,
    /// Seconds since `iat`.
    age: Option<u64>,
    /// Milliseconds from the first connection with it.
    lifetime: Option<u64>,
}

/// Whether this server records, and why not.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Records {
    available: bool,
    /// For programs.
    unavailable: Option<NoRecording>,
    /// For people: what is missing.
    reason: Option<String>,
    storage: Stores,
}

/// Where videos go, and whether they can.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Stores {
    kind: StorageKind,
    /// Whether the store was reached when it was last asked; null when it was
    /// not asked yet.
    reachable: Option<bool>,
    /// For programs.
    trouble: Option<StoreTrouble>,
}

impl Records {
    fn of(recordings: &Recordings) -> Self {
        let view = recordings.view();
        Self {
            available: view.no_recording.is_none(),
            unavailable: view.no_recording,
            reason: view.reason.clone(),
            storage: Stores::of(recordings.media().store()),
        }
    }
}

impl Stores {
    fn of(store: &Store) -> Self {
        let (reachable, trouble) = match (store.kind(), store.health()) {
            (StorageKind::Local, _) | (_, Health::Good) => (Some(true), None),
            (_, Health::Unknown) => (None, None),
            (_, Health::Bad(trouble)) => (Some(false), Some(trouble)),
        };
        Self {
            kind: store.kind(),
            reachable,
            trouble,
        }
    }
}

/// The smallest limits of those present.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct InRoom {
    max_broadcasters: u32,
    max_watchers: u32,
}

async fn explain(
    State(tenants): State<Arc<Tenants>>,
    State(signaling): State<Signaling>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let host = host::of_request(&headers, &uri);
    let tenant = tenants.for_host(host);
    let now = Now::read().unix;
    let mut resolved = resolve(tenant, address(&uri, host), now);
    let used_up = admission::used_up(&signaling.admission.database, &resolved, now).await;
    resolved.refusals.extend(used_up);
    let in_room = in_room(tenant, &resolved, &signaling).await;
    let recording = Records::of(&signaling.recordings);
    let explanation = explanation(tenant, &resolved, now, recording, in_room);
    ([(header::CACHE_CONTROL, "no-store")], Json(explanation)).into_response()
}

fn address<'a>(uri: &'a Uri, host: Option<&'a str>) -> Address<'a> {
    let query = uri.query().unwrap_or_default();
    let path = uri.path().trim_start_matches("/explain");
    let (kind, path_room) = split_path(path).unwrap_or_else(|| (asked_kind(query), None));
    Address {
        kind,
        path_room,
        query,
        host,
    }
}

fn asked_kind(query: &str) -> RoomKind {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    match pairs.find(|(name, _)| name == KIND) {
        Some((_, value)) if value == RoomKind::Webinar.path() => RoomKind::Webinar,
        _ => RoomKind::Call,
    }
}

fn explanation<'a>(
    tenant: &'a Tenant,
    resolved: &'a Resolved,
    now: UnixMillis,
    recording: Records,
    in_room: Option<InRoom>,
) -> Explanation<'a> {
    let unknown = resolved.unknown.iter().map(String::as_str);
    Explanation {
        tenant: tenant.id.as_str(),
        kind: resolved.kind,
        room: resolved.room().map(|room| room.as_str()),
        role: resolved.role(),
        asks_access_url: resolved.access(tenant).is_some(),
        token: resolved.token.as_ref().map(|token| Token {
            expires_at: token.expires_at,
            not_before: token.not_before,
            age: age(resolved, now),
            lifetime: resolved.attributes.token_lifetime,
        }),
        refusals: &resolved.refusals,
        attributes: &resolved.reports,
        unknown: unknown.filter(|name| *name != KIND).collect(),
        in_room,
        recording,
    }
}

fn age(resolved: &Resolved, now: UnixMillis) -> Option<u64> {
    let made = resolved.attributes.iat?;
    Some(now.seconds().saturating_sub(made.seconds()))
}

/// Asks the room, if it is there. Who may not come in is told nothing.
async fn in_room(tenant: &Tenant, resolved: &Resolved, signaling: &Signaling) -> Option<InRoom> {
    if resolved.refusal().is_some() {
        return None;
    }
    let room = RoomKey::new(tenant.id.clone(), resolved.room()?.clone());
    if !may_look_in(resolved, &room, signaling).await {
        return None;
    }
    let door = signaling.registry.find(&room).await.ok().flatten()?;
    let settings = door.inspect().await?.settings;
    Some(InRoom {
        max_broadcasters: settings.max_broadcasters,
        max_watchers: settings.max_watchers,
    })
}

/// Whether somebody is in a private room is told to those alone who need no PIN.
async fn may_look_in(resolved: &Resolved, room: &RoomKey, signaling: &Signaling) -> bool {
    if resolved.role() == Role::Moderator {
        return true;
    }
    let private_rooms = &signaling.admission.private_rooms;
    match private_rooms.is_private(room).await {
        Ok(private) => !private,
        Err(error) => {
            warn!(%error, "Whether a room is private cannot be read");
            false
        }
    }
}
