//! What everybody in the server may know of the recordings, without asking.

use std::collections::{HashMap, HashSet};

use ::recorder::Handle;
use protocol::{NoRecording, PeerId, Recording, StoreTrouble};

use crate::room_key::RoomKey;

/// What everybody in the server may know of the recordings.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// Why no recording can be started.
    pub no_recording: Option<NoRecording>,
    /// The same for operators: what is missing, and where it was looked for.
    pub reason: Option<String>,
    /// The recordings of rooms, until their videos are there.
    pub(super) recordings: HashMap<RoomKey, Recording>,
    /// Recordings with a video that its store does not take yet, by their ids.
    pub(super) delays: HashMap<String, StoreTrouble>,
    /// Rooms with somebody in them.
    pub(super) attended: HashSet<RoomKey>,
    /// The recorder's pages, by their tokens.
    pub(super) runs: HashMap<String, Run>,
}

/// A recorder's page.
#[derive(Debug, Clone)]
pub struct Run {
    /// Which room it shows.
    pub room: RoomKey,
    /// As whom it is in there.
    pub peer: PeerId,
    /// Takes what the page records.
    pub(super) handle: Option<Handle>,
}

impl View {
    /// The recording of a room, if there is one.
    #[must_use]
    pub fn of_room(&self, room: &RoomKey) -> Option<Recording> {
        self.recordings.get(room).cloned()
    }

    /// Whether a room is being recorded.
    #[must_use]
    pub fn is_recorded(&self, room: &RoomKey) -> bool {
        use protocol::RecordingState::{Recording, Starting};
        let recording = self.recordings.get(room);
        recording.is_some_and(|one| matches!(one.state, Starting | Recording))
    }

    /// Whether somebody is in a room.
    #[must_use]
    pub fn is_attended(&self, room: &RoomKey) -> bool {
        self.attended.contains(room)
    }

    /// How much of a recording is processed, in percent.
    #[must_use]
    pub fn progress(&self, id: &str) -> Option<u8> {
        let recording = self.recordings.values().find(|one| one.id == id);
        recording.and_then(|one| one.progress)
    }

    /// What keeps a video of a recording from getting to its store.
    #[must_use]
    pub fn delay(&self, id: &str) -> Option<StoreTrouble> {
        self.delays.get(id).copied()
    }

    /// The recorder's page that has this token.
    #[must_use]
    pub fn run(&self, token: &str) -> Option<Run> {
        self.runs.get(token).cloned()
    }
}
