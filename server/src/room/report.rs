//! What an operator or integrator may know of a room without being in it:
//! what is in force, and numbers. No names.

use protocol::RoomSettings;

use super::RoomState;
use crate::clock::UnixMillis;

/// A room as it is at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomReport {
    /// When the room was made.
    pub created_at: UnixMillis,
    /// Nobody is in it or waits.
    pub over: bool,
    /// What holds for the whole room.
    pub settings: RoomSettings,
    /// How many are on stage, moderators included.
    pub on_stage: usize,
    /// How many of those have a camera or microphone on.
    pub broadcasters: u32,
    /// How many of those lead.
    pub moderators: usize,
    /// How many watch.
    pub viewers: u32,
    /// How many wait to be let in.
    pub waiting: usize,
}

impl RoomState {
    /// The room as it is now.
    #[must_use]
    pub fn inspect(&self) -> RoomReport {
        RoomReport {
            created_at: self.created_at,
            over: self.is_empty(),
            settings: self.settings.clone(),
            on_stage: self.tally.on_stage(),
            broadcasters: self.broadcasters(),
            moderators: self.tally.moderators().count(),
            viewers: self.tally.viewers(),
            waiting: self.lobby.len(),
        }
    }
}
