//! Packets as the tests write and read them: a VP8 stream whose payload tells
//! which frame of which layer of whom it is, and an Opus stream.

use sfu::{
    Codec, ExtensionIds, PayloadType,
    rtp::{Header, HeaderFields, HeaderWriter},
};

pub(crate) const VP8: u8 = 96;
pub(crate) const VP8_RTX: u8 = 97;
pub(crate) const OPUS: u8 = 111;

/// Payload types and extension ids of subscribers differ on purpose.
pub(crate) const SLOT_VP8: u8 = 120;
pub(crate) const SLOT_VP8_RTX: u8 = 121;
pub(crate) const SLOT_OPUS: u8 = 109;

pub(crate) const UP: ExtensionIds = ExtensionIds {
    mid: Some(1),
    rid: Some(2),
    repaired_rid: Some(3),
    audio_level: Some(4),
    transport_cc: Some(5),
    abs_capture_time: None,
    video_orientation: Some(6),
    dependency_descriptor: Some(8),
    playout_delay: None,
};

pub(crate) const DOWN: ExtensionIds = ExtensionIds {
    mid: None,
    rid: None,
    repaired_rid: None,
    audio_level: Some(7),
    transport_cc: Some(9),
    abs_capture_time: None,
    video_orientation: Some(3),
    dependency_descriptor: Some(12),
    playout_delay: None,
};

pub(crate) fn video_payloads(pt: u8, rtx: u8) -> Vec<PayloadType> {
    vec![PayloadType {
        pt,
        codec: Codec::Vp8,
        rtx: Some(rtx),
    }]
}

pub(crate) fn audio_payloads(pt: u8) -> Vec<PayloadType> {
    vec![PayloadType {
        pt,
        codec: Codec::Opus,
        rtx: None,
    }]
}

/// What travels over a line.
#[derive(Debug, Clone)]
pub(crate) enum Datagram {
    Rtp { bytes: Vec<u8>, index: u64 },
    Rtcp(Vec<u8>),
}

impl Datagram {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Rtp { bytes, .. } | Self::Rtcp(bytes) => bytes.len(),
        }
    }
}

/// Writes a packet.
pub(crate) fn rtp(fields: &HeaderFields, extensions: &[(u8, &[u8])], payload: &[u8]) -> Vec<u8> {
    let mut header = HeaderWriter::new(fields);
    for (id, value) in extensions {
        assert!(header.extension(*id, value), "extension fits");
    }
    [header.finish(), payload].concat()
}

/// The value of a header extension.
pub(crate) fn extension(packet: &[u8], id: Option<u8>) -> Option<&[u8]> {
    let header = Header::parse(packet).expect("a packet");
    let found = header.extensions(packet).find(|e| Some(e.id) == id);
    found.map(|e| e.value)
}

/// A packet of a VP8 frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FramePacket {
    pub(crate) owner: u8,
    pub(crate) layer: u8,
    pub(crate) key: bool,
    /// Grows by one with each frame of the layer.
    pub(crate) frame: u32,
    pub(crate) part: u8,
    pub(crate) parts: u8,
    pub(crate) picture_id: u16,
    pub(crate) tl0: u8,
    pub(crate) width: u16,
    pub(crate) height: u16,
}

const DESCRIPTOR: usize = 6;

impl FramePacket {
    /// The payload, filled up to `size`.
    pub(crate) fn write(&self, size: usize) -> Vec<u8> {
        let start = if self.part == 0 { 0x90 } else { 0x80 };
        let mut payload = vec![start, 0xe0];
        payload.extend((self.picture_id | 0x8000).to_be_bytes());
        payload.extend([self.tl0, 0x20]);
        payload.extend([u8::from(!self.key), 0, 0, 0x9d, 0x01, 0x2a]);
        payload.extend(self.width.to_le_bytes());
        payload.extend(self.height.to_le_bytes());
        payload.extend([self.owner, self.layer, self.part, self.parts]);
        payload.extend(self.frame.to_be_bytes());
        payload.resize(size.max(payload.len()), 0xaa);
        payload
    }

    pub(crate) fn read(payload: &[u8]) -> Self {
        assert_eq!(payload[0] & 0xef, 0x80, "a descriptor with extensions");
        assert_eq!(payload[1], 0xe0, "with picture id, layer index and layer");
        let body = &payload[DESCRIPTOR..];
        Self {
            owner: body[10],
            layer: body[11],
            key: body[0] & 1 == 0,
            frame: u32::from_be_bytes([body[14], body[15], body[16], body[17]]),
            part: body[12],
            parts: body[13],
            picture_id: u16::from_be_bytes([payload[2] & 0x7f, payload[3]]),
            tl0: payload[4],
            width: u16::from_le_bytes([body[6], body[7]]),
            height: u16::from_le_bytes([body[8], body[9]]),
        }
    }
}
