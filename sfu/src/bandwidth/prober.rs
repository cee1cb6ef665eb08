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

/// An estimate of so many times what is wanted is enough: the choice of layers
/// wants some bitrate to spare before it goes up.
const ENOUGH: f64 = 1.2;

/// No probe tests more than so many times what is wanted. What a probe shows
/// may be a tenth less and should be enough nevertheless.
const RESERVE: f64 = 1.35;

/// This part of the limit is as good as the limit.
const NEAR_LIMIT: f64 = 0.95;

/// A probe may exceed the limit by this factor, for the same reason.
const OVER_LIMIT: f64 = 1.1;

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
    /// What could be used.
    pub wanted: Bitrate,
    /// The most that the estimate can become.
    pub limit: Bitrate,
    /// The line is congested, or the receiver gives no feedback.
    pub blocked: bool,
}

impl Situation {
    fn is_useful(&self) -> bool {
        let enough = self.wanted.scale(ENOUGH);
        !self.blocked && self.estimate < enough.min(self.limit.scale(NEAR_LIMIT))
    }
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
    /// What a probe has shown whose results had all come when it ended.
    found: Option<Bitrate>,
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
            found: None,
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
            Phase::Idle => situation.is_useful().then_some(self.not_before),
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
                if cluster.is_complete() {
                    let (measured, target) = (cluster.measure(), cluster.rate());
                    self.found = self.conclude(measured, target, situation.estimate, now);
                } else {
                    self.phase = Phase::Awaiting(cluster);
                }
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

    /// The bandwidth that a probe has shown which ended in
    /// [`Self::handle_timeout`], after its results: on a line without delay.
    pub fn take_found(&mut self) -> Option<Bitrate> {
        self.found.take()
    }

    /// Gives a probe under way up and lets the line rest.
    pub fn on_congestion(&mut self, now: Instant) {
        self.phase = Phase::Idle;
        self.not_before = self.not_before.max(now + CONGESTION_PAUSE);
    }

