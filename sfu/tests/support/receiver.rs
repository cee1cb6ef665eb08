//! A synthetic receiver: puts frames together, asks for what is missing, and
//! checks that each stream runs on without a seam.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};

use rtc_rtcp::transport_feedbacks::transport_layer_nack::{
    TransportLayerNack, nack_pairs_from_sequence_numbers,
};
use sfu::rtp::Header;

use super::wire::{FramePacket, SLOT_OPUS, SLOT_VP8, SLOT_VP8_RTX};

const NACK_AFTER: Duration = Duration::from_millis(10);
const PLEAD_AFTER: Duration = Duration::from_millis(500);

/// A frame that could be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) at: Instant,
    pub(crate) owner: u8,
    pub(crate) layer: u8,
    pub(crate) frame: u32,
    pub(crate) key: bool,
}

/// A packet of sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Heard {
    pub(crate) at: Instant,
    pub(crate) owner: u8,
}

#[derive(Debug, Clone, Copy)]
struct Arrived {
    timestamp: u32,
    marker: bool,
    video: Option<FramePacket>,
}

/// One slot as its receiver sees it.
#[derive(Debug, Default)]
pub(crate) struct Stream {
    pub(crate) packets: u64,
    pub(crate) bytes: u64,
    pub(crate) resent: u64,
    pub(crate) probes: u64,
    pub(crate) decoded: Vec<Decoded>,
    pub(crate) heard: Vec<Heard>,
    /// Asks for missing packets.
    pub(crate) nacks: bool,
    arrived: BTreeMap<u64, Arrived>,
    reported: (u64, u64),
    first_at: Option<Instant>,
    last_at: Option<Instant>,
    pleaded: Option<Instant>,
    asked: BTreeMap<u64, Instant>,
    /// Next packet to look at for frames.
    decode_from: Option<u64>,
    last: Option<(u8, u8, u32)>,
    indices: BTreeSet<(bool, u64)>,
}

impl Stream {
    pub(crate) fn new(nacks: bool) -> Self {
        Self {
            nacks,
            ..Self::default()
        }
    }

    pub(crate) fn receive(&mut self, packet: &[u8], index: u64, now: Instant) {
        let header = Header::parse(packet).expect("well-formed");
        assert_eq!(
            header.sequence, index as u16,
            "the index ends in the number"
        );
        let payload = header.payload(packet).expect("well-formed");
        self.bytes += packet.len() as u64;
        self.first_at.get_or_insert(now);
        self.last_at = Some(now);
        let resent = header.payload_type == SLOT_VP8_RTX;
        assert!(
            self.indices.insert((resent, index)),
            "an index is used once"
        );
        if header.payload_type == SLOT_OPUS {
            self.packets += 1;
            self.heard.push(Heard {
                at: now,
                owner: payload[0],
            });
            self.keep(index, &header, None);
            return;
        }
        if !resent {
            assert_eq!(header.payload_type, SLOT_VP8);
            self.packets += 1;
            let video = (!payload.is_empty()).then(|| FramePacket::read(payload));
            self.keep(index, &header, video);
        } else if let Some((original, payload)) = payload.split_first_chunk() {
            self.resent += 1;
            let original = self.unwrap(u16::from_be_bytes(*original));
            self.keep(original, &header, Some(FramePacket::read(payload)));
        } else {
            self.probes += 1;
        }
        self.decode(now);
    }

    fn unwrap(&self, sequence: u16) -> u64 {
        let highest = self.arrived.last_key_value().map_or(0, |(index, _)| *index);
        let ahead = sequence.wrapping_sub(highest as u16).cast_signed();
        highest.saturating_add_signed(i64::from(ahead))
    }

    fn keep(&mut self, index: u64, header: &Header, video: Option<FramePacket>) {
        self.asked.remove(&index);
        self.arrived.insert(
            index,
            Arrived {
                timestamp: header.timestamp,
                marker: header.marker,
                video,
            },
        );
    }

    /// Decodes complete frames in order; a complete keyframe may be jumped to.
    fn decode(&mut self, now: Instant) {
        loop {
            let from = match self.decode_from {
                Some(from) => from,
                None => match self.next_keyframe(0) {
                    Some(index) => index,
                    None => return,
                },
            };
            if let Some((end, complete)) = self.frame_end(from) {
                if complete {
                    self.note_frame(from, now);
                }
                self.decode_from = Some(end + 1);
                continue;
            }
            match self.complete_keyframe(from + 1) {
                Some(key) => self.decode_from = Some(key),
                None => return,
            }
        }
    }

    /// Where to go on after a hole: the first keyframe that is complete.
    fn complete_keyframe(&self, mut from: u64) -> Option<u64> {
        loop {
            let key = self.next_keyframe(from)?;
            if self.frame_end(key).is_some_and(|(_, complete)| complete) {
                return Some(key);
            }
            from = key + 1;
        }
    }

    fn next_keyframe(&self, from: u64) -> Option<u64> {
        let starts = |arrived: &Arrived| arrived.video.is_some_and(|v| v.key && v.part == 0);
        let mut packets = self.arrived.range(from..);
        packets.find(|(_, a)| starts(a)).map(|(index, _)| *index)
    }

