//! Synthetic publishers: a camera with layers, and a microphone.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use rtc_rtcp::{
    sender_report::SenderReport, transport_feedbacks::transport_layer_nack::TransportLayerNack,
};
use sfu::{SsrcPair, rtp::HeaderFields};

use super::wire::{Datagram, FramePacket, OPUS, UP, VP8, VP8_RTX, rtp};

const PACKET: usize = 1_100;
/// Browsers make no keyframe sooner after another.
const KEYFRAME_PAUSE: Duration = Duration::from_millis(300);
/// Packets that carry mid and rid at the start of a stream.
const NAMED: u64 = 20;

/// One layer of a camera.
#[derive(Debug, Clone)]
pub(crate) struct LayerSpec {
    pub(crate) rid: Option<&'static str>,
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) kbps: u32,
    pub(crate) fps: u32,
}

pub(crate) fn simulcast() -> Vec<LayerSpec> {
    let layer = |rid, width, height, kbps| LayerSpec {
        rid: Some(rid),
        width,
        height,
        kbps,
        fps: 25,
    };
    vec![
        layer("q", 320, 180, 150),
        layer("h", 640, 360, 500),
        layer("f", 1_280, 720, 1_500),
    ]
}

/// One encoder with its stream.
#[derive(Debug)]
pub(crate) struct Encoder {
    pub(crate) spec: LayerSpec,
    pub(crate) paused: bool,
    pub(crate) keyframes: u32,
    owner: u8,
    layer: u8,
    ssrc: u32,
    rtx_ssrc: u32,
    next: u64,
    next_rtx: u64,
    frame: u32,
    picture_id: u16,
    tl0: u8,
    timestamp_offset: u32,
    due: Instant,
    key_wanted: bool,
    last_key: Option<Instant>,
    sent: BTreeMap<u16, (HeaderFields, Vec<u8>)>,
    counters: (u32, u32),
}

impl Encoder {
    pub(crate) fn new(owner: u8, layer: u8, spec: LayerSpec, now: Instant) -> Self {
        let seed = u32::from(owner) * 7_919 + u32::from(layer) * 104_729;
        Self {
            spec,
            paused: false,
            keyframes: 0,
            owner,
            layer,
            ssrc: 1_000 * u32::from(owner) + 10 * u32::from(layer) + 1,
            rtx_ssrc: 1_000 * u32::from(owner) + 10 * u32::from(layer) + 2,
            next: u64::from(seed % 60_000),
            next_rtx: 500,
            frame: 0,
            picture_id: (seed % 0x7fff) as u16,
            tl0: seed as u8,
            timestamp_offset: seed.wrapping_mul(2_654_435_761),
            due: now,
            key_wanted: true,
            last_key: None,
            sent: BTreeMap::new(),
            counters: (0, 0),
        }
    }

    pub(crate) fn ssrc(&self) -> u32 {
        self.ssrc
    }

    pub(crate) fn ssrc_pair(&self) -> SsrcPair {
        SsrcPair {
            primary: self.ssrc,
            rtx: Some(self.rtx_ssrc),
        }
    }

    /// Starts anew under another SSRC.
    pub(crate) fn renew(&mut self, now: Instant) {
        let mut fresh = Self::new(self.owner, self.layer, self.spec.clone(), now);
        fresh.ssrc = self.ssrc + 100;
        fresh.rtx_ssrc = self.rtx_ssrc + 100;
        *self = fresh;
    }

    pub(crate) fn want_key(&mut self) {
        self.key_wanted = true;
    }

    pub(crate) fn timestamp(&self, epoch: Instant, now: Instant) -> u32 {
        let ticks = now.duration_since(epoch).as_micros() as u64 * 9 / 100;
        (ticks as u32).wrapping_add(self.timestamp_offset)
    }

    /// The packets of the next frame, if one is due.
    pub(crate) fn poll(&mut self, epoch: Instant, now: Instant, out: &mut Vec<RawPacket>) {
        if now < self.due || self.paused {
            self.due = self.due.max(now);
            return;
        }
        self.due += Duration::from_secs(1) / self.spec.fps;
        let early = |at: Instant| now.duration_since(at) < KEYFRAME_PAUSE;
        let key = self.key_wanted && !self.last_key.is_some_and(early);
        if key {
            self.key_wanted = false;
            self.last_key = Some(now);
            self.keyframes += 1;
        }
        let bytes = (self.spec.kbps * 125 / self.spec.fps) as usize * if key { 3 } else { 1 };
        let parts = bytes.div_ceil(PACKET).max(1);
        let timestamp = self.timestamp(epoch, now);
        for part in 0..parts {
            let packet = FramePacket {
                owner: self.owner,
                layer: self.layer,
                key,
                frame: self.frame,
                part: part as u8,
                parts: parts as u8,
                picture_id: self.picture_id,
                tl0: self.tl0,
                width: self.spec.width,
                height: self.spec.height,
            };
            let payload = packet.write(bytes / parts);
            self.push(timestamp, part + 1 == parts, payload, out);
        }
        self.frame += 1;
        self.picture_id = (self.picture_id + 1) & 0x7fff;
        self.tl0 = self.tl0.wrapping_add(1);
    }

