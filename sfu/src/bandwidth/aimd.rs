//! The delay-based rate: grows while the queue is calm, falls below what
//! arrives when it builds up (draft-ietf-rmcat-gcc-02 §5.5, libwebrtc's AIMD).

use std::time::{Duration, Instant};

use super::{Bitrate, capacity::LinkCapacity, trendline::Usage};

/// Part of the arriving rate that is left when the line is full, so that the
/// queue drains.
const BETA: f64 = 0.85;

/// Growth per second far from the known capacity.
const GROWTH: f64 = 1.08;

/// The rate grows to at most so many times what arrives, and a little more:
/// what was never sent is not known to fit.
const PROVEN: f64 = 1.5;
const PROVEN_EXTRA_BPS: f64 = 10_000.0;

/// Growth near the capacity: at least so much per second.
const ADDITIVE_MIN_BPS: f64 = 4_000.0;

/// Bits of a full packet, and frames per second of a video: they give the
/// size of one additive step.
const PACKET_BITS: f64 = 1_200.0 * 8.0;
const FRAMES: f64 = 30.0;

/// Less than this part of the estimate is sent: the application is the limit.
const LIMITED: f64 = 0.7;

/// So many times the estimate is sent on trial at least. When it all arrives,
/// and nothing was wrong for a while, the estimate was too low. Less than this
/// is what still comes out of a queue after a reduction.
const TRIAL: f64 = 1.3;
const TRIAL_CALM: Duration = Duration::from_secs(1);

/// This part of what is sent arrives in the same time: no queue builds up.
const CALM: f64 = 0.9;

/// Arrivals that fell to this part of what they were half a second ago mean
/// that the line got slower: the average over the whole time hides that.
const COLLAPSE: f64 = 0.7;

/// Pause between two reductions while the application is the limit.
const LIMITED_PAUSE: Duration = Duration::from_millis(300);

/// Range of the pause between two reductions otherwise: one round trip.
const PAUSE_MIN: Duration = Duration::from_millis(10);
const PAUSE_MAX: Duration = Duration::from_millis(200);

/// What goes over the line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Traffic {
    /// What is sent.
    pub(super) sent: Option<Bitrate>,
    /// What arrives.
    pub(super) delivered: Option<Bitrate>,
    /// What was sent in the last moments.
    pub(super) recently_sent: Option<Bitrate>,
    /// What arrived in the last moments.
    pub(super) recently_delivered: Option<Bitrate>,
    /// Time from sending a packet to its feedback.
    pub(super) rtt: Duration,
}

impl Traffic {
    /// Whether the line carries much less than a moment ago.
    fn has_collapsed(&self) -> bool {
        let long = self.delivered.unwrap_or_default();
        let recent = self.recently_delivered;
        recent.is_some_and(|recent| recent < long.scale(COLLAPSE))
    }

    /// Whether all that is sent arrives in the same time.
    fn fits(&self) -> bool {
        let (sent, delivered) = (self.sent, self.delivered);
        sent.zip(delivered)
            .is_some_and(|(sent, delivered)| delivered >= sent.scale(CALM))
    }

    /// What the line carries while a queue builds up.
    fn carried(&self) -> Option<Bitrate> {
        match self.has_collapsed() {
            true => self.recently_delivered,
            false => self.delivered,
        }
    }

    /// What was sent in the same time.
    fn sending(&self) -> Option<Bitrate> {
        match self.has_collapsed() {
            true => self.recently_sent,
            false => self.sent,
        }
    }
}

/// Additive increase, multiplicative decrease.
#[derive(Debug)]
pub(super) struct Aimd {
    bps: f64,
    capacity: LinkCapacity,
    updated: Option<Instant>,
    reduced: Option<Instant>,
}

impl Aimd {
    pub(super) fn new(start: Bitrate) -> Self {
        Self {
            bps: start.as_bps() as f64,
            capacity: LinkCapacity::new(),
            updated: None,
            reduced: None,
        }
    }

    pub(super) fn rate(&self) -> Bitrate {
        Bitrate::from_bps(self.bps as u64)
    }

    /// Sets the rate to what a probe has shown.
    pub(super) fn set(&mut self, rate: Bitrate) {
        self.bps = rate.as_bps() as f64;
        self.capacity.forget();
    }

    pub(super) fn clamp(&mut self, min: Bitrate, max: Bitrate) {
        self.bps = self.bps.clamp(min.as_bps() as f64, max.as_bps() as f64);
    }

