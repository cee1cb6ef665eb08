//! What time asks for.

use std::time::{Duration, Instant};

use rtc_rtcp::{receiver_report::ReceiverReport, reception_report::ReceptionReport};

use super::{Room, schedule::Job};
use crate::{
    Egress, Event, RoomStats,
    egress::Outlet,
    peer::Peer,
    quality::{self, Measured},
    rtcp::{self, SENDER_SSRC},
};

/// The most blocks that a report's header can count (RFC 3550 §6.4).
const BLOCKS_MAX: usize = 31;
/// A compound packet is sent when it has grown to this.
const COMPOUND_BYTES: usize = 1_000;
/// A layer that sends nothing at present is not asked for keyframes more often.
const SILENT_PAUSE: Duration = Duration::from_secs(2);
/// Downlinks are not looked at more often.
const DOWNLINKS_PAUSE: Duration = Duration::from_millis(5);

impl Room {
    /// Does all that is due: feedback, requests, reports, probes, choices. To
    /// be called at [`Room::poll_timeout`].
    pub fn handle_timeout(&mut self, now: Instant, egress: &mut impl Egress) {
        if self.schedule.take(Job::Missing, now) {
            self.ask_for_missing(now, egress);
        }
        if self.schedule.take(Job::Feedback, now) {
            self.send_feedback(now, egress);
        }
        if self.schedule.take(Job::Speakers, now) {
            self.look_at_speakers(now);
        }
        if self
            .schedule
            .recur(Job::Layers, self.config.layer_interval, now)
        {
            for index in self.peer_indices() {
                self.choose_layers(index, now);
            }
        }
        if self.schedule.take(Job::Keyframes, now) {
            self.ask_for_keyframes(now, egress);
        }
        if self.schedule.take(Job::Downlinks, now) {
            self.run_downlinks(now, egress);
        }
        if self
            .schedule
            .recur(Job::Reports, self.config.report_interval, now)
        {
            self.send_reports(now, egress);
        }
        if self
            .schedule
            .recur(Job::Quality, self.config.quality_interval, now)
        {
            self.judge_quality();
        }
    }

    /// Asks publishers for packets that somebody needs and that are missing.
    fn ask_for_missing(&mut self, now: Instant, egress: &mut impl Egress) {
        for at in &self.live {
            let Some(track) = self.tracks.get_mut(*at) else {
                continue;
            };
            let owner = self.peers.get(track.owner);
            let Some(owner) = owner.filter(|owner| owner.connected) else {
                continue;
            };
            for at in 0..track.layers.len() {
                let needed = track.is_video() && track.is_needed(at, &self.peers);
                let layer = &mut track.layers[at];
                if !needed {
                    layer.forget_missing(now);
                    continue;
                }
                let missed = layer.missed(owner.transport.rtt(), &self.config, now);
                self.stats.given_up += missed.given_up;
                if missed.given_up > 0 {
                    layer.keyframes.want();
                    self.schedule.at(Job::Keyframes, now);
                }
                self.schedule.at_most(Job::Missing, layer.next_ask());
                let Some(ssrc) = layer.ssrc.filter(|_| !missed.ask.is_empty()) else {
                    continue;
                };
                self.stats.nacks += missed.ask.len() as u64;
                self.stats.rtcp_out += 1;
                self.compound.clear();
                self.compound.add(&rtcp::nack(ssrc, &missed.ask));
                egress.rtcp(owner.key, self.compound.bytes().unwrap_or_default());
            }
        }
    }

    /// Tells publishers when their packets arrived.
    fn send_feedback(&mut self, now: Instant, egress: &mut impl Egress) {
        for (_, peer) in &mut self.peers {
            let Some(recorder) = peer.transport.recorder.as_mut() else {
                continue;
            };
            if !peer.connected {
                continue;
            }
            let media = peer.transport.streams.keys().next().copied().unwrap_or(0);
            while let Some(feedback) = recorder.poll_feedback(SENDER_SSRC, media, now) {
                self.compound.clear();
                self.compound.add(&feedback);
                self.stats.rtcp_out += 1;
                egress.rtcp(peer.key, self.compound.bytes().unwrap_or_default());
            }
            self.schedule
                .at_most(Job::Feedback, recorder.poll_timeout());
        }
    }

    fn look_at_speakers(&mut self, now: Instant) {
        let mut changed = self.speakers.step(&self.config, now);
        changed |= self.interpreters.step(&self.config, now);
        changed |= self.note_heard(now);
        if changed {
            self.settle_sound();
        }
        if let Some(speaking) = self.speakers.announce(&self.config, now) {
            self.events.push_back(Event::Speakers(speaking));
        }
        if self.live_tracks().any(|track| track.heard) || self.speakers.has_news() {
            self.schedule
                .at(Job::Speakers, now + self.config.speaker_interval);
        }
    }