    fn push(&mut self, timestamp: u32, marker: bool, payload: Vec<u8>, out: &mut Vec<RawPacket>) {
        let fields = HeaderFields {
            payload_type: VP8,
            marker,
            padding: false,
            sequence: self.next as u16,
            timestamp,
            ssrc: self.ssrc,
        };
        self.counters.0 += 1;
        self.counters.1 += payload.len() as u32;
        self.sent.insert(fields.sequence, (fields, payload.clone()));
        while self.sent.len() > 1_000 {
            self.sent.pop_first();
        }
        out.push(RawPacket {
            fields,
            index: self.next,
            rid: self.spec.rid.filter(|_| self.next_is_named()),
            repaired_rid: None,
            level: None,
            payload,
        });
        self.next += 1;
    }

    /// Padding in the media stream, as senders without RTX send it.
    pub(crate) fn pad(&mut self, timestamp: u32, out: &mut Vec<RawPacket>) {
        self.push(timestamp, false, vec![0, 0, 3], out);
        let packet = out.last_mut().expect("just pushed");
        packet.fields.padding = true;
        self.sent.remove(&packet.fields.sequence);
    }

    fn next_is_named(&self) -> bool {
        u64::from(self.counters.0) <= NAMED
    }

    /// What a NACK asks for, in the stream of retransmissions.
    pub(crate) fn resend(&mut self, nack: &TransportLayerNack, out: &mut Vec<RawPacket>) {
        if nack.media_ssrc != self.ssrc {
            return;
        }
        for sequence in nack.nacks.iter().flat_map(|pair| pair.into_iter()) {
            let Some((fields, payload)) = self.sent.get(&sequence) else {
                continue;
            };
            let fields = HeaderFields {
                payload_type: VP8_RTX,
                ssrc: self.rtx_ssrc,
                sequence: self.next_rtx as u16,
                ..*fields
            };
            out.push(RawPacket {
                fields,
                index: self.next_rtx,
                rid: None,
                repaired_rid: self.spec.rid,
                level: None,
                payload: [&sequence.to_be_bytes()[..], payload].concat(),
            });
            self.next_rtx += 1;
        }
    }

    pub(crate) fn sender_report(&self, epoch: Instant, now: Instant) -> SenderReport {
        let since = now.duration_since(epoch);
        let fraction = (u64::from(since.subsec_nanos()) << 32) / 1_000_000_000;
        let ntp = ((since.as_secs() + 3_900_000_000) << 32) | fraction;
        SenderReport {
            ssrc: self.ssrc,
            ntp_time: ntp,
            rtp_time: self.timestamp(epoch, now),
            packet_count: self.counters.0,
            octet_count: self.counters.1,
            ..SenderReport::default()
        }
    }
}

/// A microphone that sends 50 packets per second.
#[derive(Debug)]
pub(crate) struct Microphone {
    /// As in RFC 6464: 0 is loud, 127 silent.
    pub(crate) level: u8,
    pub(crate) muted: bool,
    owner: u8,
    ssrc: u32,
    next: u64,
    timestamp: u32,
    due: Instant,
}

impl Microphone {
    pub(crate) fn new(owner: u8, now: Instant) -> Self {
        Self {
            level: 127,
            muted: false,
            owner,
            ssrc: 1_000 * u32::from(owner) + 901,
            next: 40_000 + u64::from(owner),
            timestamp: u32::from(owner) * 99_991,
            due: now,
        }
    }

    pub(crate) fn ssrc(&self) -> u32 {
        self.ssrc
    }

    pub(crate) fn poll(&mut self, now: Instant, out: &mut Vec<RawPacket>) {
        if now < self.due {
            return;
        }
        self.due += Duration::from_millis(20);
        self.timestamp = self.timestamp.wrapping_add(960);
        if self.muted {
            return;
        }
        let fields = HeaderFields {
            payload_type: OPUS,
            marker: false,
            padding: false,
            sequence: self.next as u16,
            timestamp: self.timestamp,
            ssrc: self.ssrc,
        };
        let voice = if self.level < 60 { 0x80 } else { 0 };
        let mut payload = vec![self.owner];
        payload.extend(self.next.to_be_bytes());
        payload.resize(80, 0);
        out.push(RawPacket {
            fields,
            index: self.next,
            rid: None,
            repaired_rid: None,
            level: Some(self.level | voice),
            payload,
        });
        self.next += 1;
    }
}

/// A packet before its transport-wide number is known.
#[derive(Debug, Clone)]
pub(crate) struct RawPacket {
    pub(crate) fields: HeaderFields,
    pub(crate) index: u64,
    pub(crate) rid: Option<&'static str>,
    pub(crate) repaired_rid: Option<&'static str>,
    pub(crate) level: Option<u8>,
    pub(crate) payload: Vec<u8>,
}

impl RawPacket {
    pub(crate) fn write(&self, mid: &str, transport: u16) -> Datagram {
        let transport = transport.to_be_bytes();
        let level = self.level.map(|level| [level]);
        let mut extensions: Vec<(u8, &[u8])> = Vec::new();
        let id = |id: Option<u8>| id.expect("agreed");
        if let Some(rid) = self.rid {
            extensions.push((id(UP.mid), mid.as_bytes()));
            extensions.push((id(UP.rid), rid.as_bytes()));
        }
        if let Some(rid) = self.repaired_rid {
            extensions.push((id(UP.mid), mid.as_bytes()));
            extensions.push((id(UP.repaired_rid), rid.as_bytes()));
        }
        if let Some(level) = &level {
            extensions.push((id(UP.audio_level), level));
        }
        extensions.push((id(UP.transport_cc), &transport));
        Datagram::Rtp {
            bytes: rtp(&self.fields, &extensions, &self.payload),
            index: self.index,
        }
    }
}
