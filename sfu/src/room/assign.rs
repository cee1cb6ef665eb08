//! Which track goes into which slot of whom; which sound is worth one is
//! decided in `sounds`.

use super::Room;
use crate::{
    Event, Slot,
    egress::OutSlot,
    ingress::{Track, TrackId},
    reconcile::reconcile,
};

impl Room {
    /// Fills the video slots of a peer from its view.
    pub(super) fn assign_video(&mut self, index: usize) {
        let slots = self.slot_numbers(index, true);
        let peer = &self.peers[index];
        let mut wanted: Vec<TrackId> = Vec::new();
        for tile in &peer.view.tiles {
            let track = self.track_by_key(tile.track);
            let seen = |t: &&Track| t.on && t.is_video() && t.owner != index;
            let Some(track) = track.filter(seen) else {
                continue;
            };
            let playable = slots.iter().any(|at| fits(&peer.slots[*at], track));
            if playable && !wanted.contains(&track.id) && wanted.len() < slots.len() {
                wanted.push(track.id);
            }
        }
        self.fill(index, &slots, &wanted);
    }

    /// Tells a peer about its slots that changed.
    pub(super) fn announce_slots(&mut self, index: usize) {
        let peer = &mut self.peers[index];
        let mut changes = Vec::new();
        for slot in &mut peer.slots {
            let carries = slot.assigned.map(|(_, key)| key);
            if slot.announced != carries {
                slot.announced = carries;
                changes.push((slot.agreed.mid.clone(), carries));
            }
        }
        if !changes.is_empty() {
            self.events.push_back(Event::SlotsAssigned {
                peer: peer.key,
                slots: changes,
            });
        }
    }

    /// The numbers of a peer's video or audio slots.
    pub(super) fn slot_numbers(&self, index: usize, video: bool) -> Vec<usize> {
        let slots = self.peers[index].slots.iter().enumerate();
        slots
            .filter(|(_, slot)| slot.agreed.video == video)
            .map(|(at, _)| at)
            .collect()
    }

    pub(super) fn fill(&mut self, index: usize, slots: &[usize], wanted: &[TrackId]) {
        let peer = &self.peers[index];
        let assigned = |at: &usize| peer.slots[*at].assigned.map(|(id, _)| id);
        let now: Vec<Option<TrackId>> = slots.iter().map(assigned).collect();
        let next = reconcile(&now, wanted, |at, id| {
            let track = self.tracks.get(id.index);
            track.is_some_and(|track| fits(&peer.slots[slots[at]], track))
        });
        for (at, (before, after)) in slots.iter().zip(now.iter().zip(&next)) {
            if before != after {
                self.put(index, *at, *after);
            }
        }
    }

    /// Slots are gone: nothing is sent for them, and their owner is told about
    /// those that were in use, unless they came back under the same mid.
    pub(super) fn drop_slots(&mut self, index: usize, gone: &[OutSlot]) {
        let peer = &self.peers[index];
        let remains = |slot: &&OutSlot| peer.slots.iter().any(|s| s.agreed.mid == slot.agreed.mid);
        let used = gone.iter().filter(|slot| slot.announced.is_some());
        let emptied: Vec<_> = used
            .filter(|slot| !remains(slot))
            .map(|slot| (slot.agreed.mid.clone(), None))
            .collect();
        if !emptied.is_empty() {
            self.events.push_back(Event::SlotsAssigned {
                peer: peer.key,
                slots: emptied,
            });
        }
    }
}

fn fits(slot: &OutSlot, track: &Track) -> bool {
    let Slot { video, .. } = slot.agreed;
    video == track.is_video() && track.is_playable(|codec| slot.decodes(codec))
}
