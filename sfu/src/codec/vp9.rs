//! The VP9 payload descriptor (RFC 9628 §4.2).

use super::{DESCRIPTOR_MAX, PayloadInfo, Resolution, Running};

const I: u8 = 0x80;
const P: u8 = 0x40;
const L: u8 = 0x20;
const F: u8 = 0x10;
const B: u8 = 0x08;
const V: u8 = 0x02;

/// A descriptor with a picture id or a base layer index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Descriptor {
    /// Bytes of the payload up to the last running field.
    length: u8,
    pub(super) running: Running,
}

pub(super) fn inspect(payload: &[u8]) -> Option<PayloadInfo> {
    let flags = *payload.first()?;
    let mut running = Running::default();
    let mut at = 1;
    if flags & I != 0 {
        let high = *payload.get(at)?;
        if high & 0x80 != 0 {
            running.picture = Some(u16::from_be_bytes([high & 0x7f, *payload.get(at + 1)?]));
            at += 2;
        } else {
            running.picture = Some(u16::from(high));
            at += 1;
        }
    }
    let mut spatial = 0;
    if flags & L != 0 {
        spatial = (*payload.get(at)? >> 1) & 0x07;
        at += 1;
        if flags & F == 0 {
            running.base_layer = Some(*payload.get(at)?);
            at += 1;
        }
    }
    let keyframe = flags & P == 0 && flags & B != 0 && spatial == 0;
    let length = u8::try_from(at).ok()?;
    let runs = running != Running::default();
    Some(PayloadInfo {
        keyframe,
        resolution: structure(payload, flags, at),
        descriptor: runs.then_some(super::Descriptor::Vp9(Descriptor { length, running })),
    })
}

/// Size of the largest spatial layer, from the scalability structure.
fn structure(payload: &[u8], flags: u8, mut at: usize) -> Option<Resolution> {
    if flags & V == 0 {
        return None;
    }
    if flags & F != 0 && flags & P != 0 {
        // up to three reference indices; the last has N = 0
        for _ in 0..3 {
            at += 1;
            if payload.get(at - 1)? & 1 == 0 {
                break;
            }
        }
    }
    let head = *payload.get(at)?;
    if head & 0x10 == 0 {
        return None;
    }
    let layer = at + 1 + 4 * usize::from(head >> 5);
    let size = payload.get(layer..layer + 4)?;
    Some(Resolution {
        width: u16::from_be_bytes([size[0], size[1]]),
        height: u16::from_be_bytes([size[2], size[3]]),
    })
}

impl Descriptor {
    /// Picture ids are always written with 15 bits: see `vp8`.
    #[inline]
    pub(super) fn rewrite(
        &self,
        payload: &[u8],
        running: Running,
        out: &mut [u8; DESCRIPTOR_MAX],
    ) -> (usize, usize) {
        let flags = payload[0];
        out[0] = flags;
        let mut at = 1;
        if let Some(picture) = running.picture {
            out[at..at + 2].copy_from_slice(&(picture | 0x8000).to_be_bytes());
            at += 2;
        }
        let length = usize::from(self.length);
        if flags & L != 0 {
            let indices = if running.base_layer.is_some() { 2 } else { 1 };
            out[at] = payload[length - indices];
            at += 1;
        }
        if let Some(base_layer) = running.base_layer {
            out[at] = base_layer;
            at += 1;
        }
        (at, length)
    }
}
