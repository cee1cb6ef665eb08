//! `/streaming/statistics/peers…` as the reference product has them, and the
//! attendance list.

use std::sync::Arc;

use axum::{
    Json,
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
    routing::get,
};
use protocol::RoomId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Caller, Code, Host, Problem, Refusals, RefusalsOrMissing,
    extract::{Path, Query},
};
use crate::{
    accounts::Scope,
    db::Database,
    room_key::RoomKey,
    router::AppState,
    statistics::{Period, Session, Summary, attendance},
    tenant::Tenants,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default()
        .routes(routes!(summary))
        .routes(routes!(peers))
        .routes(routes!(attendance_list))
        // the reference product's own examples have it both ways
        .route("/streaming/statistics/peers/summary/", get(summary))
        .route("/streaming/statistics/peers", get(peers))
}

/// A room and a span of time.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// The room's id.
    #[param(example = "lesson-1", min_length = 1, max_length = 128)]
    room_id: String,
    /// The beginning: ISO 8601 (without a zone it is UTC), or seconds since
    /// 1970-01-01 UTC.
    #[param(example = "2021-06-21T00:00:00.0Z")]
    from: String,
    /// The end, in the same way; not before the beginning.
    #[param(example = "2021-06-22T23:59:59.99Z")]
    to: String,
}

/// What the reference product wraps its answers in.
#[derive(Serialize, ToSchema)]
struct Answer<T> {
    data: T,
    /// Empty: what is wrong comes with another status.
    errors: Vec<String>,
}

/// A room in a span of time.
#[derive(Serialize, ToSchema)]
struct SummaryBody {
    /// How many different people were there.
    #[schema(example = 3)]
    participants: u64,
    /// Since when somebody was there: seconds since 1970-01-01 UTC.
    #[schema(example = 1_624_268_280)]
    start_time: u64,
    /// Until when somebody was there: seconds since 1970-01-01 UTC.
    #[schema(example = 1_624_358_940)]
    end_time: u64,
    /// For how many seconds somebody was there, pauses between not counted.
    #[schema(example = 7_200)]
    duration: u64,
}

/// Somebody's visit.
#[derive(Serialize, ToSchema)]
struct SessionBody {
    /// Their id.
    #[schema(example = "peer2")]
    person_id: String,
    /// When they came: seconds since 1970-01-01 UTC.
    #[schema(example = 1_624_268_640)]
    join_time: u64,
    /// When they left, or were last seen: seconds since 1970-01-01 UTC.
    #[schema(example = 1_624_269_300)]
    leave_time: u64,
    /// How many seconds that is.
    #[schema(example = 660)]
    duration: u64,
}

impl<T> From<T> for Answer<T> {
    fn from(data: T) -> Self {
        let errors = Vec::new();
        Self { data, errors }
    }
}

impl From<Summary> for SummaryBody {
    fn from(summary: Summary) -> Self {
        Self {
            participants: summary.participants,
            start_time: summary.start,
            end_time: summary.end,
            duration: summary.active,
        }
    }
}

impl From<Session> for SessionBody {
    fn from(session: Session) -> Self {
        Self {
            duration: session.duration(),
            person_id: session.peer,
            join_time: session.join,
            leave_time: session.leave,
        }
    }
}

/// A room in a span of time
///
/// How many different people were in a room between two moments, and for how
/// long anybody was there. What lies outside is cut off. 404 when nobody was.
/// The same with a slash at the end. Needs `statistics:read`.
#[utoipa::path(
    get,
    path = "/streaming/statistics/peers/summary",
    tag = "Statistics",
    params(Asked),
    responses(
        (status = 200, description = "The figures", body = Answer<SummaryBody>),
        RefusalsOrMissing,
    ),
)]
async fn summary(
    caller: Caller,
    host: Host,
    State(tenants): State<Arc<Tenants>>,
    State(database): State<Database>,
    Query(asked): Query<Asked>,
) -> Result<Json<Answer<SummaryBody>>, Problem> {
    let sessions = sessions(&caller, &host, &tenants, &database, &asked).await?;
    let summary = Summary::of(&sessions).ok_or_else(nothing)?;
    Ok(Json(SummaryBody::from(summary).into()))
}

