//! The packets of one layer, kept once for all its subscribers: they are
//! forwarded from here and resent from here. A ring of bytes beside a ring of
//! entries; both grow until they hold the wanted depth of time, so that
//! nothing is allocated per packet.

use std::time::{Duration, Instant};

use crate::codec::PayloadInfo;

/// Bytes of an absolute capture time with its clock offset.
pub(crate) const CAPTURE_TIME_MAX: usize = 16;

/// Header extensions whose values pass through.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PassedExtensions {
    pub(crate) audio_level: Option<u8>,
    pub(crate) video_orientation: Option<u8>,
    pub(crate) playout_delay: Option<[u8; 3]>,
    /// The value and how many bytes of it count: 8 or 16.
    pub(crate) capture_time: Option<([u8; CAPTURE_TIME_MAX], u8)>,
}

/// What is known of a packet, besides its bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PacketFacts {
    /// Extended sequence number.
    pub(crate) sequence: u64,
    pub(crate) timestamp: u32,
    pub(crate) payload_type: u8,
    pub(crate) marker: bool,
    pub(crate) arrived: Instant,
    pub(crate) extensions: PassedExtensions,
    pub(crate) info: PayloadInfo,
}

/// A packet in the cache.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CachedPacket<'a> {
    pub(crate) facts: &'a PacketFacts,
    /// The dependency descriptor; empty when there is none.
    pub(crate) dependency: &'a [u8],
    /// The payload without padding; empty when the packet was padding only.
    pub(crate) payload: &'a [u8],
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    facts: PacketFacts,
    /// Where its bytes start, counted from the first byte ever written.
    position: u64,
    dependency: u16,
    payload: u16,
}

impl Entry {
    fn length(&self) -> usize {
        usize::from(self.dependency) + usize::from(self.payload)
    }
}

/// How large a cache becomes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CacheLimits {
    pub(crate) depth: Duration,
    pub(crate) bytes: usize,
}

const FIRST_ENTRIES: usize = 64;
const FIRST_BYTES: usize = 16 << 10;
const ENTRIES_MAX: usize = 4_096;

/// The ring. Packets are numbered in the order of their arrival, from 0.
#[derive(Debug)]
pub(crate) struct PacketCache {
    limits: CacheLimits,
    entries: Vec<Option<Entry>>,
    /// Arrival of the packet with a sequence number, at that number modulo the
    /// size; to be checked against the entry.
    arrivals: Vec<u64>,
    bytes: Vec<u8>,
    /// Oldest arrival that is still there.
    tail: u64,
    /// Arrivals so far.
    head: u64,
    /// Bytes ever written, with those skipped at the end of the ring.
    written: u64,
}

impl PacketCache {
    pub(crate) fn new(limits: CacheLimits) -> Self {
        Self {
            limits,
            entries: Vec::new(),
            arrivals: Vec::new(),
            bytes: Vec::new(),
            tail: 0,
            head: 0,
            written: 0,
        }
    }

    /// Arrivals so far: the number of the next packet.
    #[inline]
    pub(crate) fn head(&self) -> u64 {
        self.head
    }

    /// The oldest arrival that is still there, or the next when none is.
    #[inline]
    pub(crate) fn tail(&self) -> u64 {
        self.tail
    }

