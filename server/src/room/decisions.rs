//! What moderators decided, on its way to the database and back.
//!
//! Tickets outlive the server, so what was decided about their holders has to
//! do so, too: who was removed would come back as what they were before. One
//! write at a time; what changes meanwhile is written after it.

use serde::{Deserialize, Serialize};
use tracing::error;

use super::{Effect, RoomState, memory::Remembrance, settings::Rules};

/// All that moderators decided in a room.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Decisions {
    pub(super) rules: Rules,
    pub(super) ended: bool,
    pub(super) people: Remembrance,
}

impl Decisions {
    /// Reads what [`Self::text`] wrote. What cannot be read, perhaps of a newer
    /// version, counts as nothing.
    pub(super) fn read(text: Option<&str>) -> Self {
        let Some(text) = text else {
            return Self::default();
        };
        serde_json::from_str(text).unwrap_or_else(|error| {
            error!(%error, "What moderators decided cannot be read");
            Self::default()
        })
    }

    /// The decisions as JSON.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("ids, roles and flags are plain JSON")
    }
}

/// What the database has, or will have soon.
#[derive(Debug, Default)]
pub(super) struct Kept {
    rules: Rules,
    ended: bool,
    revision: u64,
    under_way: bool,
}

impl Kept {
    /// What a room begins with stands in the database.
    pub(super) fn of(decisions: &Decisions) -> Self {
        Self {
            rules: decisions.rules.clone(),
            ended: decisions.ended,
            ..Self::default()
        }
    }
}

impl RoomState {
    /// Has the decisions stored that the database does not have yet.
    pub(super) fn keep_decisions(&mut self) -> Option<Effect> {
        let kept = &mut self.kept;
        let revision = self.memory.revision();
        let is_same = kept.rules == self.rules && kept.ended == self.ended;
        if kept.under_way || (is_same && kept.revision == revision) {
            return None;
        }
        *kept = Kept {
            rules: self.rules.clone(),
            ended: self.ended,
            revision,
            under_way: true,
        };
        Some(Effect::StoreDecisions(Box::new(Decisions {
            rules: self.rules.clone(),
            ended: self.ended,
            people: self.memory.remembrance(),
        })))
    }

    /// The write is done, or failed: the next one writes everything again.
    pub(super) fn decisions_stored(&mut self) -> Vec<Effect> {
        self.kept.under_way = false;
        Vec::new()
    }
}