/// The visits in a span of time
///
/// Who was in a room between two moments, each visit by itself, in the order in
/// which they began. What lies outside is cut off. 404 when there is none. The
/// same without the slash at the end. Needs `statistics:read`.
#[utoipa::path(
    get,
    path = "/streaming/statistics/peers/",
    tag = "Statistics",
    params(Asked),
    responses(
        (status = 200, description = "The visits", body = Answer<Vec<SessionBody>>),
        RefusalsOrMissing,
    ),
)]
async fn peers(
    caller: Caller,
    host: Host,
    State(tenants): State<Arc<Tenants>>,
    State(database): State<Database>,
    Query(asked): Query<Asked>,
) -> Result<Json<Answer<Vec<SessionBody>>>, Problem> {
    let sessions = sessions(&caller, &host, &tenants, &database, &asked).await?;
    if sessions.is_empty() {
        return Err(nothing());
    }
    let all: Vec<SessionBody> = sessions.into_iter().map(SessionBody::from).collect();
    Ok(Json(all.into()))
}

async fn sessions(
    caller: &Caller,
    host: &Host,
    tenants: &Tenants,
    database: &Database,
    asked: &Asked,
) -> Result<Vec<Session>, Problem> {
    let room = room(caller, host, tenants, &asked.room_id)?;
    let period = period(Some(&asked.from), Some(&asked.to))?;
    let visits = database.visits(&room, period).await?;
    let sessions = visits.into_iter();
    Ok(sessions
        .filter_map(|visit| Session::of(visit, period))
        .collect())
}

fn room(caller: &Caller, host: &Host, tenants: &Tenants, id: &str) -> Result<RoomKey, Problem> {
    caller.needs(Scope::StatisticsRead)?;
    let tenant = caller.tenant_of(tenants, host)?;
    let room = RoomId::parse(id).map_err(|bad| bad_request(&format!("The room's id: {bad}")))?;
    Ok(RoomKey::new(tenant.id.clone(), room))
}

fn period(from: Option<&str>, to: Option<&str>) -> Result<Period, Problem> {
    Period::read(from, to).map_err(|bad| bad_request(&bad.to_string()))
}

fn bad_request(why: &str) -> Problem {
    Problem::new(Code::BadRequest, why)
}

fn nothing() -> Problem {
    let why = "Nobody was in this room at that time, or it is not kept any more";
    Problem::new(Code::NotFound, why)
}

/// A span of time whose ends may be open.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Span {
    /// The beginning: ISO 8601 (without a zone it is UTC), or seconds since
    /// 1970-01-01 UTC. Default: whatever is kept.
    #[param(example = "2021-06-21T00:00:00.0Z")]
    from: Option<String>,
    /// The end, in the same way. Default: now.
    #[param(example = "2021-06-22T23:59:59.99Z")]
    to: Option<String>,
}

/// Attendance as CSV
///
/// All visits of a room that touch a span of time, with names, roles and times:
/// first who left, in that order, then who is still there, without a
/// `leave_time`. Only the first line when nobody was there. RFC 4180, UTF-8,
/// with a first line of names; what a spreadsheet would take for a formula has
/// an apostrophe before it. Needs `statistics:read`.
#[utoipa::path(
    get,
    path = "/api/v1/rooms/{roomId}/attendance.csv",
    tag = "Statistics",
    params(("roomId" = String, Path, description = "The room's id", example = "lesson-1"), Span),
    responses(
        (status = 200, description = "The list", body = String, content_type = "text/csv"),
        Refusals,
    ),
)]
async fn attendance_list(
    caller: Caller,
    host: Host,
    State(tenants): State<Arc<Tenants>>,
    State(database): State<Database>,
    Path(id): Path<String>,
    Query(span): Query<Span>,
) -> Result<Response, Problem> {
    let room = room(&caller, &host, &tenants, &id)?;
    let period = period(span.from.as_deref(), span.to.as_deref())?;
    let list = attendance(&database, &room, period).await?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8; header=present"),
        ),
        (
            header::CONTENT_DISPOSITION,
            HeaderValue::from_static("attachment; filename=\"attendance.csv\""),
        ),
    ];
    Ok((headers, Body::from_stream(list)).into_response())
}
