//! Packets go out, subscriber by subscriber.

use std::time::Instant;

use super::{Room, schedule::Job};
use crate::{
    Egress,
    egress::{Outlet, Tracks},
    peer::Peer,
    rtcp::Compound,
};

impl Room {
    /// Sends on what came in since the last time: for each subscriber all its
    /// packets in a row. To be called after each batch of received packets, RTCP
    /// included: it also sends again what was asked for. Where nothing is to be
    /// done it costs nothing, however many are in the room.
    pub fn flush(&mut self, now: Instant, egress: &mut impl Egress) {
        self.settle_active(now);
        self.mark_subscribers();
        let mut dirty = std::mem::take(&mut self.dirty_peers);
        for index in dirty.drain(..) {
            self.flush_peer(index, now, egress);
        }
        self.dirty_peers = dirty;
    }

    /// Turns tracks with new packets into peers with something to send.
    fn mark_subscribers(&mut self) {
        for index in self.dirty_tracks.drain(..) {
            let Some(track) = self.tracks.get_mut(index) else {
                continue;
            };
            track.dirty = false;
            for subscriber in &track.subscribers {
                let Some(peer) = self.peers.get_mut(subscriber.peer) else {
                    continue;
                };
                if peer.pending == 0 {
                    self.dirty_peers.push(subscriber.peer);
                }
                peer.pending |= 1 << subscriber.slot;
            }
        }
    }

    fn flush_peer(&mut self, index: usize, now: Instant, egress: &mut impl Egress) {
        let Some(peer) = self.peers.get_mut(index) else {
            return;
        };
        let pending = std::mem::take(&mut peer.pending);
        if !peer.connected {
            return;
        }
        let switches = forward(peer, pending, &self.tracks, now, egress);
        if switches > 0 {
            self.stats.switches += switches;
            let reports = switched_reports(peer, &self.tracks, &mut self.compound, now);
            self.stats.rtcp_out += u64::from(reports);
            if let Some(packet) = self.compound.bytes().filter(|_| reports) {
                egress.rtcp(peer.key, packet);
            }
        }
        let timeout = peer.transport.downlink.poll_timeout();
        self.schedule.at_most(Job::Downlinks, timeout);
    }

    /// Marks a slot that has something to send other than new packets.
    pub(super) fn mark_slot(&mut self, peer: usize, slot: usize) {
        if self.peers[peer].pending == 0 {
            self.dirty_peers.push(peer);
        }
        self.peers[peer].pending |= 1 << slot;
    }
}

/// Sends the new packets of the pending slots and what was asked for again.
/// Returns how many video slots changed their source.
fn forward(
    peer: &mut Peer,
    mut pending: u64,
    tracks: &Tracks,
    now: Instant,
    egress: &mut impl Egress,
) -> u64 {
    let estimate = peer.transport.downlink.estimate();
    peer.transport.budget.refill(estimate, now);
    let mut outlet = Outlet {
        egress,
        to: peer.key,
        downlink: &mut peer.transport.downlink,
        sent: &mut peer.sent,
        now,
    };
    let mut switches = 0;
    while pending != 0 {
        let at = pending.trailing_zeros() as usize;
        pending &= pending - 1;
        let Some(slot) = peer.slots.get_mut(at) else {
            continue;
        };
        let switched = slot.forward(tracks, &mut outlet);
        switches += u64::from(switched && slot.agreed.video);
        slot.resend(tracks, &mut outlet, &mut peer.transport.budget);
    }
    switches
}

/// Writes sender reports for slots that changed their source, so that sound
/// and picture stay together. Returns whether there are any.
fn switched_reports(
    peer: &mut Peer,
    tracks: &Tracks,
    compound: &mut Compound,
    now: Instant,
) -> bool {
    compound.clear();
    for slot in &mut peer.slots {
        if slot.take_switched()
            && let Some(report) = slot.sender_report(tracks, now)
        {
            compound.add(&report);
        }
    }
    compound.bytes().is_some()
}
