//! When to look for more bandwidth, and what a probe showed.
//!
//! A probe (cluster) raises the sending rate for some 20 ms by padding and
//! compares it with the rate of arrival. Which packets carry the padding is
//! the caller's matter: media that is sent meanwhile counts as well.

use std::{
    num::NonZeroU8,
    time::{Duration, Instant},
};

use super::{BandwidthConfig, Bitrate, PacketResult, cluster::Cluster};

/// The first probe tests so many times the estimate.
const FIRST_FACTOR: f64 = 3.0;

/// Each further probe tests so many times the estimate.
const FACTOR: f64 = 2.0;

/// No probe tests more than what is wanted and this reserve, which keeps the
/// layer choice from standing on the edge.
const RESERVE: f64 = 1.2;

/// A probe whose rate arrived up to this part found the line free.
const FREE: f64 = 0.9;

/// A rate of arrival below the probe's is the line's capacity; the estimate
/// takes this part of it, so that the queue of the probe can drain.
const UTILISATION: f64 = 0.9;

/// A probe that shows more than so many times the estimate was worth it.
const PROGRESS: f64 = 1.1;

/// How long results of a probe are waited for.
const RESULT_TIMEOUT: Duration = Duration::from_secs(1);

/// After congestion the queue gets so long to drain before a new probe.
const CONGESTION_PAUSE: Duration = Duration::from_secs(1);

/// Names one probe among the packets in flight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClusterId(NonZeroU8);

impl ClusterId {
    const FIRST: Self = Self(NonZeroU8::MIN);

    fn next(self) -> Self {
        Self(self.0.checked_add(1).unwrap_or(NonZeroU8::MIN))
    }
}

/// What the decision for a probe rests on.
#[derive(Debug, Clone, Copy)]
pub struct Situation {
    /// The estimate as it is.
    pub estimate: Bitrate,
    /// What could be used, at most the caps.
    pub wanted: Bitrate,
    /// The line is congested, or the receiver gives no feedback.
    pub blocked: bool,
}

/// Decides on probes for one subscriber.
#[derive(Debug)]
pub struct Prober {
    config: BandwidthConfig,
    phase: Phase,
    id: ClusterId,
    factor: f64,
    /// Pause before the next probe when the last one found nothing.
    pause: Duration,
    not_before: Instant,
}

#[derive(Debug)]
enum Phase {
    Idle,
    Sending(Cluster),
    Awaiting(Cluster),
}

impl Prober {
    /// A prober that may begin now.
    #[must_use]
    pub fn new(config: BandwidthConfig, now: Instant) -> Self {
        Self {
            pause: config.probe_interval,
            config,
            phase: Phase::Idle,
            id: ClusterId::FIRST,
            factor: FIRST_FACTOR,
            not_before: now,
        }
    }

    /// The probe that packets sent now belong to.
    #[must_use]
    pub fn active(&self) -> Option<ClusterId> {
        matches!(self.phase, Phase::Sending(_)).then_some(self.id)
    }

    /// Counts a packet, media or padding, towards the probe under way.
    pub fn on_packet_sent(&mut self, size: usize) {
        if let Phase::Sending(cluster) = &mut self.phase {
            cluster.on_packet_sent(size);
        }
    }

    /// When [`Self::handle_timeout`] wants to be called.
    #[must_use]
    pub fn poll_timeout(&self, situation: &Situation) -> Option<Instant> {
        match &self.phase {
            Phase::Idle => self.is_useful(situation).then_some(self.not_before),
            Phase::Sending(cluster) => Some(cluster.next_step()),
            Phase::Awaiting(cluster) => Some(cluster.end() + RESULT_TIMEOUT),
        }
    }

    /// Begins or continues a probe: returns how many bytes of padding to send
    /// now, if any.
    pub fn handle_timeout(&mut self, situation: &Situation, now: Instant) -> Option<usize> {
        self.begin(situation, now);
        match std::mem::replace(&mut self.phase, Phase::Idle) {
            Phase::Idle => None,
            Phase::Sending(cluster) if cluster.end() <= now => {
                self.phase = Phase::Awaiting(cluster);
                None
            }
            Phase::Sending(mut cluster) => {
                let bytes = cluster.step(now);
                self.phase = Phase::Sending(cluster);
                bytes
            }
            Phase::Awaiting(cluster) => {
                match now < cluster.end() + RESULT_TIMEOUT {
                    true => self.phase = Phase::Awaiting(cluster),
                    false => self.found_nothing(now),
                }
                None
            }
        }
    }

    /// Takes the result of one packet; returns the bandwidth that a probe has
    /// shown to be there, when this completes it.
    pub fn on_result(
        &mut self,
        result: &PacketResult,
        estimate: Bitrate,
        now: Instant,
    ) -> Option<Bitrate> {
        if result.cluster != Some(self.id) {
            return None;
        }
        let Phase::Awaiting(cluster) = &mut self.phase else {
            if let Phase::Sending(cluster) = &mut self.phase {
                cluster.on_result(result);
            }
            return None;
        };
        cluster.on_result(result);
        if !cluster.is_complete() {
            return None;
        }
        let (measured, target) = (cluster.measure(), cluster.rate());
        self.conclude(measured, target, estimate, now)
    }

    /// Gives a probe under way up and lets the line rest.
    pub fn on_congestion(&mut self, now: Instant) {
        self.phase = Phase::Idle;
        self.not_before = self.not_before.max(now + CONGESTION_PAUSE);
    }

    fn begin(&mut self, situation: &Situation, now: Instant) {
        let idle = matches!(self.phase, Phase::Idle);
        if !idle || now < self.not_before || !self.is_useful(situation) {
            return;
        }
        let most = situation.wanted.scale(RESERVE).min(self.config.max);
        let rate = situation.estimate.scale(self.factor).min(most);
        self.id = self.id.next();
        self.phase = Phase::Sending(Cluster::new(rate, self.config.probe_length, now));
    }

    fn is_useful(&self, situation: &Situation) -> bool {
        !situation.blocked && situation.wanted.min(self.config.max) > situation.estimate
    }

    fn conclude(
        &mut self,
        measured: Option<Bitrate>,
        target: Bitrate,
        estimate: Bitrate,
        now: Instant,
    ) -> Option<Bitrate> {
        let Some(measured) = measured else {
            self.found_nothing(now);
            return None;
        };
        self.phase = Phase::Idle;
        self.factor = FACTOR;
        if measured >= target.scale(FREE) {
            self.pause = self.config.probe_interval;
            self.not_before = now;
            return Some(measured);
        }
        let shown = measured.scale(UTILISATION);
        if shown > estimate.scale(PROGRESS) {
            self.pause = self.config.probe_interval;
        }
        self.back_off(now);
        Some(shown)
    }

    fn found_nothing(&mut self, now: Instant) {
        self.phase = Phase::Idle;
        self.factor = FACTOR;
        self.back_off(now);
    }

    fn back_off(&mut self, now: Instant) {
        self.not_before = now + self.pause;
        self.pause = (self.pause * 2).min(self.config.probe_interval_max);
    }
}
