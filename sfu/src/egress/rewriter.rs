//! Makes one stream of many: sequence numbers, timestamps and picture ids run
//! on whatever source a slot carries.
//!
//! A *segment* is a stretch of one source whose numbers move by constant
//! offsets. A switch of the source begins one, and so does a packet that is
//! left out. Segments of the past tell where packets that come late belong,
//! and which packet a subscriber asks for again.

use std::{collections::VecDeque, time::Instant};

use crate::{
    codec::{FrameNumber, Running},
    ingress::{SenderClock, TrackId},
    packet_cache::CachedPacket,
};

/// Segments that are remembered. More lets packets be resent that are older
/// than so many switches and left out packets.
const SEGMENTS_MAX: usize = 32;

/// Where a slot's packets come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SourceId {
    pub(crate) track: TrackId,
    pub(crate) layer: usize,
    pub(crate) generation: u32,
}

/// The clocks of the source before and after a switch, when both are known and
/// belong to one publisher.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clocks {
    pub(crate) before: SenderClock,
    pub(crate) after: SenderClock,
}

#[derive(Debug, Clone, Copy)]
struct Segment {
    source: SourceId,
    /// The slot went over to the source here. What came before may have been
    /// sent already, when it carried the same source at an earlier time: its
    /// index would be used twice.
    switched: bool,
    /// The first sequence number of the source that belongs to it.
    source_from: u64,
    /// The slot's index of that packet.
    index_from: u64,
    timestamp: u32,
    running: Running,
    frame: u16,
}

/// A packet's place in the slot's stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rewritten {
    pub(crate) index: u64,
    pub(crate) timestamp: u32,
    pub(crate) running: Running,
    pub(crate) frame: FrameNumber,
}

/// The newest fields that were sent.
#[derive(Debug, Clone, Copy)]
struct Last {
    timestamp: u32,
    arrived: Instant,
    running: Running,
    frame: Option<FrameNumber>,
}

/// The running numbers of one slot.
#[derive(Debug, Default)]
pub(crate) struct Rewriter {
    segments: VecDeque<Segment>,
    /// The index after the highest one that was given out.
    next: u64,
    /// The sequence number of the source after the highest one sent.
    next_source: u64,
    last: Option<Last>,
    /// The index at which the latest keyframe starts.
    keyframe: u64,
}

impl Rewriter {
    /// The index after the highest that was given out.
    pub(crate) fn next_index(&self) -> u64 {
        self.next
    }

    /// The latest source.
    pub(crate) fn source(&self) -> Option<SourceId> {
        self.segments.back().map(|segment| segment.source)
    }

    /// What is added to timestamps of the current source.
    pub(crate) fn timestamp_offset(&self) -> Option<u32> {
        self.segments.back().map(|segment| segment.timestamp)
    }

    /// Goes over to another source, of which `first` is the first packet.
    pub(crate) fn switch(
        &mut self,
        source: SourceId,
        first: &CachedPacket<'_>,
        clocks: Option<Clocks>,
        rate: u32,
    ) {
        let facts = first.facts;
        let timestamp = self.timestamp_after(first, clocks, rate);
        let running = facts
            .info
            .descriptor
            .map(|d| d.running())
            .unwrap_or_default();
        let last = self.last.map(|last| last.running).unwrap_or_default();
        let frame = FrameNumber::read(first.dependency).unwrap_or_default();
        let last_frame = self.last.and_then(|last| last.frame);
        self.begin(Segment {
            source,
            switched: true,
            source_from: facts.sequence,
            index_from: self.next,
            timestamp: timestamp.wrapping_sub(facts.timestamp),
            running: running.offsets_after(last),
            frame: last_frame.map_or(0, |last| last.0.wrapping_add(1).wrapping_sub(frame.0)),
        });
        self.next_source = facts.sequence;
    }

    /// The slot's timestamp of the first packet of a new source. By the
    /// publisher's clock if both layers are bound to it, else by the time that
    /// passed between arrivals; always later than what was sent.
    fn timestamp_after(&self, first: &CachedPacket<'_>, clocks: Option<Clocks>, rate: u32) -> u32 {
        let facts = first.facts;
        let Some(last) = self.last else {
            return facts.timestamp;
        };
        let passed = facts.arrived.saturating_duration_since(last.arrived);
        let by_arrival = crate::ingress::ticks(passed, rate).max(rate / 100);
        let by_clock = clocks.and_then(|clocks| {
            let ntp = clocks.after.ntp_at(facts.timestamp, rate);
            let before = clocks.before.timestamp_at(ntp, rate);
            let moved = before.wrapping_add(self.timestamp_offset()?);
            let ahead = moved.wrapping_sub(last.timestamp);
            // a clock that was set meanwhile is of no use
            (ahead > 0 && ahead.abs_diff(by_arrival) < rate).then_some(ahead)
        });
        last.timestamp.wrapping_add(by_clock.unwrap_or(by_arrival))
    }

    fn begin(&mut self, segment: Segment) {
        if self.segments.len() == SEGMENTS_MAX {
            self.segments.pop_front();
        }
        self.segments.push_back(segment);
    }

    /// Leaves a packet out, so that no hole shows: possible when it is the
    /// next of the source. Otherwise its place is taken, and it must be sent.
    pub(crate) fn leave_out(&mut self, sequence: u64) -> bool {
        let Some(&current) = self.segments.back() else {
            return true;
        };
        if sequence != self.next_source {
            return false;
        }
        self.next_source = sequence + 1;
        let moved = Segment {
            source_from: sequence + 1,
            index_from: self.next,
            ..current
        };
        match self.segments.back_mut() {
            // nothing was sent in this segment yet: let it begin later
            Some(last) if last.index_from == self.next => *last = moved,
            _ => self.begin(Segment {
                switched: false,
                ..moved
            }),
        }
        true
    }

