//! `/api/v1/rooms/{roomId}/waiting`: who waits to be let in.

use axum::{Json, http::StatusCode};
use protocol::{Moderation, PeerId};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::page::{PageQuery, cut};
use crate::{
    accounts::Scope,
    api::{
        Problem, RefusalsOrMissing,
        extract::{Path, Query},
        once::{KeyHeader, Repeats},
        place::{PeerPath, Place, RoomPath},
    },
    clock::UnixMillis,
    room::{Order, Reply},
    router::AppState,
    token::Moment,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(list))
        .routes(routes!(admit))
        .routes(routes!(admit_all))
        .routes(routes!(reject))
        .routes(routes!(reject_all))
}

/// Somebody who waits.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Waiter {
    /// Their id.
    peer_id: String,
    /// Their name; may be empty.
    display_name: String,
    /// Since when they wait.
    #[schema(value_type = String, format = DateTime)]
    since: Moment,
    /// They were removed from this meeting before.
    removed_before: bool,
}

/// Those who wait, in the order of coming.
#[derive(Serialize, ToSchema)]
struct Waiters {
    /// Those of this page.
    data: Vec<Waiter>,
    /// The cursor of the next page; null when there is none.
    #[schema(required)]
    next: Option<String>,
}

/// Who waits
///
/// In the order of coming. Needs `rooms:read`.
#[utoipa::path(
    get,
    path = "/api/v1/rooms/{roomId}/waiting",
    operation_id = "list_waiting",
    tag = "People in rooms",
    params(RoomPath, PageQuery),
    responses((status = 200, description = "A page of people", body = Waiters), RefusalsOrMissing),
)]
async fn list(place: Place, Query(page): Query<PageQuery>) -> Result<Json<Waiters>, Problem> {
    place.caller.needs(Scope::RoomsRead)?;
    let (limit, after) = (page.limit()?, page.after_place()?);
    let most = usize::try_from(limit + 1).unwrap_or(usize::MAX);
    let Reply::Waiting(mut waiting) = place.order(Order::Waiting { after, most }).await? else {
        return Err(Problem::internal(&"the room answered another question"));
    };
    let next = cut(&mut waiting, limit, |(place, _)| place.to_string());
    let told = waiting.into_iter().map(|(_, waiting)| Waiter {
        peer_id: waiting.id.as_str().to_owned(),
        display_name: waiting.display_name.as_str().to_owned(),
        since: Moment(UnixMillis::new(waiting.since)),
        removed_before: waiting.removed_before,
    });
    let data = told.collect();
    Ok(Json(Waiters { data, next }))
}

/// Let somebody in
///
/// 409 when the room is full. Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/api/v1/rooms/{roomId}/waiting/{peerId}/admit",
    operation_id = "admit_one",
    tag = "People in rooms",
    params(PeerPath, KeyHeader),
    responses((status = 204, description = "They are in"), RefusalsOrMissing, Repeats),
)]
async fn admit(place: Place, Path(path): Path<PeerPath>) -> Result<StatusCode, Problem> {
    let_in(&place, Some(path.peer()?)).await
}

/// Let all in
///
/// For whom there is space. Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/api/v1/rooms/{roomId}/waiting/admit",
    operation_id = "admit_all",
    tag = "People in rooms",
    params(RoomPath, KeyHeader),
    responses((status = 204, description = "They are in"), RefusalsOrMissing, Repeats),
)]
async fn admit_all(place: Place) -> Result<StatusCode, Problem> {
    let_in(&place, None).await
}

/// Turn somebody away
///
/// Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/api/v1/rooms/{roomId}/waiting/{peerId}/reject",
    operation_id = "reject_one",
    tag = "People in rooms",
    params(PeerPath, KeyHeader),
    responses((status = 204, description = "They are away"), RefusalsOrMissing, Repeats),
)]
async fn reject(place: Place, Path(path): Path<PeerPath>) -> Result<StatusCode, Problem> {
    send_home(&place, Some(path.peer()?)).await
}

/// Turn all away
///
/// Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/api/v1/rooms/{roomId}/waiting/reject",
    operation_id = "reject_all",
    tag = "People in rooms",
    params(RoomPath, KeyHeader),
    responses((status = 204, description = "They are away"), RefusalsOrMissing, Repeats),
)]
async fn reject_all(place: Place) -> Result<StatusCode, Problem> {
    send_home(&place, None).await
}

async fn let_in(place: &Place, peer: Option<PeerId>) -> Result<StatusCode, Problem> {
    place.caller.needs(Scope::RoomsWrite)?;
    place
        .order(Order::Moderate(Moderation::Admit { peer }))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn send_home(place: &Place, peer: Option<PeerId>) -> Result<StatusCode, Problem> {
    place.caller.needs(Scope::RoomsWrite)?;
    place
        .order(Order::Moderate(Moderation::Reject { peer }))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
