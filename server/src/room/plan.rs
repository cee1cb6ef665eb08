//! What an integrator plans for a room, before anybody is in it or while they
//! are: pure values, as JSON in the database.

use protocol::Allowed;
use serde::{Deserialize, Serialize};
use tracing::error;

/// What is to hold in a room. What is missing is left as it is, or to those who
/// come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Plan {
    /// Whether newcomers wait to be let in. Tokens change it no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_room: Option<bool>,
    /// Whether moderators alone come in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked: Option<bool>,
    /// What those may switch on who are no moderators.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed: Option<Allowed>,
    /// Most people with camera or microphone on; 0 is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_broadcasters: Option<u32>,
    /// Most people with a tile; 0 is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_watchers: Option<u32>,
    /// From when on nobody comes in any more, in milliseconds since 1970-01-01
    /// UTC; the inner `None` is never.
    #[serde(skip_serializing_if = "Option::is_none", with = "twice")]
    pub closes_at: Option<Option<u64>>,
}

impl Plan {
    /// Reads what [`Self::text`] wrote. What cannot be read, perhaps of a newer
    /// version, counts as a locked room: a plan may be there to keep people out.
    #[must_use]
    pub fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|error| {
            error!(%error, "What was planned for a room cannot be read");
            Self {
                locked: Some(true),
                ..Self::default()
            }
        })
    }

    /// The plan as JSON.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("flags and numbers are plain JSON")
    }

    /// This plan with a change: what the change does not say stays.
    #[must_use]
    pub fn changed(self, change: &Self) -> Self {
        Self {
            waiting_room: change.waiting_room.or(self.waiting_room),
            locked: change.locked.or(self.locked),
            allowed: change.allowed.or(self.allowed),
            max_broadcasters: change.max_broadcasters.or(self.max_broadcasters),
            max_watchers: change.max_watchers.or(self.max_watchers),
            closes_at: change.closes_at.or(self.closes_at),
        }
    }
}

/// A field that may be missing, or null, or there.
mod twice {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::option_option, reason = "missing and null are not the same")]
    #[expect(clippy::ref_option, reason = "serde gives it so")]
    pub(super) fn serialize<S: Serializer>(
        value: &Option<Option<u64>>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        value.unwrap_or_default().serialize(to)
    }

    #[expect(clippy::option_option, reason = "missing and null are not the same")]
    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Option<u64>>, D::Error> {
        Option::deserialize(from).map(Some)
    }
}
