//! Which room a request is about, and how a room's refusal becomes an answer.
//!
//! A room belongs to the tenant of the request's host: what another tenant has
//! under the same id is another room, and nobody sees it from here.

use std::{sync::Arc, time::Duration};

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use protocol::{ErrorCode, PeerId, RoomId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{Caller, Code, Host, Problem, extract::Path};
use crate::{
    accounts::Accounts,
    room::{Door, Order, OrderRefused, Registry, Reply, RoomReport},
    room_key::RoomKey,
    signaling::Signaling,
    tenant::{Tenant, Tenants},
};

/// After how long a room whose chat is full may be asked again.
const CHAT_PAUSE: Duration = Duration::from_secs(1);

/// A room in the path.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[serde(rename_all = "camelCase")]
pub(super) struct RoomPath {
    /// The room's id.
    #[param(
        min_length = 1,
        max_length = 128,
        pattern = "^[A-Za-z0-9_-]+$",
        example = "lesson-7"
    )]
    room_id: String,
}

/// A participant in the path.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
#[serde(rename_all = "camelCase")]
pub(super) struct PeerPath {
    /// The room's id.
    #[param(
        min_length = 1,
        max_length = 128,
        pattern = "^[A-Za-z0-9_-]+$",
        example = "lesson-7"
    )]
    #[serde(rename = "roomId")]
    _room_id: String,
    /// The participant's id.
    #[param(min_length = 1, max_length = 128, example = "ada-7Q4m")]
    peer_id: String,
}

/// Which interface of a room, for descriptions.
#[derive(ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "describes the wire")]
pub(super) enum InterfaceName {
    /// A conference.
    Call,
    /// Speakers and viewers.
    Webinar,
}

/// The room of a request.
pub(super) struct Place {
    pub(super) caller: Caller,
    pub(super) tenant: Arc<Tenant>,
    pub(super) key: RoomKey,
    registry: Registry,
}

impl<S> FromRequestParts<S> for Place
where
    S: Send + Sync,
    Accounts: FromRef<S>,
    Arc<Tenants>: FromRef<S>,
    Signaling: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let Ok(host) = Host::from_request_parts(parts, state).await;
        let tenant = caller.tenant_of(&Arc::<Tenants>::from_ref(state), &host)?;
        let Path(path) = Path::<RoomPath>::from_request_parts(parts, state).await?;
        // what can be no id is no room
        let room = RoomId::parse(&path.room_id).map_err(|bad| {
            let why = format!("There can be no room of this name: {bad}");
            Problem::new(Code::RoomNotFound, why)
        })?;
        let registry = Signaling::from_ref(state).registry;
        Ok(Self::new(caller, tenant, room, registry))
    }
}

impl Place {
    /// The room of a request that names it in its body.
    pub(super) fn new(
        caller: Caller,
        tenant: Arc<Tenant>,
        room: RoomId,
        registry: Registry,
    ) -> Self {
        Self {
            key: RoomKey::new(tenant.id.clone(), room),
            registry,
            tenant,
            caller,
        }
    }

    /// The way into the room, if it is there.
    async fn door(&self) -> Result<Option<Door>, Problem> {
        let found = self.registry.find(&self.key).await;
        found.map_err(|stops| Problem::new(Code::Unavailable, stops.to_string()))
    }

    /// How the room is, if somebody is in it.
    pub(super) async fn look(&self) -> Result<Option<RoomReport>, Problem> {
        let Some(door) = self.door().await? else {
            return Ok(None);
        };
        let report = door.inspect().await;
        Ok(report.filter(|report| !report.over))
    }

    /// How the room is, which has to be there.
    pub(super) async fn report(&self) -> Result<RoomReport, Problem> {
        self.look().await?.ok_or_else(|| self.no_room())
    }

    /// Gives the room an order.
    pub(super) async fn order(&self, order: Order) -> Result<Reply, Problem> {
        let door = self.door().await?.ok_or_else(|| self.no_room())?;
        let done = door.order(order).await;
        done.map_err(|refused| match refused {
            OrderRefused::Gone => self.no_room(),
            OrderRefused::Refused { code, why } => refusal(code, why),
        })
    }

    /// The same, unless nobody is there who could hear it.
    pub(super) async fn order_if_open(&self, order: Order) -> Result<bool, Problem> {
        match self.order(order).await {
            Ok(_) => Ok(true),
            Err(problem) if problem.code() == Code::RoomNotFound => Ok(false),
            Err(problem) => Err(problem),
        }
    }

    pub(super) fn no_room(&self) -> Problem {
        let why = format!("Nobody is in a room {:?}", self.key.room.as_str());
        Problem::new(Code::RoomNotFound, why)
    }
}

impl PeerPath {
    /// The participant's id. What can be no id is nobody.
    pub(super) fn peer(&self) -> Result<PeerId, Problem> {
        peer(&self.peer_id)
    }
}

/// A participant's id, from a path or a body.
pub(super) fn peer(text: &str) -> Result<PeerId, Problem> {
    PeerId::parse(text).map_err(|bad| {
        let why = format!("There can be no participant of this id: {bad}");
        Problem::new(Code::PeerNotFound, why)
    })
}

fn refusal(code: ErrorCode, why: &str) -> Problem {
    match code {
        ErrorCode::NoSuchParticipant => Problem::new(Code::PeerNotFound, why),
        ErrorCode::Forbidden => Problem::new(
            Code::Conflict,
            "This cannot be done to somebody of this role",
        ),
        ErrorCode::ChatText | ErrorCode::BadMessage => Problem::new(Code::BadRequest, why),
        ErrorCode::RateLimited => Problem::new(Code::RateLimited, why).retry_after(CHAT_PAUSE),
        ErrorCode::Internal => Problem::new(Code::Internal, why),
        _ => Problem::new(Code::Conflict, why),
    }
}
