//! One incoming stream of a track: its packets, its sequence, its clock.

use std::time::{Duration, Instant};

use super::{
    Missed, RateMeter, ReceptionBlock, SenderClock,
    keyframes::KeyframeRequests,
    receiver::{ArrivalClock, Place, Receiver, last_report},
};
use crate::{
    RoomConfig,
    codec::Resolution,
    packet_cache::{CacheLimits, PacketCache, PacketFacts},
};

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Received {
    /// It is in the cache.
    Kept,
    /// It is in the cache, and it had been missing or was resent.
    Repaired,
    /// It had come before.
    Late,
}

/// A stream: the whole of a track without simulcast, or one of its layers.
#[derive(Debug)]
pub(crate) struct Layer {
    pub(crate) rid: Option<String>,
    pub(crate) ssrc: Option<u32>,
    pub(crate) cache: PacketCache,
    pub(crate) keyframes: KeyframeRequests,
    pub(crate) clock: Option<SenderClock>,
    /// Size of its picture, if it ever told.
    pub(crate) resolution: Option<Resolution>,
    /// Counts the sequences that began anew: what was learnt from an older one
    /// does not fit the packets of the present.
    pub(crate) generation: u32,
    /// Arrival and sequence number of the start of the latest keyframe.
    latest_keyframe: Option<(u64, u64)>,
    last_packet: Option<Instant>,
    receiver: Receiver,
    rate: RateMeter,
    limits: CacheLimits,
    arrival_clock: ArrivalClock,
}

impl Layer {
    pub(crate) fn new(
        rid: Option<String>,
        clock_rate: u32,
        config: &RoomConfig,
        now: Instant,
    ) -> Self {
        let limits = CacheLimits {
            depth: config.cache_depth,
            bytes: config.cache_bytes,
        };
        Self {
            rid,
            ssrc: None,
            cache: PacketCache::new(limits),
            keyframes: KeyframeRequests::default(),
            clock: None,
            resolution: None,
            generation: 0,
            latest_keyframe: None,
            last_packet: None,
            receiver: Receiver::default(),
            rate: RateMeter::default(),
            limits,
            arrival_clock: ArrivalClock {
                epoch: now,
                rate: clock_rate,
            },
        }
    }

    /// Takes another SSRC: its sequence and clock are new.
    pub(crate) fn rebind(&mut self, ssrc: u32) {
        if self.ssrc.is_some_and(|old| old != ssrc) {
            self.restart();
        }
        self.ssrc = Some(ssrc);
    }

    fn restart(&mut self) {
        self.generation += 1;
        self.cache = PacketCache::new(self.limits);
        self.receiver = Receiver::default();
        self.clock = None;
        self.latest_keyframe = None;
    }

    /// Forgets what came, as if nothing ever had: what comes next is new.
    pub(crate) fn silence(&mut self) {
        self.restart();
        self.keyframes.done();
        self.last_packet = None;
        self.rate = RateMeter::default();
    }

    /// The extended sequence number of a packet that was resent.
    pub(crate) fn unwrap(&self, sequence: u16) -> Option<u64> {
        self.receiver.unwrap(sequence)
    }

    /// Keeps a packet unless it has come before. `resent` packets do not count
    /// in reports.
    #[inline]
    pub(crate) fn receive(
        &mut self,
        facts: PacketFacts,
        dependency: &[u8],
        payload: &[u8],
        resent: bool,
        config: &RoomConfig,
    ) -> Received {
        let now = facts.arrived;
        match self.receiver.place(facts.sequence, now, config) {
            Place::New => {}
            Place::Old => return Received::Late,
            Place::Restart if resent => return Received::Late,
            Place::Restart => {
                self.restart();
                self.receiver.place(facts.sequence, now, config);
            }
        }
        if !resent {
            self.receiver
                .count(facts.timestamp, now, self.arrival_clock);
        }
        self.last_packet = Some(now);
        self.rate.add(payload.len(), now);
        self.note_keyframe(&facts);
        self.cache.push(facts, dependency, payload);
        if resent {
            Received::Repaired
        } else {
            Received::Kept
        }
    }

    fn note_keyframe(&mut self, facts: &PacketFacts) {
        if facts.info.resolution.is_some() {
            self.resolution = facts.info.resolution;
        }
        if facts.info.keyframe {
            self.latest_keyframe = Some((self.cache.head(), facts.sequence));
            self.keyframes.done();
        }
    }

    /// Where to start in the cache so that a decoder can start too: the latest
    /// keyframe, if it is at most `age` old and nothing after it is missing.
    pub(crate) fn recent_keyframe(&self, age: Duration, now: Instant) -> Option<u64> {
        let (arrival, sequence) = self.latest_keyframe?;
        let packet = self.cache.arrival(arrival)?;
        let young = now.saturating_duration_since(packet.facts.arrived) <= age;
        (young && self.receiver.complete_since(sequence)).then_some(arrival)
    }

    /// Whether a packet came within `silence`.
    pub(crate) fn is_active(&self, silence: Duration, now: Instant) -> bool {
        self.last_packet
            .is_some_and(|last| now.saturating_duration_since(last) < silence)
    }

    /// Whether any packet ever came.
    pub(crate) fn has_begun(&self) -> bool {
        self.last_packet.is_some()
    }

    pub(crate) fn rate(&mut self, now: Instant) -> crate::Bitrate {
        self.rate.rate(now)
    }

    pub(crate) fn missed(&mut self, rtt: Duration, config: &RoomConfig, now: Instant) -> Missed {
        self.receiver.missed(rtt, config, now)
    }

    pub(crate) fn forget_missing(&mut self, now: Instant) {
        self.receiver.forget_missing(now);
    }

    pub(crate) fn next_ask(&self) -> Option<Instant> {
        self.receiver.next_ask()
    }

    /// A block for a receiver report, with the name and age of the last sender
    /// report.
    pub(crate) fn report(&mut self, now: Instant) -> Option<(u32, ReceptionBlock, (u32, u32))> {
        let ssrc = self.ssrc?;
        let block = self.receiver.report()?;
        Some((ssrc, block, last_report(self.clock, now)))
    }
}
