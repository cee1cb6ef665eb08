//! What payloads say about themselves: where a keyframe starts, how large the
//! picture is, and which fields must run on when a slot changes its source.
//! Nothing here decodes media.

mod av1;
mod dependency;
mod h264;
mod red;
mod vp8;
mod vp9;

pub(crate) use dependency::FrameNumber;
pub(crate) use red::{RED_HEADERS_MAX, RedBlocks};

use crate::Codec;

/// The most bytes that a rewritten descriptor can have: VP9's three fields,
/// or VP8's six bytes.
pub(crate) const DESCRIPTOR_MAX: usize = 8;

/// Width and height of a picture in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Resolution {
    pub(crate) width: u16,
    pub(crate) height: u16,
}

/// What one payload says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct PayloadInfo {
    /// It is the first packet of a picture that needs no other.
    pub(crate) keyframe: bool,
    /// The size of the picture, if it tells.
    pub(crate) resolution: Option<Resolution>,
    /// Its running fields.
    pub(crate) descriptor: Option<Descriptor>,
}

/// The part of a VP8 or VP9 payload descriptor that must run on over changes
/// of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Descriptor {
    Vp8(vp8::Descriptor),
    Vp9(vp9::Descriptor),
}

/// The running fields: picture id (15 bits), base layer index (8 bits) and
/// keyframe index (5 bits). As offsets, they are added modulo their size.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Running {
    pub(crate) picture: Option<u16>,
    pub(crate) base_layer: Option<u8>,
    pub(crate) key_index: Option<u8>,
}

impl Running {
    const PICTURE: u16 = 0x7fff;
    const KEY_INDEX: u8 = 0x1f;

    /// Offsets that let `self` come right after `last`.
    pub(crate) fn offsets_after(self, last: Self) -> Self {
        let after = |now: u16, last: Option<u16>| last.map_or(0, |l| (l + 1).wrapping_sub(now));
        let picture = self.picture.map(|p| after(p, last.picture) & Self::PICTURE);
        let base =
            |now: u8, last: Option<u8>| last.map_or(0, |l| l.wrapping_add(1).wrapping_sub(now));
        Self {
            picture,
            base_layer: self.base_layer.map(|b| base(b, last.base_layer)),
            key_index: self
                .key_index
                .map(|k| base(k, last.key_index) & Self::KEY_INDEX),
        }
    }

    /// The fields moved by `offsets`.
    pub(crate) fn moved(self, offsets: Self) -> Self {
        Self {
            picture: self
                .picture
                .map(|p| p.wrapping_add(offsets.picture.unwrap_or(0)) & Self::PICTURE),
            base_layer: self
                .base_layer
                .map(|b| b.wrapping_add(offsets.base_layer.unwrap_or(0))),
            key_index: self
                .key_index
                .map(|k| k.wrapping_add(offsets.key_index.unwrap_or(0)) & Self::KEY_INDEX),
        }
    }

    /// The later ones of the fields of two packets of a stream.
    pub(crate) fn latest(self, other: Self) -> Self {
        let picture_newer = |a: u16, b: u16| b.wrapping_sub(a) & Self::PICTURE < 0x4000;
        Self {
            picture: pick(self.picture, other.picture, picture_newer),
            base_layer: pick(self.base_layer, other.base_layer, |a, b| {
                b.wrapping_sub(a) < 0x80
            }),
            key_index: pick(self.key_index, other.key_index, |a, b| {
                b.wrapping_sub(a) & Self::KEY_INDEX < 0x10
            }),
        }
    }
}

fn pick<T: Copy>(a: Option<T>, b: Option<T>, newer: impl Fn(T, T) -> bool) -> Option<T> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if newer(a, b) { b } else { a }),
        (a, b) => b.or(a),
    }
}

impl Descriptor {
    /// The running fields as the source wrote them.
    #[inline]
    pub(crate) fn running(&self) -> Running {
        match self {
            Self::Vp8(descriptor) => descriptor.running,
            Self::Vp9(descriptor) => descriptor.running,
        }
    }

    /// Writes the start of the payload with other running fields into `out`.
    /// Returns how many bytes were written, and how many bytes of the payload
    /// they replace.
    #[inline]
    pub(crate) fn rewrite(
        &self,
        payload: &[u8],
        running: Running,
        out: &mut [u8; DESCRIPTOR_MAX],
    ) -> (usize, usize) {
        match self {
            Self::Vp8(descriptor) => descriptor.rewrite(payload, running, out),
            Self::Vp9(descriptor) => descriptor.rewrite(payload, running, out),
        }
    }
}

/// Reads what matters from the start of a payload. What cannot be understood
/// is forwarded as it is.
#[inline]
pub(crate) fn inspect(codec: Codec, payload: &[u8]) -> PayloadInfo {
    match codec {
        Codec::Opus | Codec::Red => PayloadInfo::default(),
        Codec::Vp8 => vp8::inspect(payload).unwrap_or_default(),
        Codec::Vp9 { .. } => vp9::inspect(payload).unwrap_or_default(),
        Codec::H264 { .. } => h264::inspect(payload),
        Codec::Av1 { .. } => av1::inspect(payload),
    }
}

#[cfg(test)]
mod tests;
