//! `/rooms/:roomId/recording`: starts, stops and shows the recording of a room.

use axum::{Json, extract::State};
use protocol::{NoRecording, Recording, RoomId, StoreTrouble};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Caller, Code, Host, Problem, RefusalsOrMissing, extract::Path};
use crate::{
    accounts::Scope, clock::UnixMillis, recording::StartedBy, room_key::RoomKey, router::AppState,
    token::Moment,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(start))
        .routes(routes!(stop))
        .routes(routes!(status))
}

/// The recording of a room.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(title = "RecordingStatus")]
struct Status {
    /// The room.
    room_id: String,
    /// Whether it is being recorded right now.
    recording: bool,
    /// `starting`, `recording`, `processing`, `ready` or `failed`; null when
    /// there is nothing to say of a recording.
    #[schema(required, value_type = Option<String>, example = "recording")]
    state: Value,
    /// The id of the recording, the same in webhooks and videos.
    #[schema(required)]
    id: Option<String>,
    /// When it was asked for.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    since: Option<Moment>,
    /// How much of it is processed, in percent, while it is.
    #[schema(required, minimum = 0, maximum = 100)]
    progress: Option<u8>,
    /// What keeps its videos from the operator's store, such as
    /// `store_unreachable`; the server tries again and again. Null when nothing
    /// does.
    #[schema(required, value_type = Option<String>, example = "store_unreachable")]
    delayed: Option<StoreTrouble>,
    /// Why this server cannot record; null when it can.
    #[schema(required, value_type = Option<String>, example = "no_browser")]
    unavailable: Option<NoRecording>,
}

/// Start to record a room
///
/// Somebody has to be in the room. When it is recorded already, that recording
/// is answered: there is one at a time, for both interfaces of the room. Needs
/// the scope `recordings:write`.
#[utoipa::path(
    post,
    path = "/rooms/{roomId}/recording/start",
    tag = "Recordings",
    params(("roomId" = String, Path, description = "The room")),
    responses(
        (status = 200, description = "It is recorded, or will be in a moment", body = Status),
        (status = 503, description = "This server cannot record now; detail says why",
         body = super::ProblemBody, content_type = "application/problem+json"),
        RefusalsOrMissing
    ),
)]
async fn start(
    State(state): State<AppState>,
    caller: Caller,
    host: Host,
    Path(room): Path<String>,
) -> Result<Json<Status>, Problem> {
    let room = room_of(&state, &caller, &host, &room, Scope::RecordingsWrite)?;
    is_there(&state, &room).await?;
    let recordings = &state.signaling.recordings;
    let started = recordings.start(&room, StartedBy::Api).await;
    let recording = started.map_err(|why| Problem::new(Code::Unavailable, words(why)))?;
    Ok(Json(shown(&state, &room, Some(recording))))
}

/// Stop to record a room
///
/// Its videos follow: see the status, webhooks or the search. Needs the scope
/// `recordings:write`.
#[utoipa::path(
    post,
    path = "/rooms/{roomId}/recording/stop",
    tag = "Recordings",
    params(("roomId" = String, Path, description = "The room")),
    responses(
        (status = 200, description = "It is not recorded any more", body = Status),
        RefusalsOrMissing
    ),
)]
async fn stop(
    State(state): State<AppState>,
    caller: Caller,
    host: Host,
    Path(room): Path<String>,
) -> Result<Json<Status>, Problem> {
    let room = room_of(&state, &caller, &host, &room, Scope::RecordingsWrite)?;
    match state.signaling.recordings.stop(&room).await {
        Some(recording) => Ok(Json(shown(&state, &room, Some(recording)))),
        None => {
            is_there(&state, &room).await?;
            Err(Problem::new(Code::NotFound, "The room is not recorded"))
        }
    }
}

/// See the recording of a room
///
/// Needs the scope `recordings:read`.
#[utoipa::path(
    get,
    path = "/rooms/{roomId}/recording",
    tag = "Recordings",
    params(("roomId" = String, Path, description = "The room")),
    responses(
        (status = 200, description = "The recording, or that there is none", body = Status),
        RefusalsOrMissing
    ),
)]
async fn status(
    State(state): State<AppState>,
    caller: Caller,
    host: Host,
    Path(room): Path<String>,
) -> Result<Json<Status>, Problem> {
    let room = room_of(&state, &caller, &host, &room, Scope::RecordingsRead)?;
    let recording = state.signaling.recordings.view().of_room(&room);
    if recording.is_none() {
        is_there(&state, &room).await?;
    }
    Ok(Json(shown(&state, &room, recording)))
}

fn room_of(
    state: &AppState,
    caller: &Caller,
    host: &Host,
    room: &str,
    scope: Scope,
) -> Result<RoomKey, Problem> {
    caller.needs(scope)?;
    let tenant = caller.tenant_of(&state.tenants, host)?;
    let room = RoomId::parse(room).map_err(|bad| {
        let why = format!("This cannot be the id of a room: {bad}");
        Problem::new(Code::BadRequest, why)
    })?;
    Ok(RoomKey::new(tenant.id.clone(), room))
}

async fn is_there(state: &AppState, room: &RoomKey) -> Result<(), Problem> {
    if state.signaling.recordings.view().is_attended(room) {
        return Ok(());
    }
    let why = format!("There is no room {:?}", room.room.as_str());
    Err(Problem::new(Code::RoomNotFound, why))
}

fn shown(state: &AppState, room: &RoomKey, recording: Option<Recording>) -> Status {
    use protocol::RecordingState::{Recording as Records, Starting};
    let view = state.signaling.recordings.view();
    let records = |one: &Recording| matches!(one.state, Starting | Records);
    let name = |one: &Recording| serde_json::to_value(one.state).unwrap_or(Value::Null);
    Status {
        room_id: room.room.as_str().to_owned(),
        recording: recording.as_ref().is_some_and(records),
        state: recording.as_ref().map_or(Value::Null, name),
        since: recording
            .as_ref()
            .map(|one| Moment(UnixMillis::new(one.since))),
        progress: recording.as_ref().and_then(|one| one.progress),
        delayed: recording.as_ref().and_then(|one| view.delay(&one.id)),
        id: recording.map(|one| one.id),
        unavailable: view.no_recording,
    }
}

fn words(why: NoRecording) -> &'static str {
    match why {
        NoRecording::Off => "Recording is switched off on this server",
        NoRecording::NoBrowser => "This server has no browser to record with",
        NoRecording::NoFfmpeg => "This server has no ffmpeg to make videos with",
        NoRecording::Busy => "As many recordings run as the server can carry",
        NoRecording::DiskFull => "There is too little space left on the disk",
        NoRecording::Unknown => "The server cannot record",
    }
}
