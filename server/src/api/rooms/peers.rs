//! Participants as the reference product has them.

use axum::Json;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Closed, Exists, seed};
use crate::{
    accounts::Scope,
    api::{
        AllRefusals, Code, Problem, RefusalsOrMissing,
        extract::{self, Path},
        once::{KeyHeader, Repeats},
        place::{PeerPath, Place, RoomPath, peer},
    },
    room::Order,
    router::AppState,
};

#[expect(deprecated, reason = "it is so for callers")]
pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(close))
        .routes(routes!(existing))
        .routes(routes!(existing_by_body))
}

/// A participant.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Peer {
    /// The participant's id.
    #[schema(min_length = 1, max_length = 128, example = "ada-7Q4m")]
    peer_id: String,
}

/// Remove a participant
///
/// Ends their participation: their page says so and does not come back by
/// itself. They may join again; who shall not is removed by
/// `DELETE /api/v1/rooms/{roomId}/participants/{peerId}`. 400 when the room or
/// the participant is not there. Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/rooms/{roomId}/closePeer",
    operation_id = "close_peer",
    tag = "Rooms",
    params(RoomPath, KeyHeader),
    request_body = Peer,
    responses((status = 200, description = "They are out", body = Closed), AllRefusals, Repeats),
)]
async fn close(
    place: Place,
    extract::Json(body): extract::Json<Peer>,
) -> Result<Json<Closed>, Problem> {
    place.caller.needs(Scope::RoomsWrite)?;
    let peer = peer(&body.peer_id).map_err(seed)?;
    place.order(Order::Close(peer)).await.map_err(seed)?;
    Ok(Json(Closed { closed: true }))
}

/// Whether a participant is in a room
///
/// 400 when the room is not there. Needs `rooms:read`.
#[utoipa::path(
    get,
    path = "/rooms/{roomId}/existingPeer/{peerId}",
    operation_id = "existing_peer",
    tag = "Rooms",
    params(PeerPath),
    responses((status = 200, description = "Whether they are", body = Exists), RefusalsOrMissing),
)]
async fn existing(place: Place, Path(path): Path<PeerPath>) -> Result<Json<Exists>, Problem> {
    is_there(&place, path.peer()).await
}

/// Whether a participant is in a room, asked by a body
///
/// As `GET /rooms/{roomId}/existingPeer/{peerId}`, which replaces it.
#[utoipa::path(
    post,
    path = "/rooms/{roomId}/existingPeer",
    operation_id = "existing_peer_by_body",
    tag = "Rooms",
    params(RoomPath, KeyHeader),
    request_body = Peer,
    responses((status = 200, description = "Whether they are", body = Exists), AllRefusals, Repeats),
)]
#[deprecated]
async fn existing_by_body(
    place: Place,
    extract::Json(body): extract::Json<Peer>,
) -> Result<Json<Exists>, Problem> {
    is_there(&place, peer(&body.peer_id)).await
}

async fn is_there(
    place: &Place,
    peer: Result<protocol::PeerId, Problem>,
) -> Result<Json<Exists>, Problem> {
    place.caller.needs(Scope::RoomsRead)?;
    let exists = match peer {
        Ok(peer) => match place.order(Order::Person(peer)).await {
            Ok(_) => true,
            Err(problem) if problem.code() == Code::PeerNotFound => false,
            Err(problem) => return Err(seed(problem)),
        },
        Err(_) => {
            place.report().await.map_err(seed)?;
            false
        }
    };
    Ok(Json(Exists { exists }))
}