    fn begin(&mut self, situation: &Situation, now: Instant) {
        let idle = matches!(self.phase, Phase::Idle);
        if !idle || now < self.not_before || !situation.is_useful() {
            return;
        }
        let most = situation.limit.scale(OVER_LIMIT);
        let most = situation.wanted.scale(RESERVE).min(most);
        let rate = situation.estimate.scale(self.factor).min(most);
        self.id = self.id.next();
        self.phase = Phase::Sending(Cluster::new(rate, self.config.probe_length, now));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bandwidth::Outcome;

    const WANTING: Situation = Situation {
        estimate: Bitrate::from_kbps(1_000),
        wanted: Bitrate::from_kbps(10_000),
        limit: Bitrate::from_kbps(20_000),
        blocked: false,
    };

    struct Probe {
        prober: Prober,
        start: Instant,
        now: Instant,
        sent: Vec<PacketResult>,
    }

    impl Probe {
        fn new() -> Self {
            let start = Instant::now();
            Self {
                prober: Prober::new(BandwidthConfig::default(), start),
                start,
                now: start,
                sent: Vec::new(),
            }
        }

        /// Runs until nothing is asked for any more; returns the bytes.
        fn send(&mut self, situation: &Situation) -> usize {
            let (mut bytes, until) = (0, self.now + Duration::from_millis(200));
            while self.now < until {
                if let Some(asked) = self.prober.handle_timeout(situation, self.now) {
                    bytes += asked;
                    self.prober.on_packet_sent(asked);
                    self.sent.push(PacketResult {
                        size: asked as u16,
                        cluster: self.prober.active(),
                        sent: self.now - self.start,
                        outcome: Outcome::Lost,
                    });
                }
                self.now += Duration::from_millis(1);
            }
            bytes
        }

        /// All packets arrive, spread by a line of this capacity.
        fn arrive(&mut self, capacity: Bitrate) -> Option<Bitrate> {
            let (mut free, mut found) = (0, None);
            for mut packet in self.sent.drain(..) {
                let sent = packet.sent.as_micros() as i64;
                let service = i64::from(packet.size) * 8_000_000 / capacity.as_bps() as i64;
                free = sent.max(free) + service;
                packet.outcome = Outcome::Delivered {
                    at: free,
                    late: false,
                };
                found = found.or(self.prober.on_result(&packet, WANTING.estimate, self.now));
            }
            found
        }
    }

    #[test]
    fn fast_line_shows_the_rate_of_the_probe_and_the_next_follows_at_once() {
        let mut probe = Probe::new();
        let bytes = probe.send(&WANTING);
        assert_eq!(
            bytes,
            Bitrate::from_kbps(3_000).bytes_in(Duration::from_millis(20))
        );
        let found = probe.arrive(Bitrate::from_kbps(100_000)).expect("a result");
        assert!(found >= Bitrate::from_kbps(2_700), "{found}");
        assert!(probe.send(&WANTING) > 0);
    }

    #[test]
    fn slow_line_shows_its_capacity_and_is_left_alone_for_a_while() {
        let mut probe = Probe::new();
        probe.send(&WANTING);
        let found = probe.arrive(Bitrate::from_kbps(1_500)).expect("a result");
        let range = Bitrate::from_kbps(1_200)..Bitrate::from_kbps(1_600);
        assert!(range.contains(&found), "{found}");
        assert_eq!(probe.send(&WANTING), 0);
        probe.now += BandwidthConfig::default().probe_interval;
        assert!(probe.send(&WANTING) > 0);
    }

    #[test]
    fn results_that_come_before_the_probe_ends_count() {
        let mut probe = Probe::new();
        let mut found = None;
        for millis in 0..=40 {
            let now = probe.start + Duration::from_millis(millis);
            if let Some(size) = probe.prober.handle_timeout(&WANTING, now) {
                probe.prober.on_packet_sent(size);
                let delivered = PacketResult {
                    size: size as u16,
                    cluster: probe.prober.active(),
                    sent: now - probe.start,
                    outcome: Outcome::Delivered {
                        at: millis as i64 * 1_000,
                        late: false,
                    },
                };
                let early = probe.prober.on_result(&delivered, WANTING.estimate, now);
                assert_eq!(early, None, "the probe still goes on");
            }
            found = found.or(probe.prober.take_found());
        }
        assert!(found >= Some(Bitrate::from_kbps(2_700)), "{found:?}");
    }

    #[test]
    fn lost_probe_finds_nothing() {
        let mut probe = Probe::new();
        probe.send(&WANTING);
        let results: Vec<_> = probe.sent.drain(..).collect();
        let now = probe.now;
        let mut found = results
            .iter()
            .filter_map(|lost| probe.prober.on_result(lost, WANTING.estimate, now));
        assert_eq!(found.next(), None);
    }

    #[test]
    fn nothing_is_probed_when_blocked_or_satisfied() {
        let satisfied = Situation {
            wanted: Bitrate::from_kbps(800),
            ..WANTING
        };
        let blocked = Situation {
            blocked: true,
            ..WANTING
        };
        assert_eq!(Probe::new().send(&satisfied), 0);
        assert_eq!(Probe::new().send(&blocked), 0);
        let prober = Probe::new().prober;
        assert_eq!(prober.poll_timeout(&satisfied), None);
        assert_eq!(prober.poll_timeout(&blocked), None);
    }

    #[test]
    fn probe_stays_within_what_is_wanted() {
        let little = Situation {
            wanted: Bitrate::from_kbps(1_200),
            ..WANTING
        };
        let bytes = Probe::new().send(&little);
        let most = Bitrate::from_kbps(1_620).bytes_in(Duration::from_millis(20));
        assert!((1..=most).contains(&bytes), "{bytes}");
    }

    #[test]
    fn nothing_is_probed_at_the_limit() {
        let capped = Situation {
            limit: WANTING.estimate,
            ..WANTING
        };
        assert_eq!(Probe::new().send(&capped), 0);
    }

    #[test]
    fn congestion_ends_a_probe() {
        let mut probe = Probe::new();
        probe.prober.handle_timeout(&WANTING, probe.now);
        probe.prober.on_congestion(probe.now);
        assert_eq!(probe.prober.active(), None);
        assert_eq!(probe.send(&WANTING), 0);
    }
}
