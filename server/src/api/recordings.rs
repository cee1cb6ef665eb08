//! `/rooms/:roomId/recording`: starts, stops and shows the recording of a room,
//! with the codes of [`super::rooms`].

use axum::{Json, extract::State};
use protocol::{NoRecording, Recording, StoreTrouble};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Code, Problem, RefusalsOrMissing,
    once::{KeyHeader, Repeats},
    place::{Place, RoomPath},
    rooms::seed,
};
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
/// Somebody has to be in the room, or it is 400. When it is recorded already, that recording
/// is answered: there is one at a time, for both interfaces of the room. Needs
/// the scope `recordings:write`.
#[utoipa::path(
    post,
    path = "/rooms/{roomId}/recording/start",
    tag = "Recordings",
    params(RoomPath, KeyHeader),
    responses(
        (status = 200, description = "It is recorded, or will be in a moment", body = Status),
        (status = 503, description = "This server cannot record now; detail says why",
         body = super::ProblemBody, content_type = "application/problem+json"),
        RefusalsOrMissing,
        Repeats
    ),
)]
async fn start(place: Place, State(state): State<AppState>) -> Result<Json<Status>, Problem> {
    place.caller.needs(Scope::RecordingsWrite)?;
    is_there(&state, &place)?;
    let recordings = &state.signaling.recordings;
    let started = recordings.start(&place.key, StartedBy::Api).await;
    let recording = started.map_err(|why| Problem::new(Code::Unavailable, words(why)))?;
    Ok(Json(shown(&state, &place.key, Some(recording))))
}

/// Stop to record a room
///
/// Its videos follow: see the status, webhooks or the search. 400 when the room
/// is not there, 404 when it is not recorded. Needs the scope
/// `recordings:write`.
#[utoipa::path(
    post,
    path = "/rooms/{roomId}/recording/stop",
    tag = "Recordings",
    params(RoomPath, KeyHeader),
    responses(
        (status = 200, description = "It is not recorded any more", body = Status),
        RefusalsOrMissing,
        Repeats
    ),
)]
async fn stop(place: Place, State(state): State<AppState>) -> Result<Json<Status>, Problem> {
    place.caller.needs(Scope::RecordingsWrite)?;
    match state.signaling.recordings.stop(&place.key).await {
        Some(recording) => Ok(Json(shown(&state, &place.key, Some(recording)))),
        None => {
            is_there(&state, &place)?;
            Err(Problem::new(Code::NotFound, "The room is not recorded"))
        }
    }
}

/// See the recording of a room
///
/// 400 when the room is not there. Needs the scope `recordings:read`.
#[utoipa::path(
    get,
    path = "/rooms/{roomId}/recording",
    tag = "Recordings",
    params(RoomPath),
    responses(
        (status = 200, description = "The recording, or that there is none", body = Status),
        RefusalsOrMissing
    ),
)]
async fn status(place: Place, State(state): State<AppState>) -> Result<Json<Status>, Problem> {
    place.caller.needs(Scope::RecordingsRead)?;
    let recording = state.signaling.recordings.view().of_room(&place.key);
    if recording.is_none() {
        is_there(&state, &place)?;
    }
    Ok(Json(shown(&state, &place.key, recording)))
}

/// As all of the reference product's endpoints of rooms have it: 400.
fn is_there(state: &AppState, place: &Place) -> Result<(), Problem> {
    match state.signaling.recordings.view().is_attended(&place.key) {
        true => Ok(()),
        false => Err(seed(place.no_room())),
    }
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
