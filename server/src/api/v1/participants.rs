//! `/api/v1/rooms/{roomId}/participants`: who has a seat.

use axum::{Json, http::StatusCode};
use protocol::{Moderation, Participant, Role, Source};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    page::{PageQuery, cut},
    room::WhichSource,
    settings::Sources,
};
use crate::{
    accounts::Scope,
    api::{
        AllRefusals, Problem, RefusalsOrMissing,
        extract::{self, Path, Query},
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
        .routes(routes!(read, change, remove))
        .routes(routes!(mute))
        .routes(routes!(ask))
}

/// Somebody who has a seat.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RoomParticipant)]
struct Person {
    /// Their id.
    peer_id: String,
    /// Their name; may be empty.
    display_name: String,
    /// What they are.
    #[schema(value_type = RoleName)]
    role: Role,
    /// What they may switch on.
    allowed: Sources,
    /// What they have on.
    media: Media,
    /// When they came.
    #[schema(value_type = String, format = DateTime)]
    joined_at: Moment,
    /// False while their connection is lost.
    connected: bool,
    /// Since when their hand is raised; null when it is not.
    #[schema(required, value_type = Option<String>, format = DateTime)]
    hand_raised_at: Option<Moment>,
    /// The language of an interpreter.
    #[schema(required)]
    language: Option<String>,
}

/// What somebody has on.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ParticipantMedia)]
struct Media {
    microphone: bool,
    camera: bool,
    screen: bool,
    screen_audio: bool,
}

/// What somebody is in a room.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the wire")]
enum RoleName {
    Participant,
    Moderator,
    Viewer,
    Interpreter,
}

impl From<Participant> for Person {
    fn from(person: Participant) -> Self {
        let media = person.media;
        let moment = |millis| Moment(UnixMillis::new(millis));
        Self {
            peer_id: person.id.as_str().to_owned(),
            display_name: person.display_name.as_str().to_owned(),
            role: person.role,
            allowed: person.allowed.into(),
            media: Media {
                microphone: media.is_on(Source::Microphone),
                camera: media.is_on(Source::Camera),
                screen: media.is_on(Source::Screen),
                screen_audio: media.is_on(Source::ScreenAudio),
            },
            joined_at: moment(person.joined_at),
            connected: person.connected,
            hand_raised_at: person.hand_raised_at.map(moment),
            language: person.language,
        }
    }
}

/// Those who have a seat, in the order of coming in or on stage.
#[derive(Serialize, ToSchema)]
#[schema(as = RoomParticipants)]
struct Persons {
    /// Those of this page.
    data: Vec<Person>,
    /// The cursor of the next page; null when there is none.
    #[schema(required)]
    next: Option<String>,
}

/// The participants
///
/// Everybody who has a seat, viewers included, in the order of coming in or on
/// stage. Needs `rooms:read`.
#[utoipa::path(
    get,
    path = "/api/v1/rooms/{roomId}/participants",
    operation_id = "list_participants",
    tag = "People in rooms",
    params(RoomPath, PageQuery),
    responses((status = 200, description = "A page of people", body = Persons), RefusalsOrMissing),
)]
async fn list(place: Place, Query(page): Query<PageQuery>) -> Result<Json<Persons>, Problem> {
    place.caller.needs(Scope::RoomsRead)?;
    let (limit, after) = (page.limit()?, page.after_place()?);
    let most = usize::try_from(limit + 1).unwrap_or(usize::MAX);
    let Reply::People(mut people) = place.order(Order::People { after, most }).await? else {
        return Err(Problem::internal(&"the room answered another question"));
    };
    let next = cut(&mut people, limit, |(order, _)| order.to_string());
    let data = people
        .into_iter()
        .map(|(_, person)| person.into())
        .collect();
    Ok(Json(Persons { data, next }))
}

/// A participant
///
/// Needs `rooms:read`.
#[utoipa::path(
    get,
    path = "/api/v1/rooms/{roomId}/participants/{peerId}",
    operation_id = "read_participant",
    tag = "People in rooms",
    params(PeerPath),
    responses((status = 200, description = "Who they are", body = Person), RefusalsOrMissing),
)]
async fn read(place: Place, Path(path): Path<PeerPath>) -> Result<Json<Person>, Problem> {
    place.caller.needs(Scope::RoomsRead)?;
    person(&place, &path).await.map(Json)
}

async fn person(place: &Place, path: &PeerPath) -> Result<Person, Problem> {
    match place.order(Order::Person(path.peer()?)).await? {
        Reply::Person(person) => Ok(person.into()),
        _ => Err(Problem::internal(&"the room answered another question")),
    }
}

/// What is to become of somebody.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ParticipantChange)]
struct Change {
    /// A moderator leads; a viewer watches, off stage.
    #[serde(default)]
    role: Option<NewRole>,
    /// What they may switch on. What is on goes off with it.
    #[serde(default)]
    allowed: Option<SomeSources>,
}

