//! A server that sends video to one subscriber over a simulated line, and the
//! subscriber's feedback over the way back.

use std::time::{Duration, Instant};

use rtc_rtcp::transport_feedbacks::transport_layer_cc::TransportLayerCc;
use sfu::{
    Bitrate,
    bandwidth::{BandwidthConfig, Downlink, TwccRecorder},
};

use crate::link::{Link, LinkConfig};

const TICK: Duration = Duration::from_millis(1);
const FRAME: Duration = Duration::from_millis(33);
const PACKET: usize = 1_100;

/// A publisher's pacer sends a frame this much faster than on average.
const PACING: f64 = 2.5;

/// How the sending rate follows the estimate.
pub(crate) enum Source {
    /// Sends as much as the estimate allows, up to a rate.
    UpTo(Bitrate),
    /// Sends the largest of these layers that fits the estimate.
    Layers(Vec<Bitrate>),
    /// Sends at one rate, whatever the estimate.
    Fixed(Bitrate),
}

impl Source {
    pub(crate) fn layers(kbps: &[u64]) -> Self {
        Self::Layers(kbps.iter().copied().map(Bitrate::from_kbps).collect())
    }

    fn rate(&self, estimate: Bitrate) -> Bitrate {
        match self {
            Self::UpTo(most) => estimate.min(*most),
            Self::Fixed(rate) => *rate,
            Self::Layers(layers) => {
                let fitting = layers.iter().copied().filter(|layer| *layer <= estimate);
                fitting.max().unwrap_or(layers[0])
            }
        }
    }

    fn wanted(&self) -> Bitrate {
        match self {
            Self::UpTo(rate) | Self::Fixed(rate) => *rate,
            Self::Layers(layers) => layers.iter().copied().max().unwrap_or_default(),
        }
    }
}

/// What was seen in one tick.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    pub(crate) at: Duration,
    pub(crate) estimate: Bitrate,
    pub(crate) sending: Bitrate,
    pub(crate) queueing: Duration,
}

pub(crate) struct Call {
    pub(crate) line: Link<Option<u16>>,
    pub(crate) back: Link<TransportLayerCc>,
    pub(crate) downlink: Downlink,
    pub(crate) source: Source,
    pub(crate) samples: Vec<Sample>,
    pub(crate) padding: usize,
    last_padding: Duration,
    /// Traffic of others on the same line.
    pub(crate) competing: Bitrate,
    receiver: TwccRecorder,
    began: Instant,
    now: Instant,
    next_frame: Instant,
    backlog: usize,
    credit: f64,
    competing_credit: f64,
}

/// Marks packets of other traffic, which the receiver does not report.
const FOREIGN: Option<u16> = None;

impl Call {
    pub(crate) fn new(line: LinkConfig, source: Source) -> Self {
        let now = Instant::now();
        Self {
            line: Link::new(line, 1),
            back: Link::new(LinkConfig::default(), 2),
            downlink: Downlink::new(BandwidthConfig::default(), now),
            source,
            samples: Vec::new(),
            padding: 0,
            last_padding: Duration::ZERO,
            competing: Bitrate::ZERO,
            receiver: TwccRecorder::new(now),
            began: now,
            now,
            next_frame: now,
            backlog: 0,
            credit: 0.0,
            competing_credit: 0.0,
        }
    }

    /// A line of so many kbit/s whose queue holds 300 ms, and a view that
    /// would take ten times as much.
    pub(crate) fn over(kbps: u64) -> Self {
        let source = Source::UpTo(Bitrate::from_kbps(kbps * 10));
        Self::new(bottleneck(kbps), source)
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.now - self.began
    }

    pub(crate) fn now(&self) -> Instant {
        self.now
    }

    pub(crate) fn run_until(&mut self, seconds: f64) {
        while self.elapsed() < Duration::from_secs_f64(seconds) {
            self.tick();
        }
    }

    fn tick(&mut self) {
        self.now += TICK;
        self.downlink.set_wanted(self.source.wanted());
        let rate = self.source.rate(self.downlink.estimate());
        self.send_media(rate);
        self.send_foreign();
        self.probe();
        self.receive();
        self.samples.push(Sample {
            at: self.elapsed(),
            estimate: self.downlink.estimate(),
            sending: rate,
            queueing: self.line.queueing(),
        });
    }

