//! What holds in a room, as requests and answers have it.

use protocol::{Allowed, RoomSettings};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    api::{Code, Problem},
    clock::UnixMillis,
    private_rooms::Pin,
    room::Plan,
    token::Moment,
};

/// The largest limit of people that means anything.
const PEOPLE_MAX: u32 = 1_000_000;

/// What people who are no moderators may switch on.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Sources {
    /// The microphone.
    #[serde(default = "yes")]
    #[schema(default = true)]
    microphone: bool,
    /// The camera.
    #[serde(default = "yes")]
    #[schema(default = true)]
    camera: bool,
    /// The screen, with its sound.
    #[serde(default = "yes")]
    #[schema(default = true)]
    screen: bool,
}

fn yes() -> bool {
    true
}

impl From<Allowed> for Sources {
    fn from(allowed: Allowed) -> Self {
        Self {
            microphone: allowed.microphone,
            camera: allowed.camera,
            screen: allowed.screen,
        }
    }
}

impl From<Sources> for Allowed {
    fn from(sources: Sources) -> Self {
        Self {
            microphone: sources.microphone,
            camera: sources.camera,
            screen: sources.screen,
        }
    }
}

/// What is to hold in a room. What is missing stays, or is left to those who
/// come.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = RoomWishes)]
pub(super) struct Wishes {
    /// Newcomers wait until a moderator lets them in. Tokens change it no more.
    waiting_room: Option<bool>,
    /// Only moderators come in.
    locked: Option<bool>,
    /// What those may switch on who are no moderators.
    allowed: Option<Sources>,
    /// Most people with camera or microphone on; 0 is no limit. The smaller one
    /// counts of this and of what tokens and addresses bring.
    #[schema(maximum = 1_000_000)]
    max_broadcasters: Option<u32>,
    /// Most people with a tile; 0 is no limit. The smaller one counts of this and
    /// of what tokens and addresses bring.
    #[schema(maximum = 1_000_000)]
    max_watchers: Option<u32>,
    /// Four digits that all but moderators are asked for; null takes them away.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, pattern = "^[0-9]{4}$", example = "0427")]
    pin: Option<Option<String>>,
    /// From when on nobody new comes in, ISO 8601; null is never. Who is in the
    /// room stays. The room is forgotten 30 days later.
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Option<String>, format = DateTime, example = "2027-03-01T17:00:00Z")]
    expires_at: Option<Option<Value>>,
}

/// Missing and null are not the same.
fn given<'de, D, T>(from: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(from).map(Some)
}

/// Checked wishes.
pub(super) struct Wished {
    pub(super) plan: Plan,
    /// The new PIN; the inner `None` takes it away.
    pub(super) pin: Option<Option<Pin>>,
}

impl Wishes {
    pub(super) fn check(self, now: UnixMillis) -> Result<Wished, Problem> {
        for limit in [self.max_broadcasters, self.max_watchers] {
            if limit.is_some_and(|limit| limit > PEOPLE_MAX) {
                let why = format!("A limit of people is at most {PEOPLE_MAX}");
                return Err(Problem::new(Code::BadRequest, why));
            }
        }
        let closes_at = self.expires_at.map(|at| moment(at, now)).transpose()?;
        let plan = Plan {
            waiting_room: self.waiting_room,
            locked: self.locked,
            allowed: self.allowed.map(Allowed::from),
            max_broadcasters: self.max_broadcasters,
            max_watchers: self.max_watchers,
            closes_at,
        };
        let pin = self
            .pin
            .map(|pin| pin.map(|pin| Pin::parse(&pin)).transpose());
        let pin = pin.transpose();
        Ok(Wished {
            plan,
            pin: pin.map_err(|bad| Problem::new(Code::BadRequest, bad.to_string()))?,
        })
    }
}

fn moment(at: Option<Value>, now: UnixMillis) -> Result<Option<u64>, Problem> {
    let Some(at) = at else {
        return Ok(None);
    };
    let at = Moment::read(&at).map_err(|bad| {
        let why = format!("expiresAt {bad}");
        Problem::new(Code::BadRequest, why)
    })?;
    if at.0 <= now {
        return Err(Problem::new(Code::BadRequest, "expiresAt is past"));
    }
    Ok(Some(at.0.get()))
}

/// What holds in a room.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RoomSettings)]
pub(super) struct Settings {
    /// Newcomers wait until a moderator lets them in. Null leaves it to the
    /// tokens of those who come.
    #[schema(required)]
    waiting_room: Option<bool>,
    /// Only moderators come in.
    locked: bool,
    /// What those may switch on who are no moderators.
    allowed: Sources,
    /// Most people with camera or microphone on; 0 is no limit.
    max_broadcasters: u32,
    /// Most people with a tile; 0 is no limit.
    max_watchers: u32,
}

impl From<&RoomSettings> for Settings {
    fn from(now: &RoomSettings) -> Self {
        Self {
            waiting_room: Some(now.waiting_room),
            locked: now.locked,
            allowed: now.allowed.into(),
            max_broadcasters: now.max_broadcasters,
            max_watchers: now.max_watchers,
        }
    }
}

impl From<&Plan> for Settings {
    fn from(plan: &Plan) -> Self {
        Self {
            waiting_room: plan.waiting_room,
            locked: plan.locked.unwrap_or_default(),
            allowed: plan.allowed.unwrap_or_default().into(),
            max_broadcasters: plan.max_broadcasters.unwrap_or_default(),
            max_watchers: plan.max_watchers.unwrap_or_default(),
        }
    }
}
