//! `/streaming/videos`: the videos of recordings. Their files are
//! [`super::video_files`]'.
//!
//! A video is shown to callers of its tenant and to whoever has a grant for
//! it, which is a part of the addresses that callers are given.

use axum::{
    Extension, Json,
    extract::State,
    http::{StatusCode, Uri},
};
use protocol::{RecordingState, RoomId, Video, VideoVolume};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Caller, Code, Host, Problem, Refusals, RefusalsOrMissing,
    extract::{Path, Query},
    once::{KeyHeader, Repeats},
    video_files,
    video_shape::VideoShape,
};
use crate::{
    accounts::Scope,
    db::StoredVideo,
    recording::{BadGrant, DeleteError},
    room_key::TenantId,
    router::AppState,
};

/// The longest text of a search.
const QUERY_MAX: usize = 200;

pub(super) fn limited() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(search))
        .routes(routes!(delete))
}

/// What needs a token or a grant.
pub(super) fn open() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(video))
}

/// Whether an address carries a grant, good or not: then no token counts.
pub(super) fn has_grant(address: &Uri) -> bool {
    let read = axum::extract::Query::<Granted>::try_from_uri(address);
    read.is_ok_and(|query| query.grant.is_some())
}

#[derive(Deserialize)]
struct Search {
    #[serde(default)]
    q: String,
}

#[derive(Deserialize)]
struct Granted {
    grant: Option<String>,
}

/// Search videos
///
/// The newest videos whose names contain the text; a name contains the id of
/// its room. At most 200. Needs the scope `recordings:read`.
#[utoipa::path(
    get,
    path = "/streaming/videos/search",
    tag = "Videos",
    params(("q" = Option<String>, Query, description = "A part of the name, such as the room's id")),
    responses((status = 200, description = "The videos", body = Vec<VideoShape>), Refusals),
)]
async fn search(
    State(state): State<AppState>,
    caller: Caller,
    host: Host,
    Query(Search { q }): Query<Search>,
) -> Result<Json<Vec<Video>>, Problem> {
    caller.needs(Scope::RecordingsRead)?;
    let tenant = caller.tenant_of(&state.tenants, &host)?;
    let text: String = q.chars().take(QUERY_MAX).collect();
    let found = state.database.find_videos(&tenant.id, text.trim()).await?;
    let shown = found.iter().map(|one| shown(&state, &host, one, &[]));
    Ok(Json(shown.collect()))
}

/// See a video
///
/// `hls_url` is for players; `https://{origin_host}/{origin_resource}` is the
/// MP4, as is `download`. All addresses are signed and expire. Needs a token
/// with the scope `recordings:read`, or the `grant` of an address, which has no
/// limit of requests.
#[utoipa::path(
    get,
    path = "/streaming/videos/{id}",
    tag = "Videos",
    // either of them
    security(("bearer" = []), ()),
    params(
        ("id" = String, Path, description = "The video"),
        ("grant" = Option<String>, Query, description = "Instead of a token"),
    ),
    responses((status = 200, description = "The video", body = VideoShape), RefusalsOrMissing),
)]
async fn video(
    State(state): State<AppState>,
    host: Host,
    caller: Option<Extension<Caller>>,
    Path(id): Path<String>,
    Query(Granted { grant }): Query<Granted>,
) -> Result<Json<Video>, Problem> {
    let stored = match (grant, caller) {
        (Some(grant), _) => granted(&state, &grant, &id).await?,
        (None, Some(Extension(caller))) => seen(&state, &caller, &id).await?,
        // the limits have let nobody in who has neither
        (None, None) => return Err(Problem::internal(&"neither a token nor a grant")),
    };
    let volumes = state.database.videos_of(&stored.recording_id).await?;
    Ok(Json(shown(&state, &host, &stored, &volumes)))
}

/// Delete a video
///
/// Its files go, and with the last video its recording. A video that is being
/// made cannot be deleted: 409. Needs the scope `recordings:write`.
#[utoipa::path(
    delete,
    path = "/streaming/videos/{id}",
    tag = "Videos",
    params(("id" = String, Path, description = "The video"), KeyHeader),
    responses(
        (status = 204, description = "It is gone"),
        (status = 503, description = "The store of the videos cannot be reached; detail says why",
         body = super::ProblemBody, content_type = "application/problem+json"),
        RefusalsOrMissing,
        Repeats
    ),
)]
async fn delete(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    caller.needs(Scope::RecordingsWrite)?;
    let stored = find(&state, &id).await?;
    touches(&caller, &stored)?;
    if stored.state == "processing" {
        return Err(Problem::new(Code::Conflict, "The video is being made"));
    }
    let media = state.signaling.recordings.media();
    let deleted = media.delete(&state.database, &stored).await;
    deleted.map_err(|error| match error {
        DeleteError::Store(trouble) => video_files::refused(&trouble),
        other => Problem::internal(&other),
    })?;
    Ok(StatusCode::NO_CONTENT)
}