    fn send_media(&mut self, rate: Bitrate) {
        if self.now >= self.next_frame {
            self.next_frame += FRAME;
            self.backlog += rate.bytes_in(FRAME);
        }
        let share = rate.scale(PACING).bytes_in(TICK) as f64;
        self.credit = (self.credit + share).min(rate.scale(PACING).bytes_in(FRAME) as f64);
        while self.backlog > 0 && self.credit > 0.0 {
            let size = self.backlog.min(PACKET);
            self.backlog -= size;
            self.credit -= size as f64;
            self.send(size);
        }
    }

    fn send_foreign(&mut self) {
        self.competing_credit += self.competing.bytes_in(TICK) as f64;
        while self.competing_credit > PACKET as f64 {
            self.competing_credit -= PACKET as f64;
            self.line.send(PACKET, FOREIGN, self.now);
        }
    }

    fn send(&mut self, size: usize) {
        let sequence = self.downlink.on_packet_sent(size, self.now);
        self.line.send(size, Some(sequence), self.now);
    }

    fn probe(&mut self) {
        if self
            .downlink
            .poll_timeout()
            .is_none_or(|due| due > self.now)
        {
            return;
        }
        let mut bytes = self.downlink.handle_timeout(self.now).unwrap_or(0);
        self.padding += bytes;
        if bytes > 0 {
            self.last_padding = self.elapsed();
        }
        while bytes > 0 {
            let size = bytes.min(PACKET);
            bytes -= size;
            self.send(size);
        }
    }

    fn receive(&mut self) {
        while let Some(sequence) = self.line.receive(self.now) {
            if let Some(sequence) = sequence {
                self.receiver.on_packet_received(sequence, self.now);
            }
        }
        while let Some(feedback) = self.receiver.poll_feedback(1, 2, self.now) {
            self.back.send(100, feedback, self.now);
        }
        while let Some(feedback) = self.back.receive(self.now) {
            self.downlink.on_feedback(&feedback, self.now);
        }
    }

    /// When padding was last sent, in seconds since the beginning.
    pub(crate) fn last_padding(&self) -> f64 {
        self.last_padding.as_secs_f64()
    }

    fn between(&self, from: f64, to: f64) -> impl Iterator<Item = &Sample> + Clone {
        let (from, to) = (Duration::from_secs_f64(from), Duration::from_secs_f64(to));
        self.samples
            .iter()
            .filter(move |sample| (from..to).contains(&sample.at))
    }

    /// Mean estimate in kbit/s.
    pub(crate) fn mean_kbps(&self, from: f64, to: f64) -> f64 {
        let samples = self.between(from, to);
        let count = samples.clone().count() as f64;
        samples.map(|s| s.estimate.as_bps() as f64).sum::<f64>() / count / 1_000.0
    }

    /// Lowest estimate in kbit/s.
    pub(crate) fn lowest_kbps(&self, from: f64, to: f64) -> u64 {
        let lowest = self.between(from, to).map(|s| s.estimate).min();
        lowest.unwrap_or_default().as_bps() / 1_000
    }

    /// Highest estimate in kbit/s.
    pub(crate) fn highest_kbps(&self, from: f64, to: f64) -> u64 {
        let highest = self.between(from, to).map(|s| s.estimate).max();
        highest.unwrap_or_default().as_bps() / 1_000
    }

    /// The queueing delay that is exceeded during this part of the time.
    pub(crate) fn queueing_above(&self, part: f64, from: f64, to: f64) -> Duration {
        let mut all: Vec<_> = self.between(from, to).map(|s| s.queueing).collect();
        all.sort_unstable();
        all[((all.len() - 1) as f64 * (1.0 - part)) as usize]
    }

    /// The first moment, in seconds, at which the estimate reached a rate.
    pub(crate) fn reached(&self, kbps: u64, from: f64) -> Option<f64> {
        let mut later = self.between(from, 1e6);
        let reached = later.find(|s| s.estimate >= Bitrate::from_kbps(kbps));
        reached.map(|s| s.at.as_secs_f64() - from)
    }

    /// The first moment, in seconds, at which the estimate was below a rate.
    pub(crate) fn fell_below(&self, kbps: u64, from: f64) -> Option<f64> {
        let mut later = self.between(from, 1e6);
        let fell = later.find(|s| s.estimate < Bitrate::from_kbps(kbps));
        fell.map(|s| s.at.as_secs_f64() - from)
    }
}

/// A line with a queue of 300 ms.
pub(crate) fn bottleneck(kbps: u64) -> LinkConfig {
    let capacity = Bitrate::from_kbps(kbps);
    LinkConfig {
        capacity,
        queue: capacity.bytes_in(Duration::from_millis(300)),
        ..LinkConfig::default()
    }
}
