//! Which track goes into which slot of whom.

use std::time::Duration;

use protocol::Source;

use super::Room;
use crate::{
    Event, Slot, TrackKey,
    egress::OutSlot,
    ingress::{Subscriber, Track, TrackId},
    reconcile::reconcile,
};

/// A sound that sent nothing for so long needs no slot. Opus sends something
/// every 400 ms even in silence (DTX).
const SOUND_SILENCE: Duration = Duration::from_secs(3);

impl Room {
    /// Fills the video slots of a peer from its view.
    pub(super) fn assign_video(&mut self, index: usize) {
        let slots = self.slot_numbers(index, true);
        let peer = &self.peers[index];
        let mut wanted: Vec<TrackId> = Vec::new();
        for tile in &peer.view.tiles {
            let track = self.track_by_key(tile.track);
            let seen = |t: &&Track| t.is_video() && t.owner != index;
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

    /// Fills the audio slots of all with the sounds most worth hearing.
    pub(super) fn assign_audio(&mut self) {
        let sounds = self.sounds();
        for index in self.peer_indices() {
            let slots = self.slot_numbers(index, false);
            let others = sounds.iter().filter(|(_, owner)| *owner != index);
            let wanted: Vec<TrackId> = others.map(|(id, _)| *id).take(slots.len()).collect();
            self.fill(index, &slots, &wanted);
        }
    }

    /// All sounds with their owners, most worth hearing first: what is shared,
    /// then the microphones by rank.
    fn sounds(&self) -> Vec<(TrackId, usize)> {
        let heard = |track: &&Track| !track.is_video() && track.heard;
        let sounds = || self.tracks.iter().map(|(_, track)| track).filter(heard);
        let shared = sounds().filter(|track| track.key.source == Source::ScreenAudio);
        let microphone = |peer| TrackKey {
            peer,
            source: Source::Microphone,
        };
        let ranked = self.speakers.ranking().into_iter();
        let ranked = ranked.filter_map(|peer| self.track_by_key(microphone(peer)));
        let all = shared.chain(ranked.filter(heard));
        all.map(|track| (track.id, track.owner)).collect()
    }

    /// Notes which sounds are sent at all. Returns whether that changed.
    pub(super) fn note_heard(&mut self, now: std::time::Instant) -> bool {
        let mut changed = false;
        for (_, track) in &mut self.tracks {
            let heard = !track.is_video() && track.is_active(SOUND_SILENCE, now);
            changed |= std::mem::replace(&mut track.heard, heard) != heard;
        }
        changed
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
    fn slot_numbers(&self, index: usize, video: bool) -> Vec<usize> {
        let slots = self.peers[index].slots.iter().enumerate();
        slots
            .filter(|(_, slot)| slot.agreed.video == video)
            .map(|(at, _)| at)
            .collect()
    }

    fn fill(&mut self, index: usize, slots: &[usize], wanted: &[TrackId]) {
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

    /// Puts a track into a slot, or empties it.
    fn put(&mut self, peer: usize, slot: usize, track: Option<TrackId>) {
        let subscriber = Subscriber { peer, slot };
        let out = &mut self.peers[peer].slots[slot];
        if let Some((old, _)) = out.assigned
            && let Some(old) = self.tracks.get_mut(old.index)
        {
            old.subscribers.retain(|s| *s != subscriber);
        }
        let track = track.and_then(|id| self.tracks.get_mut(id.index));
        out.assign(track.as_deref());
        if let Some(track) = track {
            track.subscribers.push(subscriber);
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

    /// Enters all slots of a peer with their tracks anew, after their numbers
    /// changed.
    pub(super) fn resubscribe(&mut self, index: usize) {
        for (_, track) in &mut self.tracks {
            track.subscribers.retain(|s| s.peer != index);
        }
        for (slot, out) in self.peers[index].slots.iter().enumerate() {
            if let Some((id, _)) = out.assigned
                && let Some(track) = self.tracks.get_mut(id.index)
            {
                track.subscribers.push(Subscriber { peer: index, slot });
            }
        }
    }

    /// Takes up sounds again after a pause of the connection.
    pub(super) fn restart_sound(&mut self, index: usize) {
        for slot in &mut self.peers[index].slots {
            let track = slot.assigned.and_then(|(id, _)| self.tracks.get(id.index));
            if let Some(track) = track.filter(|track| !track.is_video()) {
                slot.listen(track);
            }
        }
    }
}

fn fits(slot: &OutSlot, track: &Track) -> bool {
    let Slot { video, .. } = slot.agreed;
    video == track.is_video() && track.is_playable(|codec| slot.decodes(codec))
}