/// Some sources, each allowed or forbidden.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SomeSources {
    microphone: Option<bool>,
    camera: Option<bool>,
    screen: Option<bool>,
}

/// What somebody can be made. Interpreters come by a token with a language.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ParticipantRole)]
enum NewRole {
    Participant,
    Moderator,
    Viewer,
}

impl From<NewRole> for Role {
    fn from(role: NewRole) -> Self {
        match role {
            NewRole::Participant => Self::Participant,
            NewRole::Moderator => Self::Moderator,
            NewRole::Viewer => Self::Viewer,
        }
    }
}

/// Change a participant
///
/// Role and rights: all that is asked for, or nothing. Moderators may switch on
/// everything and viewers nothing, so that their sources cannot be changed: 409.
/// Needs `rooms:write`.
#[utoipa::path(
    patch,
    path = "/api/v1/rooms/{roomId}/participants/{peerId}",
    operation_id = "change_participant",
    tag = "People in rooms",
    params(PeerPath, KeyHeader),
    request_body = Change,
    responses((status = 200, description = "As they are now", body = Person), AllRefusals, Repeats),
)]
async fn change(
    place: Place,
    Path(path): Path<PeerPath>,
    extract::Json(body): extract::Json<Change>,
) -> Result<Json<Person>, Problem> {
    place.caller.needs(Scope::RoomsWrite)?;
    let allowed = body.allowed.map_or_else(Vec::new, |sources| {
        let all = [
            (Source::Microphone, sources.microphone),
            (Source::Camera, sources.camera),
            (Source::Screen, sources.screen),
        ];
        let named = all.into_iter();
        named
            .filter_map(|(source, on)| Some((source, on?)))
            .collect()
    });
    let order = Order::Change {
        peer: path.peer()?,
        role: body.role.map(Role::from),
        allowed,
    };
    place.order(order).await?;
    person(&place, &path).await.map(Json)
}

/// How somebody is removed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
struct Removal {
    /// They may come back at once. Else they come back only if a moderator, or
    /// this API, lets them in, even while the waiting room is off.
    #[serde(default)]
    #[param(default = false)]
    may_return: bool,
}

/// Remove a participant
///
/// Their page says so and does not come back by itself. Needs `rooms:write`.
#[utoipa::path(
    delete,
    path = "/api/v1/rooms/{roomId}/participants/{peerId}",
    operation_id = "remove_participant",
    tag = "People in rooms",
    params(PeerPath, Removal, KeyHeader),
    responses((status = 204, description = "They are out"), RefusalsOrMissing, Repeats),
)]
async fn remove(
    place: Place,
    Path(path): Path<PeerPath>,
    Query(removal): Query<Removal>,
) -> Result<StatusCode, Problem> {
    place.caller.needs(Scope::RoomsWrite)?;
    let peer = path.peer()?;
    let order = match removal.may_return {
        true => Order::Close(peer),
        false => Order::Moderate(Moderation::Remove { peer }),
    };
    place.order(order).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Switch a source of a participant off
///
/// They may switch it on again; to forbid it, change `allowed`. Needs
/// `rooms:write`.
#[utoipa::path(
    post,
    path = "/api/v1/rooms/{roomId}/participants/{peerId}/mute",
    operation_id = "mute_participant",
    tag = "People in rooms",
    params(PeerPath, KeyHeader),
    request_body = WhichSource,
    responses((status = 204, description = "It is off"), AllRefusals, Repeats),
)]
async fn mute(
    place: Place,
    Path(path): Path<PeerPath>,
    extract::Json(body): extract::Json<WhichSource>,
) -> Result<StatusCode, Problem> {
    place.caller.needs(Scope::RoomsWrite)?;
    let (source, peer) = (body.source.into(), Some(path.peer()?));
    let order = Order::Moderate(Moderation::TurnOff { source, peer });
    place.order(order).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask a participant to switch a source on
///
/// Allows it, where it was forbidden. Nothing is switched on but by themselves.
/// Needs `rooms:write`.
#[utoipa::path(
    post,
    path = "/api/v1/rooms/{roomId}/participants/{peerId}/ask",
    operation_id = "ask_participant",
    tag = "People in rooms",
    params(PeerPath, KeyHeader),
    request_body = WhichSource,
    responses((status = 204, description = "They are asked"), AllRefusals, Repeats),
)]
async fn ask(
    place: Place,
    Path(path): Path<PeerPath>,
    extract::Json(body): extract::Json<WhichSource>,
) -> Result<StatusCode, Problem> {
    place.caller.needs(Scope::RoomsWrite)?;
    let (source, peer) = (body.source.into(), path.peer()?);
    place
        .order(Order::Moderate(Moderation::Ask { source, peer }))
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
