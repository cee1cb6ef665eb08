//! Which slots carry a track, noted at the track. A slot knows its place there,
//! so that a change costs the same with three subscribers and with thousands.

use super::Room;
use crate::{
    egress::Tracks,
    ingress::{Subscriber, TrackId},
};

impl Room {
    /// Puts a track into a slot, or empties it.
    pub(super) fn put(&mut self, peer: usize, slot: usize, track: Option<TrackId>) {
        self.unsubscribe(peer, slot);
        let track = track.and_then(|id| self.tracks.get(id.index));
        self.peers[peer].slots[slot].assign(track);
        self.subscribe(peer, slot);
    }

    /// Enters all slots of a peer with their tracks.
    pub(super) fn subscribe_all(&mut self, peer: usize) {
        for slot in 0..self.peers[peer].slots.len() {
            self.subscribe(peer, slot);
        }
    }

    /// Takes all slots of a peer out from their tracks: before their numbers
    /// change, or they are gone.
    pub(super) fn unsubscribe_all(&mut self, peer: usize) {
        for slot in 0..self.peers[peer].slots.len() {
            self.unsubscribe(peer, slot);
        }
    }

    fn subscribe(&mut self, peer: usize, slot: usize) {
        let out = &mut self.peers[peer].slots[slot];
        if let Some(subscribers) = subscribers(&mut self.tracks, out.assigned.map(|(id, _)| id)) {
            out.place = subscribers.len();
            subscribers.push(Subscriber { peer, slot });
        }
    }

    fn unsubscribe(&mut self, peer: usize, slot: usize) {
        let out = &self.peers[peer].slots[slot];
        let place = out.place;
        let Some(subscribers) = subscribers(&mut self.tracks, out.assigned.map(|(id, _)| id))
        else {
            return;
        };
        debug_assert_eq!(subscribers.get(place), Some(&Subscriber { peer, slot }));
        subscribers.swap_remove(place);
        if let Some(moved) = subscribers.get(place) {
            self.peers[moved.peer].slots[moved.slot].place = place;
        }
    }
}

fn subscribers(tracks: &mut Tracks, track: Option<TrackId>) -> Option<&mut Vec<Subscriber>> {
    let id = track?;
    let track = tracks.get_mut(id.index).filter(|track| track.id == id)?;
    Some(&mut track.subscribers)
}
