//! The RTP header: parsed once per packet, then passed along.

use super::Extensions;

/// Why bytes are no RTP packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RtpError {
    /// Shorter than its header says.
    #[error("the packet ends within its header")]
    Truncated,
    /// The version is not 2.
    #[error("RTP version {0} instead of 2")]
    Version(u8),
    /// The padding is longer than the payload, or says that it has no length.
    #[error("the padding does not fit the payload")]
    Padding,
}

/// A parsed RTP header (RFC 3550 §5.1). It describes a packet and holds none
/// of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// What the payload is, 0 to 127.
    pub payload_type: u8,
    /// The marker bit: last packet of a frame, or first after silence.
    pub marker: bool,
    /// The sequence number.
    pub sequence: u16,
    /// The sampling instant in ticks of the payload's clock.
    pub timestamp: u32,
    /// The stream.
    pub ssrc: u32,
    /// Bytes of the header, with contributing sources and extensions.
    pub length: usize,
    /// Whether padding follows the payload.
    pub padding: bool,
    /// The profile of the header extension block and where its elements stand.
    extension: Option<(u16, u16, u16)>,
}

const FIXED: usize = 12;

impl Header {
    /// Reads the header at the start of a packet. Works on encrypted packets
    /// too, because SRTP leaves the header readable.
    ///
    /// # Errors
    /// Says why the bytes are no RTP packet.
    #[inline]
    pub fn parse(packet: &[u8]) -> Result<Self, RtpError> {
        let fixed: &[u8; FIXED] = packet.first_chunk().ok_or(RtpError::Truncated)?;
        if fixed[0] >> 6 != 2 {
            return Err(RtpError::Version(fixed[0] >> 6));
        }
        let mut length = FIXED + 4 * usize::from(fixed[0] & 0x0f);
        let mut extension = None;
        if fixed[0] & 0x10 != 0 {
            let head = packet.get(length..length + 4).ok_or(RtpError::Truncated)?;
            let profile = u16::from_be_bytes([head[0], head[1]]);
            let start = length + 4;
            length = start + 4 * usize::from(u16::from_be_bytes([head[2], head[3]]));
            // a packet that long would have been refused below
            if let (Ok(start), Ok(end)) = (u16::try_from(start), u16::try_from(length)) {
                extension = Some((profile, start, end));
            }
        }
        if packet.len() < length {
            return Err(RtpError::Truncated);
        }
        Ok(Self {
            payload_type: fixed[1] & 0x7f,
            marker: fixed[1] & 0x80 != 0,
            sequence: u16::from_be_bytes([fixed[2], fixed[3]]),
            timestamp: u32::from_be_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]),
            ssrc: u32::from_be_bytes([fixed[8], fixed[9], fixed[10], fixed[11]]),
            length,
            padding: fixed[0] & 0x20 != 0,
            extension,
        })
    }

    /// The header extensions of `packet`, which this header was parsed from.
    #[must_use]
    #[inline]
    pub fn extensions<'a>(&self, packet: &'a [u8]) -> Extensions<'a> {
        let Some((profile, start, end)) = self.extension else {
            return Extensions::none();
        };
        let block = packet.get(usize::from(start)..usize::from(end));
        Extensions::new(profile, usize::from(start), block.unwrap_or_default())
    }

    /// The payload of `packet`, which this header was parsed from and which is
    /// decrypted: what follows the header, less the padding.
    ///
    /// # Errors
    /// [`RtpError::Padding`] when the padding's length is impossible.
    #[inline]
    pub fn payload<'a>(&self, packet: &'a [u8]) -> Result<&'a [u8], RtpError> {
        let body = packet.get(self.length..).ok_or(RtpError::Truncated)?;
        if !self.padding {
            return Ok(body);
        }
        let padding = usize::from(*body.last().ok_or(RtpError::Padding)?);
        match body.len().checked_sub(padding) {
            Some(length) if padding > 0 => Ok(&body[..length]),
            _ => Err(RtpError::Padding),
        }
    }
}
