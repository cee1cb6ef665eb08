//! Writes RTP headers into a buffer on the stack.

use super::extensions::{ONE_BYTE, TWO_BYTE};

/// The most bytes that a written header can have. Extensions that do not fit
/// are left out.
pub const MAX_HEADER: usize = 256;

const FIXED: usize = 12;

/// What stands in the fixed part of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeaderFields {
    /// What the payload is, 0 to 127.
    pub payload_type: u8,
    /// The marker bit.
    pub marker: bool,
    /// Whether padding follows the payload.
    pub padding: bool,
    /// The sequence number.
    pub sequence: u16,
    /// The timestamp.
    pub timestamp: u32,
    /// The stream.
    pub ssrc: u32,
}

/// A header that is being written: the fixed part first, then extensions.
#[derive(Debug)]
pub struct HeaderWriter {
    bytes: [u8; MAX_HEADER],
    length: usize,
    two_byte: bool,
}

impl HeaderWriter {
    /// Starts a header whose extensions have ids up to 14 and at most 16
    /// bytes.
    #[must_use]
    #[inline]
    pub fn new(fields: &HeaderFields) -> Self {
        let mut header = Self {
            bytes: [0; MAX_HEADER],
            length: FIXED,
            two_byte: false,
        };
        let bytes = &mut header.bytes;
        bytes[0] = 0x80 | u8::from(fields.padding) << 5;
        bytes[1] = u8::from(fields.marker) << 7 | fields.payload_type & 0x7f;
        bytes[2..4].copy_from_slice(&fields.sequence.to_be_bytes());
        bytes[4..8].copy_from_slice(&fields.timestamp.to_be_bytes());
        bytes[8..12].copy_from_slice(&fields.ssrc.to_be_bytes());
        header
    }

    /// Starts a header whose extensions may have any id and 255 bytes. Every
    /// receiver that offered `extmap-allow-mixed` reads it.
    #[must_use]
    pub fn two_byte(fields: &HeaderFields) -> Self {
        let mut header = Self::new(fields);
        header.widen();
        header
    }

    /// Goes over to the two-byte form, as long as there is no extension yet.
    pub fn widen(&mut self) {
        self.two_byte |= self.length == FIXED;
    }

    /// Whether an extension fits the one-byte form.
    #[must_use]
    #[inline]
    pub const fn fits_one_byte(id: u8, length: usize) -> bool {
        id >= 1 && id <= 14 && length >= 1 && length <= 16
    }

    /// Adds an extension. Returns false, and adds nothing, when it does not
    /// fit the form or the buffer.
    #[inline]
    pub fn extension(&mut self, id: u8, value: &[u8]) -> bool {
        let fits = if self.two_byte {
            id > 0 && value.len() <= 255
        } else {
            Self::fits_one_byte(id, value.len())
        };
        let start = self.length.max(FIXED + 4);
        // three bytes may follow to fill up the last word
        if !fits || start + 2 + value.len() + 3 > MAX_HEADER {
            return false;
        }
        let head = if self.two_byte { 2 } else { 1 };
        #[expect(clippy::cast_possible_truncation, reason = "at most 255, see above")]
        if self.two_byte {
            self.bytes[start] = id;
            self.bytes[start + 1] = value.len() as u8;
        } else {
            self.bytes[start] = id << 4 | (value.len() - 1) as u8;
        }
        self.bytes[start + head..start + head + value.len()].copy_from_slice(value);
        self.length = start + head + value.len();
        true
    }

    /// Bytes of the complete header if one more extension of `value` bytes
    /// were added.
    #[must_use]
    #[inline]
    pub fn length_with(&self, value: usize) -> usize {
        let head = if self.two_byte { 2 } else { 1 };
        (self.length.max(FIXED + 4) + head + value).next_multiple_of(4)
    }

    /// Completes the header and returns its bytes.
    #[must_use]
    #[inline]
    pub fn finish(&mut self) -> &[u8] {
        if self.length > FIXED {
            let words = (self.length - FIXED - 4).div_ceil(4);
            let profile = if self.two_byte { TWO_BYTE } else { ONE_BYTE };
            self.bytes[0] |= 0x10;
            self.bytes[FIXED..FIXED + 2].copy_from_slice(&profile.to_be_bytes());
            #[expect(clippy::cast_possible_truncation, reason = "at most MAX_HEADER / 4")]
            self.bytes[FIXED + 2..FIXED + 4].copy_from_slice(&(words as u16).to_be_bytes());
            self.length = FIXED + 4 + 4 * words;
        }
        &self.bytes[..self.length]
    }
}
