//! Writes packets for one subscriber: header, extensions, descriptor.

use std::time::Instant;

use super::{
    format::{Format, Red},
    rewriter::Rewritten,
};
use crate::{
    Egress, ExtensionIds, PeerKey,
    bandwidth::Downlink,
    codec::{DESCRIPTOR_MAX, FrameNumber, RED_HEADERS_MAX, RedBlocks},
    packet_cache::{CachedPacket, PassedExtensions},
    rtp::{HeaderFields, HeaderWriter},
};

/// Bytes of the original sequence number in front of a resent payload
/// (RFC 4588 §4).
const OSN: usize = 2;
/// The most bytes of a payload that are written anew.
const PREFIX_MAX: usize = OSN
    + if DESCRIPTOR_MAX > RED_HEADERS_MAX {
        DESCRIPTOR_MAX
    } else {
        RED_HEADERS_MAX
    };
/// A dependency descriptor that is larger is not passed on.
const DEPENDENCY_MAX: usize = 160;
/// The most padding of one packet, as its last byte can say (RFC 3550 §5.1).
pub(crate) const PADDING_MAX: usize = 255;

/// What went out.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SentCounters {
    pub(crate) packets: u64,
    pub(crate) bytes: u64,
    pub(crate) resends: u64,
    pub(crate) probes: u64,
}

/// The way to one subscriber during one flush.
pub(crate) struct Outlet<'a, E: Egress> {
    pub(crate) egress: &'a mut E,
    pub(crate) to: PeerKey,
    pub(crate) downlink: &'a mut Downlink,
    pub(crate) sent: &'a mut SentCounters,
    pub(crate) now: Instant,
}

/// The stream that a packet is written for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StreamLabel<'a> {
    pub(crate) ssrc: u32,
    pub(crate) extensions: &'a ExtensionIds,
}

/// How a packet is sent a second time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ResendLabel {
    pub(crate) ssrc: u32,
    pub(crate) pt: u8,
    pub(crate) index: u64,
}

impl<E: Egress> Outlet<'_, E> {
    /// Sends a packet. Returns the bytes of its payload.
    #[inline]
    pub(crate) fn send(
        &mut self,
        label: StreamLabel<'_>,
        format: Format,
        packet: &CachedPacket<'_>,
        place: &Rewritten,
    ) -> usize {
        let mut prefix = [0; PREFIX_MAX];
        let (written, rest) = write_payload(packet, format, place, &mut prefix);
        let fields = fields(packet, place.timestamp, format.pt, place.index, label.ssrc);
        let payload = [&prefix[OSN..OSN + written], rest];
        self.write(label, &fields, packet, place.frame, payload, place.index);
        payload[0].len() + payload[1].len()
    }

    /// Sends a packet again in the stream of retransmissions. Returns the
    /// bytes of its payload.
    pub(crate) fn resend(
        &mut self,
        label: StreamLabel<'_>,
        format: Format,
        packet: &CachedPacket<'_>,
        place: &Rewritten,
        again: ResendLabel,
    ) -> usize {
        let mut prefix = [0; PREFIX_MAX];
        let (written, rest) = write_payload(packet, format, place, &mut prefix);
        prefix[..OSN].copy_from_slice(&sequence(place.index).to_be_bytes());
        let fields = fields(packet, place.timestamp, again.pt, again.index, again.ssrc);
        let payload = [&prefix[..OSN + written], rest];
        self.write(label, &fields, packet, place.frame, payload, again.index);
        self.sent.resends += 1;
        payload[0].len() + payload[1].len()
    }

    fn write(
        &mut self,
        label: StreamLabel<'_>,
        fields: &HeaderFields,
        packet: &CachedPacket<'_>,
        frame: FrameNumber,
        payload: [&[u8]; 2],
        index: u64,
    ) {
        let dependency = dependency_id(label.extensions, packet);
        let mut header = HeaderWriter::new(fields);
        let length = packet.dependency.len();
        let narrow = |(id, length)| HeaderWriter::fits_one_byte(id, length);
        let stamp = label.extensions.transport_cc.map(|id| (id, 2));
        if ![dependency.map(|id| (id, length)), stamp]
            .into_iter()
            .flatten()
            .all(narrow)
        {
            header.widen();
        }
        pass_extensions(&mut header, label.extensions, &packet.facts.extensions);
        if let Some(id) = dependency {
            let mut value = [0; DEPENDENCY_MAX];
            let value = &mut value[..packet.dependency.len()];
            value.copy_from_slice(packet.dependency);
            frame.write(value);
            header.extension(id, value);
        }
        self.finish(&mut header, label.extensions.transport_cc, payload, index);
    }

    /// Sends a packet of padding in a stream of retransmissions. Returns its
    /// size.
    pub(crate) fn pad(
        &mut self,
        extensions: &ExtensionIds,
        again: ResendLabel,
        timestamp: u32,
    ) -> usize {
        const PADDING: [u8; PADDING_MAX] = {
            let mut bytes = [0; PADDING_MAX];
            bytes[PADDING_MAX - 1] = u8::MAX;
            bytes
        };
        let fields = HeaderFields {
            payload_type: again.pt,
            marker: false,
            padding: true,
            sequence: sequence(again.index),
            timestamp,
            ssrc: again.ssrc,
        };
        self.sent.probes += 1;
        let mut header = HeaderWriter::new(&fields);
        if extensions
            .transport_cc
            .is_some_and(|id| !HeaderWriter::fits_one_byte(id, 2))
        {
            header.widen();
        }
        self.finish(
            &mut header,
            extensions.transport_cc,
            [&PADDING, &[]],
            again.index,
        )
    }

    /// Stamps the transport-wide number on and hands the packet out. Returns
    /// its size.
    fn finish(
        &mut self,
        header: &mut HeaderWriter,
        transport_cc: Option<u8>,
        payload: [&[u8]; 2],
        index: u64,
    ) -> usize {
        let body = payload[0].len() + payload[1].len();
        if let Some(id) = transport_cc {
            let size = header.length_with(2) + body;
            let number = self.downlink.on_packet_sent(size, self.now);
            header.extension(id, &number.to_be_bytes());
        }
        let header = header.finish();
        self.egress.rtp(self.to, header, payload, index);
        let size = header.len() + body;
        self.sent.packets += 1;
        self.sent.bytes += size as u64;
        size
    }
}

