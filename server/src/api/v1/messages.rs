//! `/api/v1/rooms/{roomId}/messages`: what the integrator says in the chat.

use axum::{Json, http::StatusCode};
use protocol::DisplayName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::Scope,
    api::{
        AllRefusals, Problem, RefusalsOrMissing, extract,
        once::{KeyHeader, Repeats},
        place::{Place, RoomPath},
    },
    clock::UnixMillis,
    room::{Order, Reply},
    router::AppState,
    token::Moment,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(say, clear))
}

/// A message to be written.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewRoomMessage)]
struct NewMessage {
    /// What is written: plain text.
    #[schema(
        min_length = 1,
        max_length = 4_000,
        example = "The lesson ends in five minutes."
    )]
    text: String,
    /// The name that is shown; without one the page says that it is the organiser.
    #[serde(default)]
    #[schema(max_length = 80, example = "Reception")]
    display_name: String,
}

/// A message as it was written.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RoomMessage)]
struct Message {
    /// Its number: grows with each message of the room.
    id: u64,
    /// The name that is shown.
    display_name: String,
    /// What was written.
    text: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    sent_at: Moment,
}

/// Write into the chat
///
/// As nobody in the room: the pages show that it is the organiser's word. Those
/// who come later read it as well. Needs `chat:write`.
#[utoipa::path(
    post,
    path = "/api/v1/rooms/{roomId}/messages",
    operation_id = "write_message",
    tag = "People in rooms",
    params(RoomPath, KeyHeader),
    request_body = NewMessage,
    responses(
        (status = 201, description = "It is in the chat", body = Message),
        AllRefusals,
        Repeats
    ),
)]
async fn say(
    place: Place,
    extract::Json(body): extract::Json<NewMessage>,
) -> Result<(StatusCode, Json<Message>), Problem> {
    place.caller.needs(Scope::ChatWrite)?;
    let order = Order::Say {
        display_name: DisplayName::from(body.display_name),
        text: body.text,
        nonce: format!("{:032x}", rand::random::<u128>()),
    };
    let Reply::Said(message) = place.order(order).await? else {
        return Err(Problem::internal(&"the room answered another question"));
    };
    let message = Message {
        id: message.id,
        display_name: message.display_name.as_str().to_owned(),
        text: message.text,
        sent_at: Moment(UnixMillis::new(message.sent_at)),
    };
    Ok((StatusCode::CREATED, Json(message)))
}

/// Clear the chat
///
/// For those present and those to come. Needs `chat:write`.
#[utoipa::path(
    delete,
    path = "/api/v1/rooms/{roomId}/messages",
    operation_id = "clear_chat",
    tag = "People in rooms",
    params(RoomPath, KeyHeader),
    responses((status = 204, description = "It is empty"), RefusalsOrMissing, Repeats),
)]
async fn clear(place: Place) -> Result<StatusCode, Problem> {
    place.caller.needs(Scope::ChatWrite)?;
    place.order(Order::ClearChat).await?;
    Ok(StatusCode::NO_CONTENT)
}
