//! `POST /api/v1/rooms/{roomId}/tokens`: tokens that participants enter with.

use axum::{Json, http::StatusCode};
use protocol::{ErrorCode, PeerId, RoomKind};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use url::form_urlencoded;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    accounts::Scope,
    api::{
        AllRefusals, Code, Problem, extract,
        place::{InterfaceName, Place, RoomPath},
    },
    attributes::{Address, resolve},
    clock::{Now, UnixMillis},
    router::AppState,
    token::{Moment, Recipe},
};

/// How long a token is good for without a word about it: eight hours.
const LIFETIME: u32 = 8 * 60 * 60;
/// The longest: a year.
const LIFETIME_MAX: u32 = 366 * 24 * 60 * 60;
/// What the path and this server say, and no claim.
const OWN: [&str; 4] = ["roomId", "iat", "exp", "nbf"];

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::default().routes(routes!(mint))
}

/// What a token shall say.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = NewParticipantToken)]
struct NewToken {
    /// What they are; none is a participant, in a webinar a viewer.
    role: Option<TokenRole>,
    /// Their name, which cannot be changed then.
    #[schema(max_length = 80)]
    display_name: Option<String>,
    /// Your own id of the person.
    #[schema(min_length = 1, max_length = 128)]
    peer_id: Option<String>,
    /// A moderator may start and stop recordings.
    #[serde(default)]
    can_record: bool,
    /// Who comes waits until a moderator lets them in.
    #[serde(default)]
    waiting_room: bool,
    /// The person can raise a hand.
    #[serde(default)]
    hand: bool,
    /// Which interface the link opens.
    #[serde(default)]
    #[schema(value_type = Option<InterfaceName>)]
    kind: RoomKind,
    /// How many seconds the token can be used to enter.
    #[schema(minimum = 1, maximum = 31_622_400, default = 28_800)]
    expires_in: Option<u32>,
    /// Any other claim, such as `maxWatchers` or `intLang`.
    #[serde(default)]
    #[schema(value_type = Option<std::collections::HashMap<String, Value>>)]
    claims: Map<String, Value>,
}

/// What a token makes of somebody.
#[derive(Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
enum TokenRole {
    /// On stage, in a webinar as well.
    Participant,
    /// Leads.
    Moderator,
    /// Translates; needs the claim `intLang`.
    Interpreter,
}

/// A token.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ParticipantToken)]
struct Minted {
    /// The token, for the attribute `token`.
    token: String,
    /// Where it lets somebody in, below this host.
    #[schema(example = "/call/?roomId=lesson-7&token=eyJ0eXAi…")]
    link: String,
    /// Until when it can be used to enter.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Moment,
}

/// Make a participant's token
///
/// Signed with the tenant's first HS256 key, or with the key that the server made
/// where the tenant has none; 409 when the tenant has RS256 keys alone, whose
/// private half is not here. It is good for this room and no other, and is kept
/// nowhere. Needs `tokens:write`.
#[utoipa::path(
    post,
    path = "/api/v1/rooms/{roomId}/tokens",
    operation_id = "mint_participant_token",
    tag = "Tokens",
    params(RoomPath),
    request_body = NewToken,
    responses(
        (status = 201, description = "The token", body = Minted),
        (status = 409, description = "The tenant has no key to sign with", body = crate::api::ProblemBody,
            content_type = "application/problem+json"),
        AllRefusals
    ),
)]
async fn mint(
    place: Place,
    extract::Json(body): extract::Json<NewToken>,
) -> Result<(StatusCode, Json<Minted>), Problem> {
    place.caller.needs(Scope::TokensWrite)?;
    let minter = place.tenant.minter.as_ref().ok_or_else(|| {
        let why = "The tenant signs with keys whose private half is not here";
        Problem::new(Code::Conflict, why)
    })?;
    let now = Now::read().unix;
    let seconds = body.expires_in.unwrap_or(LIFETIME);
    if !(1..=LIFETIME_MAX).contains(&seconds) {
        let why = format!("expiresIn is 1 to {LIFETIME_MAX} seconds");
        return Err(Problem::new(Code::BadRequest, why));
    }
    let ends = now.seconds() + u64::from(seconds);
    let kind = body.kind;
    let recipe = recipe(place.key.room.as_str(), body, now, ends)?;
    let token = minter
        .mint(&recipe)
        .map_err(|bad| Problem::internal(&bad))?;
    let query: String = form_urlencoded::Serializer::new(String::new())
        .append_pair("roomId", place.key.room.as_str())
        .append_pair("token", &token)
        .finish();
    try_out(&place, kind, &query, now)?;
    let minted = Minted {
        link: format!("/{}/?{query}", kind.path()),
        token,
        expires_at: Moment(UnixMillis::new(ends * 1_000)),
    };
    Ok((StatusCode::CREATED, Json(minted)))
}

fn recipe(room: &str, body: NewToken, now: UnixMillis, ends: u64) -> Result<Recipe, Problem> {
    if let Some(own) = OWN.iter().find(|own| body.claims.contains_key(**own)) {
        let why = format!("The claim {own} is not to be given");
        return Err(Problem::new(Code::BadRequest, why));
    }
    if let Some(Err(bad)) = body.peer_id.as_deref().map(PeerId::parse) {
        let why = format!("peerId: {bad}");
        return Err(Problem::new(Code::BadRequest, why));
    }
    let mut recipe = body.claims;
    let mut add = |key: &str, value: Value| recipe.insert(key.to_owned(), value);
    match body.role {
        Some(TokenRole::Participant) => drop(add("itisparticipant", json!(true))),
        Some(role) => drop(add("role", json!(role))),
        None => {}
    }
    let texts = [("displayName", body.display_name), ("peerId", body.peer_id)];
    for (key, text) in texts {
        if let Some(text) = text {
            add(key, json!(text));
        }
    }
    let flags = [
        ("canRecord", body.can_record),
        ("waitingRoom", body.waiting_room),
        ("handEnabled", body.hand),
    ];
    for (key, _) in flags.into_iter().filter(|(_, on)| *on) {
        add(key, json!(true));
    }
    add("roomId", json!(room));
    add("iat", json!(now.seconds()));
    add("exp", json!(ends));
    Ok(recipe)
}

/// A token that lets nobody in is not handed out.
fn try_out(place: &Place, kind: RoomKind, query: &str, now: UnixMillis) -> Result<(), Problem> {
    let address = Address {
        kind,
        path_room: None,
        query,
        host: None,
    };
    let resolved = resolve(&place.tenant, address, now);
    match resolved.refusal() {
        // its time will come
        Some(refusal) if refusal.code == ErrorCode::NotStarted => Ok(()),
        Some(refusal) => Err(Problem::new(Code::BadRequest, refusal.message.clone())),
        None => Ok(()),
    }
}