/// The video, if this caller may see it.
pub(super) async fn seen(
    state: &AppState,
    caller: &Caller,
    id: &str,
) -> Result<StoredVideo, Problem> {
    caller.needs(Scope::RecordingsRead)?;
    let stored = find(state, id).await?;
    touches(caller, &stored)?;
    Ok(stored)
}

/// The video, if it may be seen by this grant.
pub(super) async fn granted(
    state: &AppState,
    grant: &str,
    id: &str,
) -> Result<StoredVideo, Problem> {
    let checked = number(id).map_or(Err(BadGrant::Forged), |id| {
        state.signaling.recordings.media().check(grant, id)
    });
    match checked {
        Ok(()) => find(state, id).await,
        Err(BadGrant::Expired) => Err(Problem::new(Code::LinkExpired, "This address has expired")),
        Err(BadGrant::Forged) => Err(Problem::new(
            Code::Forbidden,
            "This address was not given by this server",
        )),
    }
}

fn number(id: &str) -> Option<i64> {
    id.parse().ok()
}

async fn find(state: &AppState, id: &str) -> Result<StoredVideo, Problem> {
    let found = match number(id) {
        Some(id) => state.database.video(id).await?,
        None => None,
    };
    found.ok_or_else(|| Problem::new(Code::NotFound, "There is no such video"))
}

/// Another tenant's video is as if it were not there.
fn touches(caller: &Caller, stored: &StoredVideo) -> Result<(), Problem> {
    let tenant = TenantId::new(&stored.tenant);
    let touched = caller.may_touch(&tenant);
    touched.map_err(|_| Problem::new(Code::NotFound, "There is no such video"))
}

fn shown(state: &AppState, host: &Host, stored: &StoredVideo, volumes: &[StoredVideo]) -> Video {
    let media = state.signaling.recordings.media();
    let base = media.base(host.0.as_deref());
    let resource = format!("streaming/media/{}/{}", media.grant(stored.id), stored.id);
    let is_ready = stored.state == "ready";
    let address = |file: &str| is_ready.then(|| format!("{base}/{resource}/{file}"));
    let origin = base.split_once("://").map_or("", |(_, host)| host);
    let view = state.signaling.recordings.view();
    let is_processing = state_of(stored) == RecordingState::Processing;
    Video {
        id: stored.id.to_string(),
        name: stored.name.clone(),
        room_id: RoomId::parse(&stored.room_id).expect("a room's id was checked when it came"),
        recording_id: stored.recording_id.clone(),
        volume: u32::try_from(stored.volume).unwrap_or(0),
        state: state_of(stored),
        progress: view
            .progress(&stored.recording_id)
            .filter(|_| is_processing),
        delayed: view.delay(&stored.recording_id).filter(|_| is_processing),
        created: u64::try_from(stored.created_at).unwrap_or(0),
        duration: seconds(stored.duration),
        missing: seconds(stored.missing),
        size: stored.size.and_then(|size| u64::try_from(size).ok()),
        hls_url: address("hls/master.m3u8"),
        origin_host: is_ready.then(|| origin.to_owned()),
        origin_resource: is_ready.then(|| format!("{resource}/video.mp4")),
        download: address("video.mp4"),
        poster: address("poster.jpg"),
        volumes: volumes
            .iter()
            .map(|one| VideoVolume {
                id: one.id.to_string(),
                volume: u32::try_from(one.volume).unwrap_or(0),
                state: state_of(one),
                duration: seconds(one.duration),
                query: format!("grant={}", media.grant(one.id)),
            })
            .collect(),
    }
}

fn state_of(stored: &StoredVideo) -> RecordingState {
    match stored.state.as_str() {
        "ready" => RecordingState::Ready,
        "failed" => RecordingState::Failed,
        _ => RecordingState::Processing,
    }
}

fn seconds(milliseconds: Option<i64>) -> Option<f64> {
    let milliseconds = u32::try_from(milliseconds?).ok()?;
    Some(f64::from(milliseconds) / 1_000.0)
}
