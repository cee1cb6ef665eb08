//! The congestion control of one subscriber's downlink as the room uses it:
//! history, estimator and prober wired together.

use std::time::{Duration, Instant};

use rtc_rtcp::transport_feedbacks::transport_layer_cc::TransportLayerCc;

use super::{
    BandwidthConfig, Bitrate, Estimator, Outcome, PacketResult, Prober, SendHistory,
    prober::Situation,
};

/// Packets are on their way for so long without any feedback: it is lost, or
/// the line is.
const SILENCE_AFTER: Duration = Duration::from_secs(2);

/// How often the estimate falls while the silence lasts.
const SILENCE_STEP: Duration = Duration::from_secs(1);

/// Bandwidth estimation and probing for one subscriber.
///
/// 1. Before a packet is sent: [`Self::on_packet_sent`] gives the sequence
///    number for its transport-wide header extension.
/// 2. For each transport-wide feedback: [`Self::on_feedback`].
/// 3. At [`Self::poll_timeout`]: [`Self::handle_timeout`], which may ask for
///    padding.
/// 4. [`Self::estimate`] is what the layers of all slots may cost together.
#[derive(Debug)]
pub struct Downlink {
    history: SendHistory,
    estimator: Estimator,
    prober: Prober,
    wanted: Bitrate,
    results: Vec<PacketResult>,
    epoch: Instant,
    silence: Silence,
}

/// Waiting for feedback.
#[derive(Debug, Default)]
struct Silence {
    /// Some feedback came at some time: the receiver can give it.
    heard: bool,
    /// When the next step down is due: packets were sent and not heard of.
    due: Option<Instant>,
    lasting: bool,
}

impl Downlink {
    /// A downlink of which nothing is known.
    #[must_use]
    pub fn new(config: BandwidthConfig, now: Instant) -> Self {
        Self {
            history: SendHistory::new(now),
            prober: Prober::new(config.clone(), now),
            estimator: Estimator::new(config),
            wanted: Bitrate::ZERO,
            results: Vec::new(),
            epoch: now,
            silence: Silence::default(),
        }
    }

    /// Notes a packet of `size` bytes (RTP header, extensions and payload)
    /// that is being sent, and returns its transport-wide sequence number. Only
    /// for packets that carry the number: others never get a feedback.
    pub fn on_packet_sent(&mut self, size: usize, now: Instant) -> u16 {
        self.prober.on_packet_sent(size);
        if self.silence.heard && self.silence.due.is_none() {
            self.silence.due = Some(now + SILENCE_AFTER);
        }
        self.history.on_packet_sent(size, self.prober.active(), now)
    }

    /// Takes a transport-wide feedback of the subscriber.
    pub fn on_feedback(&mut self, feedback: &TransportLayerCc, now: Instant) {
        self.results.clear();
        self.history.on_feedback(feedback, now, &mut self.results);
        if self.results.is_empty() {
            return;
        }
        self.silence = Silence {
            heard: true,
            due: None,
            lasting: false,
        };
        let age = self.newest_age(now);
        if self.estimator.on_results(&self.results, age, now) {
            self.prober.on_congestion(now);
        }
        for result in &self.results {
            if let Some(measured) = self
                .prober
                .on_result(result, self.estimator.estimate(), now)
            {
                self.estimator.on_probe(measured);
            }
        }
    }

    /// Takes the receiver's estimate (REMB): an upper bound, and the estimate
    /// itself for receivers without transport-wide feedback.
    pub fn on_remb(&mut self, remb: Bitrate) {
        self.estimator.set_remb(remb);
    }

    /// Sets or lifts a bound that the subscriber asked for.
    pub fn set_cap(&mut self, cap: Option<Bitrate>) {
        self.estimator.set_cap(cap);
    }

    /// Says what the view would take at its best. While the estimate is less
    /// than that and a fifth to spare, probes look for more.
    pub fn set_wanted(&mut self, wanted: Bitrate) {
        self.wanted = wanted;
    }

    /// What may be sent in all.
    #[must_use]
    pub fn estimate(&self) -> Bitrate {
        self.estimator.estimate()
    }

    /// Round trip including the receiver's wait before it reports, smoothed.
    #[must_use]
    pub fn rtt(&self) -> Option<Duration> {
        self.estimator.rtt()
    }

    /// The part of the packets that is lost at present, from 0 to 1.
    #[must_use]
    pub fn loss(&self) -> f64 {
        self.estimator.loss()
    }

    /// The rate at which packets arrive, once enough have.
    #[must_use]
    pub fn delivered(&self) -> Option<Bitrate> {
        self.estimator.delivered()
    }

    /// When [`Self::handle_timeout`] wants to be called next. It may lie in
    /// the past, and it may change with every other call.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let probe = self.prober.poll_timeout(&self.situation());
        [probe, self.silence.due].into_iter().flatten().min()
    }

    /// Does what is due. Returns how many bytes of padding to send now, as
    /// packets that go through [`Self::on_packet_sent`] like all others. To
    /// send less, or none, is allowed and makes the probe worthless.
    pub fn handle_timeout(&mut self, now: Instant) -> Option<usize> {
        if self.silence.due.is_some_and(|due| due <= now) {
            self.estimator.on_silence();
            self.prober.on_congestion(now);
            self.silence.lasting = true;
            self.silence.due = Some(now + SILENCE_STEP);
        }
        let situation = self.situation();
        let padding = self.prober.handle_timeout(&situation, now);
        if let Some(measured) = self.prober.take_found() {
            self.estimator.on_probe(measured);
        }
        padding
    }

    fn situation(&self) -> Situation {
        let blocked = !self.silence.heard || self.silence.lasting || !self.estimator.is_calm();
        Situation {
            estimate: self.estimator.estimate(),
            wanted: self.wanted,
            limit: self.estimator.limit(),
            blocked,
        }
    }

    fn newest_age(&self, now: Instant) -> Option<Duration> {
        let delivered =
            |result: &&PacketResult| matches!(result.outcome, Outcome::Delivered { .. });
        let newest = self.results.iter().rev().find(delivered)?;
        Some(now.saturating_duration_since(self.epoch + newest.sent))
    }
}