    /// Asks publishers for the keyframes that slots wait for.
    fn ask_for_keyframes(&mut self, now: Instant, egress: &mut impl Egress) {
        let interval = self.config.keyframe_interval;
        for at in &self.live {
            let Some(track) = self.tracks.get_mut(*at) else {
                continue;
            };
            let owner = self.peers.get(track.owner);
            let Some(owner) = owner.filter(|owner| owner.connected) else {
                continue;
            };
            for at in 0..track.layers.len() {
                if !track.layers[at].keyframes.is_wanted() {
                    continue;
                }
                if !track.opening && !track.is_needed(at, &self.peers) {
                    track.layers[at].keyframes.done();
                    continue;
                }
                // what is silent may be off, or show a still picture
                let active = track.layers[at].is_active(interval * 4, now);
                let interval = if active { interval } else { SILENT_PAUSE };
                let layer = &mut track.layers[at];
                if let Some(ssrc) = layer.ssrc
                    && layer.keyframes.ask(interval, now)
                {
                    self.stats.keyframe_requests += 1;
                    self.stats.rtcp_out += 1;
                    self.compound.clear();
                    self.compound.add(&rtcp::picture_loss(ssrc));
                    egress.rtcp(owner.key, self.compound.bytes().unwrap_or_default());
                }
                let again = layer.keyframes.due(interval).flatten();
                self.schedule.at_most(Job::Keyframes, again);
            }
        }
    }

    /// Lets bandwidth estimators see the time, and sends their probes.
    fn run_downlinks(&mut self, now: Instant, egress: &mut impl Egress) {
        for (_, peer) in &mut self.peers {
            if !peer.connected {
                continue;
            }
            let due = peer.transport.downlink.poll_timeout();
            if due.is_some_and(|due| due <= now)
                && let Some(bytes) = peer.transport.downlink.handle_timeout(now)
            {
                pad(peer, bytes, now, egress);
            }
            let next = peer.transport.downlink.poll_timeout();
            let next = next.map(|next| next.max(now + DOWNLINKS_PAUSE));
            self.schedule.at_most(Job::Downlinks, next);
        }
    }

    /// Sends sender reports for slots and receiver reports for publications.
    fn send_reports(&mut self, now: Instant, egress: &mut impl Egress) {
        for (_, peer) in &mut self.peers {
            if !peer.connected {
                continue;
            }
            self.compound.clear();
            for slot in &mut peer.slots {
                if let Some(report) = slot.sender_report(&self.tracks, now) {
                    self.compound.add(&report);
                }
                if self.compound.len() >= COMPOUND_BYTES {
                    egress.rtcp(peer.key, self.compound.bytes().unwrap_or_default());
                    self.stats.rtcp_out += 1;
                    self.compound.clear();
                }
            }
            if let Some(report) = receiver_report(peer, &mut self.tracks, &mut self.stats, now) {
                self.compound.add(&report);
            }
            if let Some(packet) = self.compound.bytes() {
                egress.rtcp(peer.key, packet);
                self.stats.rtcp_out += 1;
            }
        }
    }

    fn judge_quality(&mut self) {
        let mut changes = Vec::new();
        for (_, peer) in &mut self.peers {
            if !peer.connected {
                continue;
            }
            let measured = measure(peer);
            if let Some(score) = peer.quality.judge(&measured) {
                changes.push((peer.key, score));
            }
        }
        if !changes.is_empty() {
            self.events.push_back(Event::Quality(changes));
        }
    }
}

/// Fills a probe with padding, in a stream of retransmissions.
fn pad(peer: &mut Peer, bytes: usize, now: Instant, egress: &mut impl Egress) {
    let padded = |slot: &&mut crate::egress::OutSlot| slot.agreed.rtx_ssrc.is_some();
    let Some(slot) = peer.slots.iter_mut().find(padded) else {
        return;
    };
    let mut outlet = Outlet {
        egress,
        to: peer.key,
        downlink: &mut peer.transport.downlink,
        sent: &mut peer.sent,
        now,
    };
    let mut left = bytes;
    while left > 0 {
        let Some(size) = slot.pad(&mut outlet) else {
            return;
        };
        left = left.saturating_sub(size);
    }
}

/// What a publisher is told about its streams.
fn receiver_report(
    peer: &mut Peer,
    tracks: &mut crate::egress::Tracks,
    stats: &mut RoomStats,
    now: Instant,
) -> Option<ReceiverReport> {
    let mut reports = Vec::new();
    let mut loss: f64 = 0.0;
    for track in &peer.tracks {
        let Some(track) = tracks.get_mut(*track) else {
            continue;
        };
        let layers = track.layers.iter_mut();
        for (ssrc, block, (last, delay)) in layers.filter_map(|layer| layer.report(now)) {
            let lost = f64::from(block.fraction_lost) / 256.0;
            loss = loss.max(quality::weighed(lost, block.expected));
            stats.lost_in += block.lost;
            reports.push(ReceptionReport {
                ssrc,
                fraction_lost: block.fraction_lost,
                total_lost: block.total_lost,
                last_sequence_number: block.highest,
                jitter: block.jitter,
                last_sender_report: last,
                delay,
            });
        }
    }
    peer.uplink_loss = peer.uplink_loss.max(loss);
    reports.truncate(BLOCKS_MAX);
    (!reports.is_empty()).then(|| ReceiverReport {
        ssrc: SENDER_SSRC,
        reports,
        ..ReceiverReport::default()
    })
}

/// What was measured on both ways of a peer since the last time.
fn measure(peer: &mut Peer) -> Measured {
    let uplink = std::mem::take(&mut peer.uplink_loss);
    let receptions = peer.slots.iter_mut();
    let receptions = receptions.filter_map(|slot| slot.reports.take_reception());
    let mut measured = Measured {
        loss: uplink.max(peer.transport.downlink.loss()),
        jitter: Duration::ZERO,
        rtt: peer.transport.measured_rtt().unwrap_or_default(),
    };
    for reception in receptions {
        measured.loss = measured.loss.max(reception.loss);
        measured.jitter = measured.jitter.max(reception.jitter);
    }
    measured
}
