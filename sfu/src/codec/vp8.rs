//! The VP8 payload descriptor (RFC 7741 §4.2).

use super::{DESCRIPTOR_MAX, PayloadInfo, Resolution, Running};

const X: u8 = 0x80;
const S: u8 = 0x10;
const PARTITION: u8 = 0x07;
const I: u8 = 0x80;
const L: u8 = 0x40;
const T: u8 = 0x20;
const K: u8 = 0x10;

/// A descriptor with extensions. One without has nothing that must run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Descriptor {
    /// Bytes of it in the payload.
    length: u8,
    pub(super) running: Running,
}

pub(super) fn inspect(payload: &[u8]) -> Option<PayloadInfo> {
    let (length, running) = parse(payload)?;
    let first = payload[0];
    let starts_frame = first & S != 0 && first & PARTITION == 0;
    let frame = &payload[usize::from(length)..];
    // the P bit of the frame header is 0 in keyframes (RFC 6386 §9.1)
    let keyframe = starts_frame && frame.first().is_some_and(|byte| byte & 1 == 0);
    Some(PayloadInfo {
        keyframe,
        resolution: keyframe.then(|| resolution(frame)).flatten(),
        descriptor: (length > 1).then_some(super::Descriptor::Vp8(Descriptor { length, running })),
    })
}

/// Length of the descriptor, at most that of the payload, and its fields.
fn parse(payload: &[u8]) -> Option<(u8, Running)> {
    let mut running = Running::default();
    if payload.first()? & X == 0 {
        return Some((1, running));
    }
    let flags = *payload.get(1)?;
    let mut at = 2;
    if flags & I != 0 {
        let high = *payload.get(at)?;
        if high & 0x80 != 0 {
            let low = *payload.get(at + 1)?;
            running.picture = Some(u16::from_be_bytes([high & 0x7f, low]));
            at += 2;
        } else {
            running.picture = Some(u16::from(high));
            at += 1;
        }
    }
    if flags & L != 0 {
        running.base_layer = Some(*payload.get(at)?);
        at += 1;
    }
    if flags & (T | K) != 0 {
        let byte = *payload.get(at)?;
        running.key_index = (flags & K != 0).then_some(byte & 0x1f);
        at += 1;
    }
    let length = u8::try_from(at).ok()?;
    (payload.len() >= at).then_some((length, running))
}

/// Size of the picture, from the keyframe's header (RFC 6386 §9.1).
fn resolution(frame: &[u8]) -> Option<Resolution> {
    let header = frame.get(3..10)?;
    if header[..3] != [0x9d, 0x01, 0x2a] {
        return None;
    }
    Some(Resolution {
        width: u16::from_le_bytes([header[3], header[4]]) & 0x3fff,
        height: u16::from_le_bytes([header[5], header[6]]) & 0x3fff,
    })
}

impl Descriptor {
    /// Picture ids are always written with 15 bits, because sources differ and
    /// a stream must not change between the two sizes.
    #[inline]
    pub(super) fn rewrite(
        &self,
        payload: &[u8],
        running: Running,
        out: &mut [u8; DESCRIPTOR_MAX],
    ) -> (usize, usize) {
        let length = usize::from(self.length);
        out[0] = payload[0];
        out[1] = payload[1];
        let mut at = 2;
        if let Some(picture) = running.picture {
            out[at..at + 2].copy_from_slice(&(picture | 0x8000).to_be_bytes());
            at += 2;
        }
        if let Some(base_layer) = running.base_layer {
            out[at] = base_layer;
            at += 1;
        }
        if payload[1] & (T | K) != 0 {
            let byte = payload[length - 1];
            out[at] = running.key_index.map_or(byte, |key| byte & 0xe0 | key);
            at += 1;
        }
        (at, length)
    }
}