fn dependency_id(ids: &ExtensionIds, packet: &CachedPacket<'_>) -> Option<u8> {
    let length = packet.dependency.len();
    ids.dependency_descriptor
        .filter(|_| length > 0 && length <= DEPENDENCY_MAX)
}

#[expect(clippy::cast_possible_truncation, reason = "the low bits are wanted")]
const fn sequence(index: u64) -> u16 {
    index as u16
}

fn fields(
    packet: &CachedPacket<'_>,
    timestamp: u32,
    payload_type: u8,
    index: u64,
    ssrc: u32,
) -> HeaderFields {
    HeaderFields {
        payload_type,
        marker: packet.facts.marker,
        padding: false,
        sequence: sequence(index),
        timestamp,
        ssrc,
    }
}

/// Writes the part of the payload that changes behind the first two bytes of
/// `prefix`. Returns its length and the rest of the payload.
#[inline]
fn write_payload<'a>(
    packet: &CachedPacket<'a>,
    format: Format,
    place: &Rewritten,
    prefix: &mut [u8; PREFIX_MAX],
) -> (usize, &'a [u8]) {
    let payload = packet.payload;
    if let Some(descriptor) = packet.facts.info.descriptor {
        let mut out = [0; DESCRIPTOR_MAX];
        let (written, replaced) = descriptor.rewrite(payload, place.running, &mut out);
        prefix[OSN..OSN + DESCRIPTOR_MAX].copy_from_slice(&out);
        return (written, &payload[replaced..]);
    }
    let blocks = match format.red {
        Red::None => None,
        Red::Renumber(_) | Red::Strip => RedBlocks::parse(payload),
    };
    match (format.red, blocks) {
        (Red::Renumber(pt), Some(blocks)) => {
            let mut out = [0; RED_HEADERS_MAX];
            let written = blocks.renumber(payload, pt, &mut out);
            prefix[OSN..OSN + RED_HEADERS_MAX].copy_from_slice(&out);
            (written, &payload[written..])
        }
        (Red::Strip, Some(blocks)) => (0, blocks.primary(payload)),
        _ => (0, payload),
    }
}

#[inline]
fn pass_extensions(header: &mut HeaderWriter, ids: &ExtensionIds, passed: &PassedExtensions) {
    if let (Some(id), Some(level)) = (ids.audio_level, passed.audio_level) {
        header.extension(id, &[level]);
    }
    if let (Some(id), Some(orientation)) = (ids.video_orientation, passed.video_orientation) {
        header.extension(id, &[orientation]);
    }
    if let (Some(id), Some(delay)) = (ids.playout_delay, passed.playout_delay) {
        header.extension(id, &delay);
    }
    if let (Some(id), Some((time, length))) = (ids.abs_capture_time, passed.capture_time) {
        header.extension(id, &time[..usize::from(length)]);
    }
}
