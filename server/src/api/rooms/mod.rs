//! Rooms as the reference product has them: its paths, bodies and codes.
//!
//! A room is there while somebody is in it or waits to be let in. By the
//! reference product's table a room or participant that is not there is 400,
//! and an id that no room can have is 404. Where it shows no answer, it is the
//! plainest JSON.

mod peers;

use axum::{
    Json,
    extract::Request,
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use protocol::Moderation;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Code, Problem, RefusalsOrMissing,
    place::{Place, RoomPath},
};
use crate::{accounts::Scope, clock::Now, room::Order, router::AppState};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    let acting = OpenApiRouter::default().routes(routes!(close));
    OpenApiRouter::default()
        .merge(acting.route_layer(from_fn(no_head)))
        .routes(routes!(duration))
        .routes(routes!(exists))
        .routes(routes!(count))
        .merge(peers::routes())
}

/// For a GET that acts. A HEAD is sent by what only looks whether something is
/// there, such as checkers of links (RFC 9110, 9.2.1): it must end no meeting.
async fn no_head(request: Request, next: Next) -> Response {
    if *request.method() != Method::HEAD {
        return next.run(request).await;
    }
    let why = "This address acts, so it is asked for by GET alone";
    let mut refused = Problem::new(Code::MethodNotAllowed, why).into_response();
    let get = HeaderValue::from_static("GET");
    refused.headers_mut().insert(header::ALLOW, get);
    refused
}

/// A room or participant that is not there is 400 here.
pub(super) fn seed(problem: Problem) -> Problem {
    match problem.code() {
        Code::RoomNotFound | Code::PeerNotFound => problem.with_status(StatusCode::BAD_REQUEST),
        _ => problem,
    }
}

/// That something was closed.
#[derive(Serialize, ToSchema)]
struct Closed {
    /// Always true.
    #[schema(example = true)]
    closed: bool,
}

/// Whether something is there.
#[derive(Serialize, ToSchema)]
struct Exists {
    /// Whether it is there.
    exists: bool,
}

/// How long a room has been there.
#[derive(Serialize, ToSchema)]
#[schema(title = "BroadcastDuration")]
struct BroadcastDuration {
    /// Whole seconds since the room was made by its first participant.
    #[schema(example = 754)]
    duration: u64,
}

/// How many are in a room.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NumberPeers {
    /// Participants, moderators, interpreters and viewers; not those who wait.
    #[schema(example = 3)]
    number_peers: u64,
}

/// Close a room
///
/// Ends the meeting for everybody, those included who wait. What is planned for
/// the room stays. Needs `rooms:write`. It is a GET because the reference
/// product has it so; nothing may keep the answer.
#[utoipa::path(
    get,
    path = "/rooms/{roomId}/closeRoom",
    operation_id = "close_room",
    tag = "Rooms",
    params(RoomPath),
    responses((status = 200, description = "It is closed", body = Closed), RefusalsOrMissing),
)]
async fn close(place: Place) -> Result<Json<Closed>, Problem> {
    place.caller.needs(Scope::RoomsWrite)?;
    let end = Order::Moderate(Moderation::End);
    place.order(end).await.map_err(seed)?;
    Ok(Json(Closed { closed: true }))
}

/// How long a room exists
///
/// 400 when it is not there. Needs `rooms:read`.
#[utoipa::path(
    get,
    path = "/rooms/{roomId}/durationOfBroadcast",
    operation_id = "duration_of_broadcast",
    tag = "Rooms",
    params(RoomPath),
    responses(
        (status = 200, description = "How long it has been there", body = BroadcastDuration),
        RefusalsOrMissing
    ),
)]
async fn duration(place: Place) -> Result<Json<BroadcastDuration>, Problem> {
    place.caller.needs(Scope::RoomsRead)?;
    let report = place.report().await.map_err(seed)?;
    let now = Now::read().unix.get();
    Ok(Json(BroadcastDuration {
        duration: now.saturating_sub(report.created_at.get()) / 1_000,
    }))
}

/// Whether a room exists
///
/// It does while somebody is in it or waits to be let in. Needs `rooms:read`.
#[utoipa::path(
    get,
    path = "/rooms/{roomId}/exists",
    operation_id = "room_exists",
    tag = "Rooms",
    params(RoomPath),
    responses((status = 200, description = "Whether it does", body = Exists), RefusalsOrMissing),
)]
async fn exists(place: Place) -> Result<Json<Exists>, Problem> {
    place.caller.needs(Scope::RoomsRead)?;
    let exists = place.look().await?.is_some();
    Ok(Json(Exists { exists }))
}

/// How many are in a room
///
/// 400 when it is not there. Needs `rooms:read`.
#[utoipa::path(
    get,
    path = "/rooms/{roomId}/numberPeers",
    operation_id = "number_peers",
    tag = "Rooms",
    params(RoomPath),
    responses((status = 200, description = "How many", body = NumberPeers), RefusalsOrMissing),
)]
async fn count(place: Place) -> Result<Json<NumberPeers>, Problem> {
    place.caller.needs(Scope::RoomsRead)?;
    let report = place.report().await.map_err(seed)?;
    let on_stage = u64::try_from(report.on_stage).unwrap_or(u64::MAX);
    Ok(Json(NumberPeers {
        number_peers: on_stage.saturating_add(report.viewers.into()),
    }))
}
