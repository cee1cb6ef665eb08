//! `POST /chat/clear-rooms`, as the reference product has it.

use axum::{Json, extract::State};
use protocol::{RoomId, RoomKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Caller, Code, Host, Problem, RefusalsOfBody, extract,
    once::{KeyHeader, Repeats},
    place::InterfaceName,
};
use crate::{
    accounts::Scope,
    room::{Order, OrderRefused},
    room_key::RoomKey,
    router::AppState,
    tenant::{Tenants, host},
};

/// The most rooms of one request.
const ROOMS_MAX: usize = 1_000;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(clear))
}

/// Whose chats are to be cleared.
#[derive(Deserialize, ToSchema)]
struct ClearRooms {
    /// The tenant's host; that of the request when it is missing. 400 when it is
    /// none of this server's.
    #[schema(example = "meet.example.org")]
    hostname: Option<String>,
    /// The rooms.
    #[schema(min_items = 1, max_items = 1_000)]
    rooms: Vec<ClearRoom>,
}

/// A room whose chat is to be cleared.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ClearRoom {
    /// The room's id.
    #[schema(min_length = 1, max_length = 128, example = "lesson-7")]
    room_id: String,
    /// Which interface it has. Here a room has one chat for both.
    #[serde(rename = "type")]
    #[schema(value_type = Option<InterfaceName>)]
    _kind: Option<RoomKind>,
}

/// Whose chats were cleared.
#[derive(Serialize, ToSchema)]
#[schema(as = ClearedRooms)]
struct Deleted {
    /// The rooms that had a chat, in the order of the request.
    #[schema(example = json!(["lesson-7"]))]
    deleted: Vec<String>,
}

/// Clear chats
///
/// Everything that was written in these rooms so far is gone: for those present,
/// whose pages show it, for those to come, and in the database. Rooms that are
/// not there have no chat and are not in the answer. Needs `chat:write`.
#[utoipa::path(
    post,
    path = "/chat/clear-rooms",
    operation_id = "clear_rooms",
    tag = "Rooms",
    params(KeyHeader),
    request_body = ClearRooms,
    responses(
        (status = 200, description = "It is cleared", body = Deleted),
        RefusalsOfBody,
        Repeats
    ),
)]
async fn clear(
    caller: Caller,
    request_host: Host,
    State(state): State<AppState>,
    extract::Json(body): extract::Json<ClearRooms>,
) -> Result<Json<Deleted>, Problem> {
    caller.needs(Scope::ChatWrite)?;
    let named = match body.hostname.as_deref() {
        Some(name) => known(name, &request_host, &state.tenants)?,
        None => request_host,
    };
    let tenant = caller.tenant_of(&state.tenants, &named)?;
    let rooms = ids(&body.rooms)?;
    let mut deleted = Vec::new();
    for room in rooms {
        let key = RoomKey::new(tenant.id.clone(), room);
        if clear_one(&state, &key).await? {
            deleted.push(key.room.as_str().to_owned());
        }
    }
    Ok(Json(Deleted { deleted }))
}

/// A host as a Host header has it; which tenant that is, is asked as there. A
/// mistyped one must not clear the chats of the tenant that takes all others: it
/// has to be a name of this server's, or that of the request itself.
fn known(name: &str, request_host: &Host, tenants: &Tenants) -> Result<Host, Problem> {
    let name = host::name_of(name);
    if !host::is_name(&name) {
        let why = format!("{name:?} is no host");
        return Err(Problem::new(Code::BadRequest, why));
    }
    let own = request_host.0.as_deref().map(host::name_of);
    if own.as_ref() == Some(&name) || tenants.knows(&name) {
        return Ok(Host(Some(name)));
    }
    let why = format!("No tenant of this server has the host {name:?}");
    Err(Problem::new(Code::BadRequest, why))
}

/// All of them are checked before anything is done.
fn ids(rooms: &[ClearRoom]) -> Result<Vec<RoomId>, Problem> {
    if rooms.is_empty() || rooms.len() > ROOMS_MAX {
        let why = format!("1 to {ROOMS_MAX} rooms are cleared at a time");
        return Err(Problem::new(Code::BadRequest, why));
    }
    let parse = |room: &ClearRoom| {
        RoomId::parse(&room.room_id).map_err(|bad| {
            let why = format!("{:?} can be no room: {bad}", room.room_id);
            Problem::new(Code::BadRequest, why)
        })
    };
    rooms.iter().map(parse).collect()
}

/// A room that is there clears its chat itself. One that a stopped server left,
/// and that nobody has entered yet, has it in the database alone.
async fn clear_one(state: &AppState, room: &RoomKey) -> Result<bool, Problem> {
    let was_stored = state.database.room_created_at(room).await?.is_some();
    for _ in 0..2 {
        let found = state.signaling.registry.find(room).await;
        let found = found.map_err(|stops| Problem::new(Code::Unavailable, stops.to_string()))?;
        if let Some(door) = found {
            match door.order(Order::ClearChat).await {
                Ok(_) => return Ok(true),
                Err(OrderRefused::Gone) => {}
                Err(OrderRefused::Refused { why, .. }) => {
                    return Err(Problem::new(Code::Unavailable, why));
                }
            }
        }
        // whoever opened the room meanwhile may have read the chat before
        state.database.clear_chat(room).await?;
    }
    Ok(was_stored)
}
