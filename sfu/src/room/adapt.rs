//! Layers: what each tile needs, within what each downlink carries.

use std::time::Instant;

use super::{Room, schedule::Job};
use crate::{
    Bitrate, RoomConfig,
    ingress::Track,
    layers::{self, Choice, Demand},
};

/// A layer is thought to cost this at least: one that shows a still picture
/// will move again.
const LEAST_COST: Bitrate = Bitrate::from_kbps(30);

/// A demand and the slot that makes it.
struct SlotDemand {
    slot: usize,
    track: usize,
    demand: Demand,
}

impl Room {
    /// Chooses the layers of all video slots of a peer.
    pub(super) fn choose_layers(&mut self, index: usize, now: Instant) {
        if !self.peers[index].connected {
            return;
        }
        let demands = self.demands(index, now);
        let (slots, demands): (Vec<_>, Vec<_>) = demands
            .into_iter()
            .map(|d| ((d.slot, d.track), d.demand))
            .unzip();
        let sound = self.sound_rate(index, now);
        let budget = self.budget(index).saturating_sub(sound);
        let downlink = &mut self.peers[index].transport.downlink;
        let wanted = layers::wanted(&demands);
        downlink.set_wanted(wanted.saturating_add(sound));
        self.schedule
            .at_most(Job::Downlinks, downlink.poll_timeout());
        let chosen = layers::choose(&demands, budget, self.config.upgrade_margin);
        for (((slot, track), demand), layer) in slots.into_iter().zip(demands).zip(chosen) {
            let layer = self.try_out(index, slot, &demand, layer, budget, now);
            self.set_layer(index, (slot, track), &demand, layer, now);
        }
    }

    /// What all slots of a peer may take together. A line that cannot be
    /// measured is bounded by the peer's own wish alone.
    fn budget(&self, index: usize) -> Bitrate {
        let peer = &self.peers[index];
        if peer.is_measurable() {
            return peer.transport.downlink.estimate();
        }
        let max = self.config.bandwidth.max;
        peer.view.max_bitrate.map_or(max, |wish| wish.min(max))
    }

    /// Ends a trial that has failed: the layer is not sent after all.
    fn try_out(
        &mut self,
        index: usize,
        slot: usize,
        demand: &Demand,
        layer: Option<usize>,
        budget: Bitrate,
        now: Instant,
    ) -> Option<usize> {
        let peer = &mut self.peers[index];
        let heard = peer.transport.downlink.rtt().is_some();
        let out = &mut peer.slots[slot];
        if !(demand.trial && demand.exceeds(budget) && heard) {
            out.trial.end();
            return layer;
        }
        let Some(pause) = out.trial.exceed(now) else {
            return layer;
        };
        out.upgrades.hold(pause, now);
        None
    }

    /// What the slots of a peer ask for, most important first: the first tile,
    /// who speaks, then the rest in the order of the view.
    fn demands(&mut self, index: usize, now: Instant) -> Vec<SlotDemand> {
        let peer = &self.peers[index];
        let mut tiles: Vec<_> = peer.view.tiles.iter().copied().enumerate().collect();
        tiles.sort_by_key(|(at, tile)| *at > 0 && !self.speakers.is_speaking(tile.track.peer));
        let mut demands = Vec::new();
        for (_, tile) in tiles {
            let carries =
                |s: &crate::egress::OutSlot| s.assigned.is_some_and(|(_, key)| key == tile.track);
            let Some(slot) = peer.slots.iter().position(carries) else {
                continue;
            };
            let out = &peer.slots[slot];
            let Some((id, _)) = out.assigned else {
                continue;
            };
            let Some(track) = self.tracks.get_mut(id.index) else {
                continue;
            };
            let lines = tile.width.min(tile.height);
            let choices = choices(track, lines, &self.config, now);
            if choices.is_empty() || demands.iter().any(|d: &SlotDemand| d.slot == slot) {
                continue;
            }
            let held = out.upgrades.are_held(now);
            let demand = Demand {
                choices,
                current: out.chosen_layer(),
                held,
                trial: demands.is_empty() && !held,
            };
            demands.push(SlotDemand {
                slot,
                track: id.index,
                demand,
            });
        }
        demands
    }

    fn set_layer(
        &mut self,
        index: usize,
        (slot, track): (usize, usize),
        demand: &Demand,
        layer: Option<usize>,
        now: Instant,
    ) {
        let out = &mut self.peers[index].slots[slot];
        let hold = self.config.upgrade_hold;
        let offered = |at: &usize| demand.choices.iter().any(|choice| choice.layer == *at);
        match (demand.current.filter(offered), layer) {
            (Some(_), None) => out.upgrades.hold(hold, now),
            (Some(before), Some(layer)) if layer < before => out.upgrades.went_down(hold, now),
            (Some(before), Some(layer)) if layer > before => out.upgrades.went_up(now),
            _ => {}
        }
        let Some(layer) = layer else {
            out.pause();
            return;
        };
        let track = &mut self.tracks[track];
        out.choose(track, layer, self.config.keyframe_interval, now);
        if out.awaits(track.id, layer) {
            self.schedule.at(Job::Keyframes, now);
            self.mark_slot(index, slot);
        }
    }

    /// What the audio slots of a peer take.
    fn sound_rate(&mut self, index: usize, now: Instant) -> Bitrate {
        let slots = self.peers[index].slots.iter();
        let sounds = slots
            .filter(|slot| !slot.agreed.video)
            .filter_map(|slot| slot.assigned);
        sounds
            .filter_map(|(id, _)| Some(self.tracks.get_mut(id.index)?.layers[0].rate(now)))
            .fold(Bitrate::ZERO, Bitrate::saturating_add)
    }
}

/// The layers that send now, cheapest first, up to the first that has the
/// lines that a tile needs.
fn choices(track: &mut Track, lines: u32, config: &RoomConfig, now: Instant) -> Vec<Choice> {
    // a single layer may rest on a still picture
    let single = track.layers.len() == 1;
    let mut choices = Vec::new();
    for at in 0..track.layers.len() {
        let height = track.height(at);
        let layer = &mut track.layers[at];
        let sends = if single {
            layer.has_begun()
        } else {
            layer.is_active(config.layer_silence, now)
        };
        if !sends {
            continue;
        }
        choices.push(Choice {
            layer: at,
            cost: layer.rate(now).max(LEAST_COST),
        });
        if height >= lines {
            break;
        }
    }
    choices
}
