//! How much one subscriber's downlink carries: the lower of a delay-based and
//! a loss-based rate, within what the receiver and the view allow.

use std::time::{Duration, Instant};

use super::{
    BandwidthConfig, Bitrate, Outcome, PacketResult,
    aimd::{Aimd, Traffic},
    arrival::ArrivalGroups,
    loss::{Flow, LossBound},
    queue::Queue,
    throughput::Throughput,
    trendline::{Trendline, Usage},
};

/// Weight of a new round trip in the smoothed one.
const RTT_WEIGHT: f64 = 0.125;

/// Round trip that is assumed before one was measured.
const RTT_START: Duration = Duration::from_millis(100);

/// Factor per second while packets are sent and nothing is heard of them.
const SILENCE: f64 = 0.8;

/// Send-side bandwidth estimate of one subscriber.
#[derive(Debug)]
pub struct Estimator {
    config: BandwidthConfig,
    groups: ArrivalGroups,
    trendline: Trendline,
    aimd: Aimd,
    loss: LossBound,
    queue: Queue,
    sent: Throughput,
    delivered: Throughput,
    rtt: Option<Duration>,
    has_feedback: bool,
    remb: Option<Bitrate>,
    cap: Option<Bitrate>,
}

impl Estimator {
    /// An estimator that has measured nothing yet.
    #[must_use]
    pub fn new(config: BandwidthConfig) -> Self {
        Self {
            aimd: Aimd::new(config.start),
            config,
            groups: ArrivalGroups::default(),
            trendline: Trendline::new(),
            loss: LossBound::default(),
            queue: Queue::default(),
            sent: Throughput::default(),
            delivered: Throughput::default(),
            rtt: None,
            has_feedback: false,
            remb: None,
            cap: None,
        }
    }

    /// What may be sent. A receiver that gives no transport-wide feedback but
    /// its own estimate (REMB) is believed.
    #[must_use]
    pub fn estimate(&self) -> Bitrate {
        let measured = match (self.has_feedback, self.remb) {
            (false, Some(remb)) => remb,
            _ => self.aimd.rate(),
        };
        let bounded = self.loss.bound().map_or(measured, |b| measured.min(b));
        bounded
            .min(self.limit())
            .max(self.config.min.min(self.limit()))
    }

    /// The most that receiver, view and configuration allow.
    #[must_use]
    pub fn limit(&self) -> Bitrate {
        [self.remb, self.cap]
            .into_iter()
            .flatten()
            .fold(self.config.max, Bitrate::min)
    }

    /// Whether the queue on the way is neither growing nor long: a probe now
    /// would measure the line and not the queue.
    #[must_use]
    pub fn is_calm(&self) -> bool {
        self.trendline.usage() != Usage::Over && self.queue.is_low()
    }

    /// Time from sending a packet to hearing of it, smoothed.
    #[must_use]
    pub fn rtt(&self) -> Option<Duration> {
        self.rtt
    }

    /// The part of the packets that is lost at present, from 0 to 1.
    #[must_use]
    pub fn loss(&self) -> f64 {
        self.loss.fraction()
    }

    /// The rate at which packets arrive, once enough have.
    #[must_use]
    pub fn delivered(&self) -> Option<Bitrate> {
        self.delivered.rate()
    }

    /// The receiver's own estimate (REMB): an upper bound.
    pub fn set_remb(&mut self, remb: Bitrate) {
        self.remb = Some(remb);
    }

    /// An upper bound that somebody asked for, or none.
    pub fn set_cap(&mut self, cap: Option<Bitrate>) {
        self.cap = cap;
    }

    /// Takes the results of one feedback, in sending order; `age` is the time
    /// since the newest of the delivered packets was sent. True when the
    /// estimate was lowered because of congestion.
    pub fn on_results(
        &mut self,
        results: &[PacketResult],
        age: Option<Duration>,
        now: Instant,
    ) -> bool {
        self.has_feedback = true;
        if let Some(age) = age {
            let rtt = self.rtt.unwrap_or(age);
            self.rtt = Some(rtt.mul_f64(1.0 - RTT_WEIGHT) + age.mul_f64(RTT_WEIGHT));
        }
        for result in results {
            self.take(result, now);
        }
        self.queue.update(results, now);
        let traffic = Traffic {
            sent: self.sent.rate(),
            delivered: self.delivered.rate(),
            recently_sent: self.sent.recent(),
            recently_delivered: self.delivered.recent(),
            rtt: self.rtt.unwrap_or(RTT_START),
        };
        let before = self.estimate();
        let usage = match self.queue.should_drain(now) {
            true => Usage::Over,
            false => self.trendline.usage(),
        };
        let late = self.aimd.update(usage, &traffic, now);
        self.aimd.clamp(self.config.min, self.config.max);
        let flow = Flow {
            estimate: before,
            sent: traffic.sent,
            queued: !self.queue.is_low(),
        };
        let lossy = self.loss.update(&flow, now);
        late || lossy
    }

    /// A probe has shown that this much fits.
    pub fn on_probe(&mut self, measured: Bitrate) {
        if measured > self.aimd.rate() {
            self.aimd.set(measured.min(self.config.max));
        }
        self.loss.raise(measured);
    }

    /// Packets are sent, but for a second nothing was heard of them.
    pub fn on_silence(&mut self) {
        self.aimd.set(self.aimd.rate().scale(SILENCE));
        self.aimd.clamp(self.config.min, self.config.max);
    }

    fn take(&mut self, result: &PacketResult, now: Instant) {
        let size = u64::from(result.size);
        let sent_us = i64::try_from(result.sent.as_micros()).unwrap_or(i64::MAX);
        self.loss.add(result);
        let Outcome::Delivered { at, late } = result.outcome else {
            self.sent.add(size, sent_us);
            return;
        };
        if !late {
            self.sent.add(size, sent_us);
        }
        self.delivered.add(size, at);
        if result.cluster.is_some() {
            // a probe queues on purpose: that says nothing about the media
            self.groups.reset();
        } else if let Some(spacing) = self.groups.add(result.sent, at) {
            self.trendline.update(spacing, now);
        }
    }
}
