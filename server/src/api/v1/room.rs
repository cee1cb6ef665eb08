//! `/api/v1/rooms/{roomId}`: one room, open or planned or both.

use axum::{Json, extract::State, http::StatusCode};
use protocol::{Moderation, Source};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::settings::{Settings, Wishes};
use crate::{
    accounts::Scope,
    api::{
        AllRefusals, Code, Problem, RefusalsOrMissing, extract,
        once::{KeyHeader, Repeats},
        place::{Place, RoomPath},
    },
    clock::{Now, UnixMillis},
    db::PlannedRoom,
    private_rooms::Pin,
    room::{Order, Plan, RoomReport},
    room_key::RoomKey,
    router::AppState,
    token::Moment,
};

/// How often a change is tried that others get in the way of.
const TRIES: usize = 8;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(read, change, delete))
        .routes(routes!(end))
        .routes(routes!(mute))
}

/// A room.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Room {
    /// Its id.
    room_id: String,
    /// Somebody is in it or waits to be let in.
    open: bool,
    /// When the meeting that goes on began; null when none does.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    opened_at: Option<Moment>,
    /// Who is there; null when nobody is.
    #[schema(required)]
    people: Option<People>,
    /// What holds in it now; else what is planned.
    settings: Settings,
    /// It was planned: its settings outlive the meeting.
    planned: bool,
    /// When it was planned; null when it was not.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    created_at: Option<Moment>,
    /// From when on nobody new comes in; null is never.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    expires_at: Option<Moment>,
    /// A PIN is asked for at the door.
    has_pin: bool,
}

/// How many are in a room.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RoomPeople)]
struct People {
    /// On stage, moderators included.
    on_stage: u64,
    /// Those of them who lead.
    moderators: u64,
    /// Those who watch.
    viewers: u64,
    /// Those who wait to be let in.
    waiting: u64,
}

impl From<&RoomReport> for People {
    fn from(report: &RoomReport) -> Self {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        Self {
            on_stage: number(report.on_stage),
            moderators: number(report.moderators),
            viewers: report.viewers.into(),
            waiting: number(report.waiting),
        }
    }
}

impl Room {
    /// The room, if it is open or planned.
    pub(super) async fn find(state: &AppState, key: &RoomKey) -> Result<Option<Self>, Problem> {
        let door = state.signaling.registry.find(key).await;
        let door = door.map_err(|stops| Problem::new(Code::Unavailable, stops.to_string()))?;
        let report = match door {
            Some(door) => door.inspect().await.filter(|report| !report.over),
            None => None,
        };
        let planned = state.database.planned_room(key).await?;
        if report.is_none() && planned.is_none() {
            return Ok(None);
        }
        let has_pin = state.database.room_pin(key).await?.is_some();
        Ok(Some(Self::new(key, report.as_ref(), planned, has_pin)))
    }

    fn new(
        key: &RoomKey,
        report: Option<&RoomReport>,
        planned: Option<PlannedRoom>,
        has_pin: bool,
    ) -> Self {
        let plan = planned.as_ref().map(|room| Plan::read(&room.plan));
        let plan = plan.unwrap_or_default();
        let settings = report.map(|report| Settings::from(&report.settings));
        Self {
            room_id: key.room.as_str().to_owned(),
            open: report.is_some(),
            opened_at: report.map(|report| Moment(report.created_at)),
            people: report.map(People::from),
            settings: settings.unwrap_or_else(|| Settings::from(&plan)),
            planned: planned.is_some(),
            created_at: planned.map(|room| Moment(room.created_at)),
            expires_at: plan
                .closes_at
                .flatten()
                .map(|at| Moment(UnixMillis::new(at))),
            has_pin,
        }
    }

    /// Why another one of the name cannot be planned.
    pub(super) fn in_the_way(&self) -> Problem {
        let why = match self.planned {
            true => "The room is planned already",
            false => "Somebody is in the room",
        };
        Problem::new(Code::Conflict, why)
    }
}

/// A room
///
/// Needs `rooms:read`.
#[utoipa::path(
    get,
    path = "/api/v1/rooms/{roomId}",
    operation_id = "read_room",
    tag = "Rooms, more of them",
    params(RoomPath),
    responses((status = 200, description = "The room", body = Room), RefusalsOrMissing),
)]
async fn read(place: Place, State(state): State<AppState>) -> Result<Json<Room>, Problem> {
    place.caller.needs(Scope::RoomsRead)?;
    let found = Room::find(&state, &place.key).await?;
    found.map(Json).ok_or_else(|| place.no_room())
}