    /// The place of a packet of the current source. `None` when it lies before
    /// the switch, was left out, or is too old.
    #[inline]
    pub(crate) fn rewrite(&mut self, packet: &CachedPacket<'_>) -> Option<Rewritten> {
        let (segment, index) = self.segment_of(packet.facts.sequence)?;
        let rewritten = segment.apply(packet, index);
        if index >= self.next {
            self.next = index + 1;
            self.next_source = packet.facts.sequence + 1;
            self.note(packet, &rewritten);
        }
        if packet.facts.info.keyframe {
            self.keyframe = self.keyframe.max(index);
        }
        Some(rewritten)
    }

    #[inline]
    fn note(&mut self, packet: &CachedPacket<'_>, sent: &Rewritten) {
        let running = self.last.map(|last| last.running).unwrap_or_default();
        let dependency = (!packet.dependency.is_empty()).then_some(sent.frame);
        self.last = Some(Last {
            timestamp: sent.timestamp,
            arrived: packet.facts.arrived,
            running: running.latest(sent.running),
            frame: dependency.or(self.last.and_then(|last| last.frame)),
        });
    }

    #[inline]
    fn segment_of(&self, sequence: u64) -> Option<(&Segment, u64)> {
        let mut end = u64::MAX;
        for segment in self.segments.iter().rev() {
            if sequence >= segment.source_from {
                let index = segment.index_from + (sequence - segment.source_from);
                return (index < end).then_some((segment, index));
            }
            if segment.switched {
                return None;
            }
            end = segment.index_from;
        }
        None
    }

    /// The source and its sequence number behind an index that was sent.
    /// Nothing for those before the latest keyframe: no decoder needs them any
    /// more, and to send them would keep the line busy.
    pub(crate) fn origin(&self, index: u64) -> Option<(SourceId, u64)> {
        if index >= self.next || index < self.keyframe {
            return None;
        }
        let segment = self.segments.iter().rev().find(|s| s.index_from <= index)?;
        Some((
            segment.source,
            segment.source_from + (index - segment.index_from),
        ))
    }

    /// A packet as it was sent under an index, for sending it again.
    pub(crate) fn again(&self, packet: &CachedPacket<'_>, index: u64) -> Option<Rewritten> {
        let segment = self.segments.iter().rev().find(|s| s.index_from <= index)?;
        Some(segment.apply(packet, index))
    }

    /// The newest timestamp that was sent.
    pub(crate) fn last_timestamp(&self) -> Option<u32> {
        self.last.map(|last| last.timestamp)
    }
}

impl Segment {
    #[inline]
    fn apply(&self, packet: &CachedPacket<'_>, index: u64) -> Rewritten {
        let running = packet.facts.info.descriptor.map(|d| d.running());
        let frame = FrameNumber::read(packet.dependency).unwrap_or_default();
        Rewritten {
            index,
            timestamp: packet.facts.timestamp.wrapping_add(self.timestamp),
            running: running.unwrap_or_default().moved(self.running),
            frame: FrameNumber(frame.0.wrapping_add(self.frame)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::{codec::PayloadInfo, packet_cache::PacketFacts, packet_cache::PassedExtensions};

    const SOURCE: SourceId = SourceId {
        track: TrackId {
            index: 0,
            serial: 1,
        },
        layer: 0,
        generation: 0,
    };

    fn facts(sequence: u64, now: Instant) -> PacketFacts {
        PacketFacts {
            sequence,
            timestamp: 3_000,
            payload_type: 96,
            marker: true,
            arrived: now,
            extensions: PassedExtensions::default(),
            info: PayloadInfo::default(),
        }
    }

    fn packet(facts: &PacketFacts) -> CachedPacket<'_> {
        CachedPacket {
            facts,
            dependency: &[],
            payload: &[0],
        }
    }

    #[test]
    fn a_source_that_is_taken_up_again_uses_no_index_twice() {
        let (mut rewriter, now) = (Rewriter::default(), Instant::now());
        let mut indices = HashSet::new();
        // a keyframe at 10, and 9 came late; then both are in the cache again
        for arrivals in [vec![8, 10, 9, 11], vec![10, 9, 11, 12]] {
            let first = facts(arrivals[0], now);
            rewriter.switch(SOURCE, &packet(&first), None, 90_000);
            for sequence in arrivals {
                let facts = facts(sequence, now);
                if let Some(place) = rewriter.rewrite(&packet(&facts)) {
                    assert!(indices.insert(place.index), "{} twice", place.index);
                }
            }
        }
        assert_eq!(indices.len(), 7);
    }

    #[test]
    fn a_late_packet_finds_its_place_before_one_that_was_left_out() {
        let (mut rewriter, now) = (Rewriter::default(), Instant::now());
        let first = facts(5, now);
        rewriter.switch(SOURCE, &packet(&first), None, 90_000);
        let index = |rewriter: &mut Rewriter, sequence| {
            let facts = facts(sequence, now);
            rewriter.rewrite(&packet(&facts)).map(|place| place.index)
        };
        assert_eq!(index(&mut rewriter, 5), Some(0));
        assert_eq!(index(&mut rewriter, 7), Some(2));
        assert!(rewriter.leave_out(8));
        assert_eq!(index(&mut rewriter, 9), Some(3));
        assert_eq!(index(&mut rewriter, 6), Some(1));
    }
}
