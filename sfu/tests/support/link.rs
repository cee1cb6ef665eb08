//! A simulated one-way network path on a virtual clock: a bottleneck with a
//! queue, then propagation delay, jitter and random loss.
//!
//! The caller passes the time in; the same seed gives the same run. Two links
//! make a path there and back.

use std::{
    collections::{BinaryHeap, VecDeque},
    time::{Duration, Instant},
};

use sfu::Bitrate;

/// A small deterministic generator (splitmix64).
#[derive(Debug, Clone)]
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to but without 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// What a link is like. It may be changed while packets are on their way.
#[derive(Debug, Clone)]
pub(crate) struct LinkConfig {
    pub(crate) capacity: Bitrate,
    /// Bytes that wait before the bottleneck; what does not fit is dropped.
    pub(crate) queue: usize,
    /// Propagation delay.
    pub(crate) delay: Duration,
    /// Added to each packet's delay: anything from nothing to this.
    pub(crate) jitter: Duration,
    /// Whether jitter may make packets overtake each other.
    pub(crate) reorders: bool,
    /// Part of the packets that is lost at random behind the bottleneck.
    pub(crate) loss: f64,
}

impl Default for LinkConfig {
    /// A good line that is never the bottleneck.
    fn default() -> Self {
        Self {
            capacity: Bitrate::from_kbps(100_000),
            queue: 1_000_000,
            delay: Duration::from_millis(20),
            jitter: Duration::ZERO,
            reorders: false,
            loss: 0.0,
        }
    }
}

/// A link that carries values of any type as packets.
#[derive(Debug)]
pub(crate) struct Link<T> {
    pub(crate) config: LinkConfig,
    rng: Rng,
    waiting: VecDeque<(usize, T)>,
    waiting_bytes: usize,
    /// When the packet at the head of the queue has passed the bottleneck.
    head_done: Option<Instant>,
    on_the_way: BinaryHeap<OnTheWay<T>>,
    last_arrival: Option<Instant>,
    count: u64,
}

#[derive(Debug)]
struct OnTheWay<T> {
    arrival: Instant,
    order: u64,
    packet: T,
}

impl<T> Link<T> {
    pub(crate) fn new(config: LinkConfig, seed: u64) -> Self {
        Self {
            config,
            rng: Rng::new(seed),
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            head_done: None,
            on_the_way: BinaryHeap::new(),
            last_arrival: None,
            count: 0,
        }
    }

    /// Puts a packet into the queue; false when the queue is full.
    pub(crate) fn send(&mut self, bytes: usize, packet: T, now: Instant) -> bool {
        self.advance(now);
        if self.waiting_bytes + bytes > self.config.queue {
            return false;
        }
        if self.waiting.is_empty() {
            self.head_done = Some(now + self.service(bytes));
        }
        self.waiting.push_back((bytes, packet));
        self.waiting_bytes += bytes;
        true
    }

    /// The next packet that has arrived by now.
    pub(crate) fn receive(&mut self, now: Instant) -> Option<T> {
        self.advance(now);
        if self.on_the_way.peek()?.arrival > now {
            return None;
        }
        self.on_the_way.pop().map(|top| top.packet)
    }

    /// When something happens next: a packet passes the bottleneck or arrives.
    pub(crate) fn next_event(&self) -> Option<Instant> {
        let arrival = self.on_the_way.peek().map(|top| top.arrival);
        [arrival, self.head_done].into_iter().flatten().min()
    }

    /// How long a packet that came now would wait.
    pub(crate) fn queueing(&self) -> Duration {
        self.service(self.waiting_bytes)
    }

    fn advance(&mut self, now: Instant) {
        while let Some(done) = self.head_done.filter(|done| *done <= now) {
            if let Some((bytes, packet)) = self.waiting.pop_front() {
                self.waiting_bytes -= bytes;
                self.depart(packet, done);
            }
            let next = self.waiting.front();
            self.head_done = next.map(|(bytes, _)| done + self.service(*bytes));
        }
    }

    fn depart(&mut self, packet: T, at: Instant) {
        if self.rng.unit() < self.config.loss {
            return;
        }
        let mut arrival = at + self.config.delay + self.config.jitter.mul_f64(self.rng.unit());
        if !self.config.reorders {
            arrival = arrival.max(self.last_arrival.unwrap_or(arrival));
        }
        self.last_arrival = Some(arrival);
        self.count += 1;
        self.on_the_way.push(OnTheWay {
            arrival,
            order: self.count,
            packet,
        });
    }

    fn service(&self, bytes: usize) -> Duration {
        let bits = bytes as f64 * 8.0;
        Duration::from_secs_f64(bits / self.config.capacity.as_bps().max(1) as f64)
    }
}

impl<T> PartialEq for OnTheWay<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T> Eq for OnTheWay<T> {}

impl<T> PartialOrd for OnTheWay<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for OnTheWay<T> {
    /// The earliest arrival is the greatest, so that the heap yields it first.
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (other.arrival, other.order).cmp(&(self.arrival, self.order))
    }
}
