//! When recordings start and stop by themselves. Pure.
//!
//! A tenant's meetings are recorded some time after the first one came; every
//! recording ends some time after the last one left, unless somebody returns.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use crate::room_key::RoomKey;

/// How long things take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delays {
    /// From the first one to the start.
    pub start: Duration,
    /// From the last one to the stop.
    pub stop: Duration,
}

/// What is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Start to record the room.
    Start,
    /// Stop.
    Stop,
}

/// What is due in which room, and when.
#[derive(Debug)]
pub struct Times {
    delays: Delays,
    rooms: HashMap<RoomKey, (Instant, Due)>,
}

impl Times {
    /// Nothing is due.
    #[must_use]
    pub fn new(delays: Delays) -> Self {
        Self {
            delays,
            rooms: HashMap::new(),
        }
    }

    /// Somebody is in a room that was empty. `auto`: its tenant wants every
    /// meeting to be recorded, and it is not recorded yet.
    pub fn somebody_came(&mut self, room: &RoomKey, auto: bool, now: Instant) {
        self.rooms.remove(room);
        if auto {
            let due = (now + self.delays.start, Due::Start);
            self.rooms.insert(room.clone(), due);
        }
    }

    /// Nobody is in a room any more.
    pub fn everybody_left(&mut self, room: &RoomKey, recorded: bool, now: Instant) {
        self.rooms.remove(room);
        if recorded {
            let due = (now + self.delays.stop, Due::Stop);
            self.rooms.insert(room.clone(), due);
        }
    }

    /// Somebody decided: nothing happens by itself for now.
    pub fn decided(&mut self, room: &RoomKey) {
        self.rooms.remove(room);
    }

    /// When the next thing is due.
    #[must_use]
    pub fn next(&self) -> Option<Instant> {
        self.rooms.values().map(|(at, _)| *at).min()
    }

    /// Takes what is due by now.
    pub fn take(&mut self, now: Instant) -> Vec<(RoomKey, Due)> {
        let due = self.rooms.extract_if(|_, (at, _)| *at <= now);
        due.map(|(room, (_, due))| (room, due)).collect()
    }
}