/// Change a room
///
/// Locks it or opens it, switches the waiting room, allows and forbids sources,
/// sets limits, PIN and time. It holds at once for a meeting that goes on, and
/// for later ones if the room is planned; a PIN or a time needs a planned room.
/// Needs `rooms:write`.
#[utoipa::path(
    patch,
    path = "/api/v1/rooms/{roomId}",
    operation_id = "change_room",
    tag = "Rooms, more of them",
    params(RoomPath, KeyHeader),
    request_body = Wishes,
    responses((status = 200, description = "As it is now", body = Room), AllRefusals, Repeats),
)]
async fn change(
    place: Place,
    State(state): State<AppState>,
    extract::Json(wishes): extract::Json<Wishes>,
) -> Result<Json<Room>, Problem> {
    place.caller.needs(Scope::RoomsWrite)?;
    let wished = wishes.check(Now::read().unix)?;
    let is_planned = change_plan(&state, &place.key, &wished.plan).await?;
    if !is_planned && (wished.pin.is_some() || wished.plan.closes_at.is_some()) {
        return match place.look().await? {
            Some(_) => Err(Problem::new(
                Code::Conflict,
                "A PIN or a time needs a planned room",
            )),
            None => Err(place.no_room()),
        };
    }
    if let Some(pin) = wished.pin {
        set_pin(&state, &place.key, pin).await?;
    }
    let is_open = place.order_if_open(Order::Plan(wished.plan)).await?;
    if !is_open && !is_planned {
        return Err(place.no_room());
    }
    let found = Room::find(&state, &place.key).await?;
    found.map(Json).ok_or_else(|| place.no_room())
}

/// Changes what is planned, if anything is. Of two changes at once none is lost.
async fn change_plan(state: &AppState, key: &RoomKey, change: &Plan) -> Result<bool, Problem> {
    for _ in 0..TRIES {
        let Some(planned) = state.database.planned_room(key).await? else {
            return Ok(false);
        };
        let plan = Plan::read(&planned.plan).changed(change);
        let closes_at = plan.closes_at.flatten().map(UnixMillis::new);
        let texts = (planned.plan.as_str(), plan.text());
        let now = Now::read().unix;
        let texts = (texts.0, texts.1.as_str());
        if state
            .database
            .change_plan(key, texts, closes_at, now)
            .await?
        {
            return Ok(true);
        }
    }
    Err(Problem::new(Code::Unavailable, "Others change the room"))
}

/// Gives a room a PIN or takes it away.
async fn set_pin(state: &AppState, key: &RoomKey, pin: Option<Pin>) -> Result<(), Problem> {
    let set = state
        .private_rooms
        .set_pin(key, pin, Now::read().unix)
        .await;
    set.map_err(|failure| Problem::internal(&failure))
}

/// Delete a room
///
/// Forgets what was planned, with the PIN, and ends the meeting that goes on.
/// Needs `rooms:write`.
#[utoipa::path(
    delete,
    path = "/api/v1/rooms/{roomId}",
    operation_id = "delete_room",
    tag = "Rooms, more of them",
    params(RoomPath, KeyHeader),
    responses((status = 204, description = "It is gone"), RefusalsOrMissing, Repeats),
)]
async fn delete(place: Place, State(state): State<AppState>) -> Result<StatusCode, Problem> {
    place.caller.needs(Scope::RoomsWrite)?;
    let was_planned = state.database.forget_planned_room(&place.key).await?;
    let was_open = place
        .order_if_open(Order::Moderate(Moderation::End))
        .await?;
    match was_planned || was_open {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(place.no_room()),
    }
}

/// End a meeting
///
/// For everybody, those included who wait. A planned room stays planned. Needs
/// `rooms:write`.
#[utoipa::path(
    post,
    path = "/api/v1/rooms/{roomId}/end",
    operation_id = "end_meeting",
    tag = "Rooms, more of them",
    params(RoomPath, KeyHeader),
    responses((status = 204, description = "It is over"), RefusalsOrMissing, Repeats),
)]
async fn end(place: Place) -> Result<StatusCode, Problem> {
    place.caller.needs(Scope::RoomsWrite)?;
    place.order(Order::Moderate(Moderation::End)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Something that people switch on.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) enum SourceName {
    /// The microphone.
    Microphone,
    /// The camera.
    Camera,
    /// The screen, with its sound.
    Screen,
}

impl From<SourceName> for Source {
    fn from(name: SourceName) -> Self {
        match name {
            SourceName::Microphone => Self::Microphone,
            SourceName::Camera => Self::Camera,
            SourceName::Screen => Self::Screen,
        }
    }
}

/// What is to be switched off or on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WhichSource {
    /// Which source.
    pub(super) source: SourceName,
}

/// Switch a source of everybody off
///
/// Of all who are no moderators. They may switch it on again; to forbid it,
/// change `allowed` of the room. Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/api/v1/rooms/{roomId}/mute",
    operation_id = "mute_all",
    tag = "Rooms, more of them",
    params(RoomPath, KeyHeader),
    request_body = WhichSource,
    responses((status = 204, description = "It is off"), AllRefusals, Repeats),
)]
async fn mute(
    place: Place,
    extract::Json(body): extract::Json<WhichSource>,
) -> Result<StatusCode, Problem> {
    place.caller.needs(Scope::RoomsWrite)?;
    let source = body.source.into();
    let peer = None;
    let order = Order::Moderate(Moderation::TurnOff { source, peer });
    place.order(order).await?;
    Ok(StatusCode::NO_CONTENT)
}