    /// The packet that came as number `arrival`, if it is still there.
    #[inline]
    pub(crate) fn arrival(&self, arrival: u64) -> Option<CachedPacket<'_>> {
        if arrival < self.tail || arrival >= self.head {
            return None;
        }
        let entry = self.entries[slot(arrival, self.entries.len())].as_ref()?;
        let start = slot(entry.position, self.bytes.len());
        let payload = start + usize::from(entry.dependency);
        Some(CachedPacket {
            facts: &entry.facts,
            dependency: &self.bytes[start..payload],
            payload: &self.bytes[payload..payload + usize::from(entry.payload)],
        })
    }

    /// When the packet with this extended sequence number came, if it is still
    /// there.
    #[inline]
    pub(crate) fn find(&self, sequence: u64) -> Option<u64> {
        if self.head == self.tail {
            return None;
        }
        let arrival = self.arrivals[slot(sequence, self.arrivals.len())];
        let packet = self.arrival(arrival)?;
        (packet.facts.sequence == sequence).then_some(arrival)
    }

    /// Keeps a packet. One that is larger than any datagram is not kept.
    #[inline]
    pub(crate) fn push(&mut self, facts: PacketFacts, dependency: &[u8], payload: &[u8]) {
        let (Ok(dependency_length), Ok(payload_length)) = (
            u16::try_from(dependency.len()),
            u16::try_from(payload.len()),
        ) else {
            return;
        };
        let entry = Entry {
            facts,
            position: 0,
            dependency: dependency_length,
            payload: payload_length,
        };
        self.make_room(entry.length(), facts.arrived);
        self.append(entry, dependency, payload);
    }

    fn append(&mut self, mut entry: Entry, dependency: &[u8], payload: &[u8]) {
        entry.position = self.place(entry.length());
        let start = slot(entry.position, self.bytes.len());
        let middle = start + dependency.len();
        self.bytes[start..middle].copy_from_slice(dependency);
        self.bytes[middle..middle + payload.len()].copy_from_slice(payload);
        self.written = entry.position + entry.length() as u64;
        let (entries, arrivals) = (self.entries.len(), self.arrivals.len());
        self.arrivals[slot(entry.facts.sequence, arrivals)] = self.head;
        self.entries[slot(self.head, entries)] = Some(entry);
        self.head += 1;
    }

    /// Where the next `length` bytes go: they never wrap around the end.
    fn place(&self, length: usize) -> u64 {
        let size = self.bytes.len() as u64;
        let left = size - self.written % size;
        if left < length as u64 {
            self.written + left
        } else {
            self.written
        }
    }

    /// Grows while what would be thrown away is young, then throws away.
    fn make_room(&mut self, length: usize, now: Instant) {
        if self.entries.is_empty() {
            self.resize(FIRST_ENTRIES, FIRST_BYTES);
        }
        while length > self.bytes.len() {
            self.resize(self.entries.len(), self.bytes.len() * 2);
        }
        loop {
            let entries_full = self.head - self.tail >= self.entries.len() as u64;
            let bytes_full = self.bytes_full(length);
            if !entries_full && !bytes_full {
                return;
            }
            let young = self.arrival(self.tail).is_some_and(|oldest| {
                now.saturating_duration_since(oldest.facts.arrived) < self.limits.depth
            });
            if young && entries_full && self.entries.len() < ENTRIES_MAX {
                self.resize(self.entries.len() * 2, self.bytes.len());
            } else if young && bytes_full && self.bytes.len() * 2 <= self.limits.bytes {
                self.resize(self.entries.len(), self.bytes.len() * 2);
            } else {
                self.tail += 1;
            }
        }
    }

    /// Whether `length` more bytes would overwrite the oldest packet.
    fn bytes_full(&self, length: usize) -> bool {
        if self.tail == self.head {
            return false;
        }
        let oldest = &self.entries[slot(self.tail, self.entries.len())];
        let start = oldest.as_ref().map_or(0, |entry| entry.position);
        self.place(length) + length as u64 - start > self.bytes.len() as u64
    }

    /// Moves all packets into larger rings.
    fn resize(&mut self, entries: usize, bytes: usize) {
        let mut larger = Self {
            limits: self.limits,
            entries: vec![None; entries],
            arrivals: vec![u64::MAX; entries],
            bytes: vec![0; bytes],
            tail: self.tail,
            head: self.tail,
            written: 0,
        };
        for arrival in self.tail..self.head {
            let old = self.entries[slot(arrival, self.entries.len())];
            if let (Some(entry), Some(packet)) = (old, self.arrival(arrival)) {
                larger.append(entry, packet.dependency, packet.payload);
            }
        }
        *self = larger;
    }
}

/// A number's place in a ring.
#[inline]
fn slot(number: u64, size: usize) -> usize {
    // sizes are powers of two and at least one entry long
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the mask leaves less than the size of a vector"
    )]
    let place = (number & (size as u64 - 1)) as usize;
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(sequence: u64, arrived: Instant) -> PacketFacts {
        PacketFacts {
            sequence,
            timestamp: 0,
            payload_type: 96,
            marker: false,
            arrived,
            extensions: PassedExtensions::default(),
            info: PayloadInfo::default(),
        }
    }

    fn cache() -> PacketCache {
        PacketCache::new(CacheLimits {
            depth: Duration::from_secs(1),
            bytes: 1 << 17,
        })
    }

    #[test]
    fn packets_of_the_last_second_are_found_by_sequence() {
        let (mut cache, start) = (cache(), Instant::now());
        for n in 0..1_000u64 {
            let payload = vec![n as u8; 100 + n as usize % 900];
            cache.push(
                facts(n, start + Duration::from_millis(10 * n)),
                &[1, 2],
                &payload,
            );
        }
        for n in 900..1_000 {
            let packet = cache
                .find(n)
                .and_then(|at| cache.arrival(at))
                .expect("young");
            assert_eq!(packet.facts.sequence, n);
            assert_eq!(packet.payload, vec![n as u8; 100 + n as usize % 900]);
            assert_eq!(packet.dependency, [1, 2]);
        }
        assert_eq!(cache.find(10), None, "old packets make room");
    }

    #[test]
    fn memory_is_bounded_whatever_comes() {
        let (mut cache, now) = (cache(), Instant::now());
        for n in 0..10_000 {
            cache.push(facts(n, now), &[], &[0; 1_200]);
        }
        assert!(cache.bytes.len() <= 1 << 17);
        assert!(cache.find(9_999).is_some());
        assert!(cache.find(1).is_none());
    }

    #[test]
    fn empty_packets_are_packets_too() {
        let (mut cache, now) = (cache(), Instant::now());
        for n in 0..5_000 {
            cache.push(facts(n, now), &[], &[]);
        }
        assert!(cache.find(4_999).is_some());
    }
}
