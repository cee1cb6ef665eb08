//! `/api/v1/rooms`: the rooms of a tenant, and planning one.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{AppendHeaders, IntoResponse},
};
use futures::future::try_join_all;
use protocol::RoomId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    page::{PageQuery, cut},
    room::Room,
    settings::{Wished, Wishes},
};
use crate::{
    accounts::Scope,
    api::{
        Caller, Code, Host, Problem, Refusals, RefusalsOfBody,
        extract::{self, Query},
        once::{KeyHeader, Repeats},
        place::Place,
    },
    clock::{Now, UnixMillis},
    db::{NewPin, NewPlan},
    private_rooms::{Pin, random_room_id},
    room::Order,
    room_key::RoomKey,
    router::AppState,
    tenant::Tenant,
    tidying::{PLANS_KEPT, ago},
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(list, plan))
}

/// Rooms, by their ids.
#[derive(Serialize, ToSchema)]
struct Rooms {
    /// The rooms of this page.
    data: Vec<Room>,
    /// The cursor of the next page; null when there is none.
    #[schema(required)]
    next: Option<String>,
}

/// The rooms
///
/// Those with somebody in them and those that are planned, by their ids. Needs
/// `rooms:read`.
#[utoipa::path(
    get,
    path = "/api/v1/rooms",
    operation_id = "list_rooms",
    tag = "Rooms, more of them",
    params(PageQuery),
    responses((status = 200, description = "A page of rooms", body = Rooms), Refusals),
)]
async fn list(
    caller: Caller,
    host: Host,
    State(state): State<AppState>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Rooms>, Problem> {
    caller.needs(Scope::RoomsRead)?;
    let tenant = caller.tenant_of(&state.tenants, &host)?;
    let (limit, after) = (page.limit()?, page.after_text()?);
    let mut ids = ids(&state, &tenant, &after, limit + 1).await?;
    let next = cut(&mut ids, limit, |id| id.as_str().to_owned());
    let keys: Vec<RoomKey> = ids
        .into_iter()
        .map(|id| RoomKey::new(tenant.id.clone(), id))
        .collect();
    let rooms = try_join_all(keys.iter().map(|key| Room::find(&state, key))).await?;
    // a room that has ended meanwhile is none
    let data = rooms.into_iter().flatten().collect();
    Ok(Json(Rooms { data, next }))
}

/// The ids of open and planned rooms after one, in the order of their bytes.
async fn ids(
    state: &AppState,
    tenant: &Arc<Tenant>,
    after: &str,
    most: u32,
) -> Result<Vec<RoomId>, Problem> {
    let planned = state.database.planned_room_ids(&tenant.id, after, most);
    let mut ids = planned.await?;
    let open = state.signaling.registry.list(&tenant.id, after, most).await;
    ids.extend(open.map_err(|stops| Problem::new(Code::Unavailable, stops.to_string()))?);
    ids.sort_unstable();
    ids.dedup();
    ids.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(ids)
}

/// A room to be planned. A field that is not known is refused: a setting beside
/// `settings` would be lost.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewRoom {
    /// The id of the room; without one the server makes up one that cannot be
    /// guessed.
    #[schema(
        min_length = 1,
        max_length = 128,
        pattern = "^[A-Za-z0-9_-]+$",
        example = "lesson-7"
    )]
    room_id: Option<String>,
    /// What is to hold in it.
    #[serde(default)]
    settings: Wishes,
}

/// Plan a room
///
/// What is planned holds as soon as somebody comes in, in this meeting and in
/// each later one, until the room is deleted. 409 when it is planned already or
/// somebody is in it. Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/api/v1/rooms",
    operation_id = "plan_room",
    tag = "Rooms, more of them",
    params(KeyHeader),
    request_body = NewRoom,
    responses(
        (status = 201, description = "It is planned", body = Room,
            headers(("Location" = String, description = "Where it is"))),
        RefusalsOfBody,
        Repeats
    ),
)]
async fn plan(
    caller: Caller,
    host: Host,
    State(state): State<AppState>,
    extract::Json(body): extract::Json<NewRoom>,
) -> Result<impl IntoResponse, Problem> {
    caller.needs(Scope::RoomsWrite)?;
    let tenant = caller.tenant_of(&state.tenants, &host)?;
    let now = Now::read().unix;
    let wished = body.settings.check(now)?;
    let id = match &body.room_id {
        Some(text) => parse(text)?,
        None => random_room_id(),
    };
    let place = Place::new(caller, tenant, id, state.signaling.registry.clone());
    state.database.forget_expired_rooms(ago(PLANS_KEPT)).await?;
    if let Some(found) = Room::find(&state, &place.key).await? {
        return Err(found.in_the_way());
    }
    keep(&state, &place, wished, now).await?;
    let room = Room::find(&state, &place.key).await?;
    let room = room.ok_or_else(|| Problem::new(Code::Conflict, "The room was deleted"))?;
    let location = format!("/api/v1/rooms/{}", place.key.room);
    Ok((
        StatusCode::CREATED,
        AppendHeaders([(header::LOCATION, location)]),
        Json(room),
    ))
}

/// Of two who plan the room at once, one does, with plan and PIN: a room is never
/// there without the PIN that it should have, nor with another one's.
async fn keep(
    state: &AppState,
    place: &Place,
    wished: Wished,
    now: UnixMillis,
) -> Result<(), Problem> {
    // hashing takes its time, so it comes before the transaction
    let new = NewPlan {
        plan: wished.plan.text(),
        expires_at: wished.plan.closes_at.flatten().map(UnixMillis::new),
        pin: hashed(state, wished.pin).await?,
    };
    if !state.database.plan_room(&place.key, &new, now).await? {
        return Err(Problem::new(Code::Conflict, "The room is planned already"));
    }
    // who opened the room meanwhile did so without the plan
    place.order_if_open(Order::Plan(wished.plan)).await?;
    Ok(())
}

#[expect(clippy::option_option, reason = "missing and null are not the same")]
async fn hashed(state: &AppState, pin: Option<Option<Pin>>) -> Result<NewPin, Problem> {
    match pin {
        None => Ok(NewPin::Kept),
        Some(None) => Ok(NewPin::Removed),
        Some(Some(pin)) => {
            let hash = state.private_rooms.hash(pin).await;
            hash.map(NewPin::Hash)
                .map_err(|failure| Problem::internal(&failure))
        }
    }
}

fn parse(text: &str) -> Result<RoomId, Problem> {
    RoomId::parse(text).map_err(|bad| {
        let why = format!("roomId: {bad}");
        Problem::new(Code::BadRequest, why)
    })
}
