//! Owns what publishers send: plain RTP packets of a camera's video in VP8
//! (RFC 7741) with the header extensions that a browser sends.

use sfu::rtp::Header;

/// Bytes of a packet before it is protected.
pub const PACKET: usize = 1_100;
/// Frames per second.
pub const FRAME_RATE: u32 = 30;
/// Payload type of the video.
pub const PAYLOAD_TYPE: u8 = 96;
/// Payload type of its retransmissions.
pub const RTX_PAYLOAD_TYPE: u8 = 97;
/// Id of the header extension for transport-wide congestion control.
pub const TRANSPORT_CC: u8 = 3;
/// Id of the header extension that names the m-line.
pub const MID: u8 = 4;

/// Bytes of the header with the extensions below.
pub const HEADER: usize = 24;
/// Bytes of the VP8 payload descriptor below.
const DESCRIPTOR: usize = 5;

/// One video stream of about 1.2 Mbit/s, or a multiple of it.
#[derive(Debug, Clone)]
pub struct Video {
    packet: [u8; PACKET],
    index: u64,
    transport_sequence: u16,
    picture: u16,
    frames: u64,
    multiple: u64,
}

impl Video {
    /// A stream with `multiple` times the packets of 1.2 Mbit/s, on the m-line
    /// `mid`, a single digit.
    #[must_use]
    pub fn new(ssrc: u32, mid: u8, multiple: u64) -> Self {
        let mut packet = [0x5a; PACKET];
        packet[..2].copy_from_slice(&[0x90, PAYLOAD_TYPE]);
        packet[8..12].copy_from_slice(&ssrc.to_be_bytes());
        // One-byte header extensions (RFC 8285), two words: transport-cc, mid, padding.
        packet[12..16].copy_from_slice(&[0xbe, 0xde, 0, 2]);
        packet[16] = TRANSPORT_CC << 4 | 1;
        packet[19] = MID << 4;
        packet[20] = b'0' + mid;
        packet[21..HEADER].fill(0);
        Self {
            packet,
            index: 1_000,
            transport_sequence: 0,
            picture: 0,
            frames: 0,
            multiple,
        }
    }

    /// Gives each packet of the next frame to `send`, with its packet index
    /// (RFC 3711 §3.3.1): four or five packets per multiple. A keyframe when
    /// `key` is set, and at the start.
    pub fn frame(&mut self, key: bool, mut send: impl FnMut(&[u8], u64)) {
        let packets = self.multiple * (4 + self.frames % 2);
        let key = key || self.frames == 0;
        for i in 0..packets {
            self.describe(key, i == 0, i + 1 == packets);
            send(&self.packet, self.index);
        }
        self.frames += 1;
        self.picture = (self.picture + 1) & 0x7fff;
    }

    fn describe(&mut self, key: bool, first: bool, last: bool) {
        let timestamp = (self.frames as u32).wrapping_mul(90_000 / FRAME_RATE);
        self.index += 1;
        self.transport_sequence = self.transport_sequence.wrapping_add(1);
        let packet = &mut self.packet;
        packet[1] = PAYLOAD_TYPE | u8::from(last) << 7;
        packet[2..4].copy_from_slice(&(self.index as u16).to_be_bytes());
        packet[4..8].copy_from_slice(&timestamp.to_be_bytes());
        packet[17..19].copy_from_slice(&self.transport_sequence.to_be_bytes());
        // X and S; I and L; fifteen bits of picture id; TL0PICIDX.
        let [high, low] = self.picture.to_be_bytes();
        let descriptor = [0x80 | u8::from(first) << 4, 0xc0, 0x80 | high, low, low];
        packet[HEADER..HEADER + DESCRIPTOR].copy_from_slice(&descriptor);
        // The frame header (RFC 6386 §9.1): the lowest bit is 0 for a keyframe.
        if first {
            let start = [
                u8::from(!key),
                0,
                0,
                0x9d,
                0x01,
                0x2a,
                0x80,
                0x02,
                0x68,
                0x01,
            ];
            let at = HEADER + DESCRIPTOR;
            packet[at..at + start.len()].copy_from_slice(&start);
        }
    }
}

/// The transport-wide sequence number in the extensions of a header.
#[must_use]
pub fn transport_sequence(packet: &[u8]) -> Option<u16> {
    let header = Header::parse(packet).ok()?;
    let found = header
        .extensions(packet)
        .find(|extension| extension.id == TRANSPORT_CC)?;
    Some(u16::from_be_bytes(*found.value.first_chunk()?))
}

/// Whether a compound RTCP packet asks for a keyframe: PLI (RFC 4585 §6.3.1)
/// or FIR (RFC 5104 §4.3.1).
#[must_use]
pub fn asks_for_keyframe(compound: &[u8]) -> bool {
    packets(compound).any(|(kind, format)| kind == 206 && (format == 1 || format == 4))
}

/// Packet type and format of each packet of a compound RTCP packet.
fn packets(mut compound: &[u8]) -> impl Iterator<Item = (u8, u8)> {
    std::iter::from_fn(move || {
        let &[first, kind, high, low, ..] = compound else {
            return None;
        };
        let length = 4 * (usize::from(u16::from_be_bytes([high, low])) + 1);
        compound = compound.get(length..).unwrap_or_default();
        Some((kind, first & 0x1f))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_of_video_is_one_point_two_megabits() {
        let mut video = Video::new(1, 0, 1);
        let mut bytes = 0;
        for _ in 0..FRAME_RATE {
            video.frame(false, |packet, _| bytes += packet.len());
        }
        let bits = bytes * 8;
        assert!((1_100_000..1_300_000).contains(&bits), "{bits}");
    }

    #[test]
    fn packets_are_rtp_with_a_marker_at_the_end_of_each_frame() {
        let mut video = Video::new(7, 2, 1);
        let mut markers = Vec::new();
        video.frame(true, |packet, _| {
            let header = Header::parse(packet).unwrap();
            assert_eq!((header.ssrc, header.length), (7, HEADER));
            markers.push(header.marker);
        });
        assert_eq!(markers, [false, false, false, true]);
    }

    #[test]
    fn a_keyframe_request_is_found_behind_a_report() {
        let report = [0x80, 201, 0, 1, 0, 0, 0, 1];
        let request = [0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2];
        assert!(!asks_for_keyframe(&report));
        assert!(asks_for_keyframe(&[report.as_slice(), &request].concat()));
    }
}