    /// Goes on with what the queue does now; true when the rate was reduced.
    pub(super) fn update(&mut self, usage: Usage, traffic: &Traffic, now: Instant) -> bool {
        let elapsed = self
            .updated
            .replace(now)
            .map_or(Duration::ZERO, |last| now.saturating_duration_since(last));
        match usage {
            Usage::Under => false,
            Usage::Normal => {
                self.increase(traffic, elapsed.as_secs_f64().min(1.0), now);
                false
            }
            Usage::Over => self.decrease(traffic, now),
        }
    }

    fn increase(&mut self, traffic: &Traffic, seconds: f64, now: Instant) {
        let Some(delivered) = traffic.delivered.map(|rate| rate.as_bps() as f64) else {
            return;
        };
        self.capacity.on_delivered(delivered);
        let grown = match self.capacity.is_known() {
            true => self.bps + self.additive_step(traffic.rtt) * seconds,
            false => (self.bps * GROWTH.powf(seconds)).max(self.bps + 1_000.0 * seconds),
        };
        let proven = delivered * PROVEN + PROVEN_EXTRA_BPS;
        self.bps = grown.min(proven).max(self.bps);
        if delivered > self.bps * TRIAL && traffic.fits() && !self.was_reduced(TRIAL_CALM, now) {
            self.bps = delivered;
        }
    }

    /// One packet per response time.
    fn additive_step(&self, rtt: Duration) -> f64 {
        let frame = self.bps / FRAMES;
        let packet = frame / (frame / PACKET_BITS).ceil().max(1.0);
        let response = rtt.as_secs_f64() + 0.1;
        (packet / response).max(ADDITIVE_MIN_BPS)
    }

    fn decrease(&mut self, traffic: &Traffic, now: Instant) -> bool {
        let Some(delivered) = traffic.carried().map(|rate| rate.as_bps() as f64) else {
            return self.reduce(self.bps / 2.0, PAUSE_MAX, now);
        };
        if self.is_limited_by_application(traffic, delivered) {
            // a short disturbance costs a little, a lasting one soon a lot
            return self.reduce((self.bps * BETA).max(delivered * BETA), LIMITED_PAUSE, now);
        }
        let pause = match delivered < self.bps / 2.0 {
            true => Duration::ZERO,
            false => traffic.rtt.clamp(PAUSE_MIN, PAUSE_MAX),
        };
        let reduced = self.reduce(delivered * BETA, pause, now);
        if reduced {
            self.capacity.on_overuse(delivered);
        }
        reduced
    }

    fn is_limited_by_application(&self, traffic: &Traffic, delivered: f64) -> bool {
        let sent = traffic.sending();
        let sent = sent.map_or(delivered, |rate| rate.as_bps() as f64);
        delivered < self.bps * LIMITED && delivered >= sent * CALM
    }

    /// Whether the last reduction is less than this ago.
    fn was_reduced(&self, ago: Duration, now: Instant) -> bool {
        self.reduced.is_some_and(|last| now < last + ago)
    }

    fn reduce(&mut self, bps: f64, pause: Duration, now: Instant) -> bool {
        if self.was_reduced(pause, now) || bps >= self.bps {
            return false;
        }
        self.bps = bps;
        self.reduced = Some(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn traffic(sent: u64, delivered: u64) -> Traffic {
        let (sent, delivered) = (Bitrate::from_kbps(sent), Bitrate::from_kbps(delivered));
        Traffic {
            sent: Some(sent),
            delivered: Some(delivered),
            recently_sent: Some(sent),
            recently_delivered: Some(delivered),
            rtt: Duration::from_millis(20),
        }
    }

    /// The rate after a second of such traffic, from 600 kbit/s on.
    fn after_a_second(traffic: &Traffic) -> u64 {
        let (mut aimd, start) = (Aimd::new(Bitrate::from_kbps(600)), Instant::now());
        for n in 0..10 {
            aimd.update(
                Usage::Normal,
                traffic,
                start + Duration::from_millis(100 * n),
            );
        }
        aimd.rate().as_bps() / 1_000
    }

    #[test]
    fn what_is_sent_on_trial_and_arrives_fits() {
        assert!(after_a_second(&traffic(1_200, 1_200)) >= 1_200);
    }

    #[test]
    fn what_is_sent_on_trial_and_piles_up_does_not_fit() {
        assert!(after_a_second(&traffic(1_200, 900)) < 700);
    }
}
