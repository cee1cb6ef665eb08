//! What the server's streams carry: slot by slot, as it said last.

use std::collections::BTreeMap;

use protocol::{SlotAssignment, TrackRef};

/// The `a=mid` of a receive-only m-line.
pub type Mid = String;

/// Which track is in which slot.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SlotTable {
    tracks: BTreeMap<Mid, TrackRef>,
}

impl SlotTable {
    /// Takes over what changed; slots that are not named stay as they are.
    pub fn assign(&mut self, changes: Vec<SlotAssignment>) {
        for SlotAssignment { slot, track } in changes {
            match track {
                Some(track) => self.tracks.insert(slot, track),
                None => self.tracks.remove(&slot),
            };
        }
    }

    /// Forgets everything: the slots belonged to another connection.
    pub fn clear(&mut self) {
        self.tracks.clear();
    }

    /// Where a track is.
    #[must_use]
    pub fn slot_of(&self, track: &TrackRef) -> Option<&Mid> {
        self.tracks
            .iter()
            .find_map(|(slot, carried)| (carried == track).then_some(slot))
    }

    /// What a slot carries.
    #[must_use]
    pub fn track_in(&self, slot: &str) -> Option<&TrackRef> {
        self.tracks.get(slot)
    }

    /// The video tracks that have a slot, each once.
    pub fn videos(&self) -> impl Iterator<Item = (&Mid, &TrackRef)> {
        self.tracks
            .iter()
            .filter(|(_, track)| track.source.is_video())
    }
}