    /// The last packet of the frame that starts at `from`, and whether the
    /// frame is complete; nothing while packets of it are missing.
    fn frame_end(&self, from: u64) -> Option<(u64, bool)> {
        // a packet without content stands between frames
        let Some(first) = self.arrived.get(&from)?.video else {
            return Some((from, false));
        };
        let mut index = from;
        loop {
            let arrived = self.arrived.get(&index)?;
            let same = |v: &FramePacket| {
                (v.owner, v.layer, v.frame) == (first.owner, first.layer, first.frame)
            };
            let Some(video) = arrived.video.filter(same) else {
                return Some((index - 1, false));
            };
            if video.part + 1 == video.parts {
                assert!(arrived.marker, "a frame ends with a marker");
                return Some((index, first.part == 0));
            }
            index += 1;
        }
    }

    fn note_frame(&mut self, from: u64, now: Instant) {
        let Some(video) = self.arrived[&from].video else {
            return;
        };
        let before = self.last.replace((video.owner, video.layer, video.frame));
        let follows = before.is_some_and(|(owner, layer, frame)| {
            (owner, layer, frame + 1) == (video.owner, video.layer, video.frame)
        });
        if video.part != 0 || !(video.key || follows) {
            self.last = before;
            return;
        }
        self.decoded.push(Decoded {
            at: now,
            owner: video.owner,
            layer: video.layer,
            frame: video.frame,
            key: video.key,
        });
    }

    /// What to ask for now.
    pub(crate) fn nack(
        &mut self,
        ssrc: u32,
        retry: Duration,
        now: Instant,
    ) -> Option<TransportLayerNack> {
        let (first, last) = (
            *self.arrived.first_key_value()?.0,
            *self.arrived.last_key_value()?.0,
        );
        let mut missing = Vec::new();
        for index in first.max(last.saturating_sub(300))..last {
            if self.arrived.contains_key(&index) {
                continue;
            }
            let due = self.asked.entry(index).or_insert(now + NACK_AFTER);
            if *due <= now {
                *due = now + retry;
                missing.push(index as u16);
            }
        }
        (self.nacks && !missing.is_empty()).then(|| TransportLayerNack {
            sender_ssrc: 1,
            media_ssrc: ssrc,
            nacks: nack_pairs_from_sequence_numbers(&missing),
        })
    }

    /// Whether to ask for a keyframe: packets come, and no frame of them can be
    /// decoded. Browsers wait as long.
    pub(crate) fn is_stuck(&mut self, now: Instant) -> bool {
        let decoded = self.decoded.last().map(|frame| frame.at);
        let since = decoded.max(self.pleaded).or(self.first_at);
        let stuck = since.is_some_and(|at| now.duration_since(at) > PLEAD_AFTER)
            && self
                .last_at
                .is_some_and(|at| now.duration_since(at) < NACK_AFTER * 20);
        if stuck {
            self.pleaded = Some(now);
        }
        stuck && self.nacks
    }

    /// The newest number, and the part of the packets lost since this was
    /// asked last.
    pub(crate) fn report(&mut self) -> Option<(u32, f64)> {
        let highest = *self.arrived.last_key_value()?.0;
        let expected = highest - self.reported.0.min(highest);
        let received = self.packets - self.reported.1;
        self.reported = (highest, self.packets);
        let lost = expected.saturating_sub(received) as f64;
        Some((highest as u32, lost / expected.max(1) as f64))
    }

    /// Packets that never came, up to the newest.
    pub(crate) fn holes(&self) -> usize {
        let (Some((first, _)), Some((last, _))) = (
            self.arrived.first_key_value(),
            self.arrived.last_key_value(),
        ) else {
            return 0;
        };
        (last - first + 1) as usize - self.arrived.len()
    }

    /// No hole in the numbers, and all of [`Stream::assert_runs_on`].
    pub(crate) fn assert_continuous(&self) {
        assert_eq!(self.holes(), 0, "sequence numbers have no hole");
        self.assert_runs_on();
    }

    /// Timestamps never go back or far ahead, and picture ids and layer indices
    /// grow by one with each frame.
    pub(crate) fn assert_runs_on(&self) {
        let packets: Vec<(&u64, &Arrived)> = self.arrived.iter().collect();
        let neighbours = |pair: &&[(&u64, &Arrived)]| *pair[0].0 + 1 == *pair[1].0;
        for pair in packets.windows(2).filter(neighbours) {
            let pair = [pair[0].1, pair[1].1];
            let ahead = pair[1].timestamp.wrapping_sub(pair[0].timestamp);
            assert!(ahead < 90_000 * 10, "timestamps run on: {ahead}");
            let (Some(a), Some(b)) = (pair[0].video, pair[1].video) else {
                continue;
            };
            let step = u16::from(b.part == 0);
            assert_eq!(b.picture_id, (a.picture_id + step) & 0x7fff, "picture ids");
            assert_eq!(b.tl0, a.tl0.wrapping_add(step as u8), "layer indices");
            assert_eq!(ahead > 0, b.part == 0, "a frame has one timestamp");
        }
    }

    /// The longest time between two decoded frames since `from`, and since the
    /// last one until `to`.
    pub(crate) fn longest_freeze(&self, from: Instant, to: Instant) -> Duration {
        let times = self.decoded.iter().map(|frame| frame.at);
        let mut before = from;
        let mut longest = Duration::ZERO;
        for at in times.filter(|at| *at >= from).chain([to]) {
            longest = longest.max(at.duration_since(before));
            before = at;
        }
        longest
    }

    pub(crate) fn last_layer(&self) -> Option<u8> {
        self.decoded.last().map(|frame| frame.layer)
    }

    pub(crate) fn last_owner(&self) -> Option<u8> {
        self.decoded.last().map(|frame| frame.owner)
    }

    pub(crate) fn last_timestamp(&self) -> Option<u32> {
        self.arrived.last_key_value().map(|(_, a)| a.timestamp)
    }
}
