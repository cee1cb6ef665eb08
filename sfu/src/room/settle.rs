//! Who is affected when something begins, ceases or changes: for those alone
//! slots and layers are chosen anew. In a room of thousands most hear and see
//! nothing of what one of them does.

use std::time::Instant;

use super::Room;
use crate::{PeerKey, ingress::Track};

/// What began to be sent, or is sent in another format, since slots and layers
/// were chosen.
#[derive(Debug, Default)]
pub(super) struct Unsettled {
    /// Whose pictures.
    publishers: Vec<PeerKey>,
    sound: bool,
}

impl Unsettled {
    pub(super) fn note(&mut self, track: &Track) {
        if !track.is_video() {
            self.sound = true;
        } else if !self.publishers.contains(&track.key.peer) {
            self.publishers.push(track.key.peer);
        }
    }
}

/// What others had of tracks, and have no more or otherwise.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Affected {
    pub(super) sound: bool,
    pub(super) picture: bool,
}

impl Affected {
    pub(super) fn add(&mut self, track: &Track) {
        self.sound |= track.heard;
        self.picture |= track.on && track.is_video();
    }
}

impl Room {
    /// Chooses anew what began since the last packets went out.
    pub(super) fn settle_active(&mut self, now: Instant) {
        if std::mem::take(&mut self.unsettled.sound) && self.note_heard(now) {
            self.settle_sound();
        }
        let mut publishers = std::mem::take(&mut self.unsettled.publishers);
        if !publishers.is_empty() {
            self.settle_viewers(&publishers, now);
        }
        // the list's memory serves again
        publishers.clear();
        self.unsettled.publishers = publishers;
    }

    /// Fills the slots of others after something of a peer changed.
    pub(super) fn settle_others(&mut self, peer: PeerKey, affected: Affected, now: Instant) {
        if affected.sound {
            self.settle_sound();
        }
        if affected.picture {
            self.settle_viewers(&[peer], now);
        }
    }

    /// Fills all slots of one peer.
    pub(super) fn settle_peer(&mut self, index: usize, now: Instant) {
        let sounds = self.sounds();
        self.assign_audio_of(index, &sounds);
        self.assign_video(index);
        self.choose_layers(index, now);
        self.announce_slots(index);
    }

    /// Fills the audio slots of all.
    pub(super) fn settle_sound(&mut self) {
        let sounds = self.sounds();
        for index in self.peer_indices() {
            self.assign_audio_of(index, &sounds);
            self.announce_slots(index);
        }
    }

    /// Fills the video slots of those who look at any of these peers.
    fn settle_viewers(&mut self, publishers: &[PeerKey], now: Instant) {
        for index in self.peer_indices() {
            let mut tiles = self.peers[index].view.tiles.iter();
            if tiles.any(|tile| publishers.contains(&tile.track.peer)) {
                self.assign_video(index);
                self.choose_layers(index, now);
                self.announce_slots(index);
            }
        }
    }

    pub(super) fn peer_indices(&self) -> Vec<usize> {
        self.peers.iter().map(|(index, _)| index).collect()
    }
}
