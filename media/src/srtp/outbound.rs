//! Protection of what we send.

use super::{Cipher, ENCRYPTED, KeyingMaterial, Profile, RTCP_HEADER, kdf::MasterKey, rtcp_ssrc};

/// Protects the packets of one direction.
pub struct Outbound {
    rtp: Cipher,
    rtcp: Cipher,
    /// The SRTCP index of the next packet; all our SSRCs share it.
    rtcp_index: u32,
}

impl Outbound {
    /// For the DTLS server's side: protects with the server's keys.
    #[must_use]
    pub fn server(keys: &KeyingMaterial) -> Self {
        Self::new(keys.profile, &keys.server)
    }

    /// For the DTLS client's side: protects with the client's keys.
    #[must_use]
    pub fn client(keys: &KeyingMaterial) -> Self {
        Self::new(keys.profile, &keys.client)
    }

    pub(super) fn new(profile: Profile, master: &MasterKey) -> Self {
        Self {
            rtp: Cipher::rtp(profile, master),
            rtcp: Cipher::rtcp(profile, master),
            rtcp_index: 0,
        }
    }

    /// Bytes that [`Outbound::protect_rtp`] adds.
    #[must_use]
    pub fn rtp_overhead(&self) -> usize {
        self.rtp.tag_length()
    }

    /// Protects an RTP packet in place.
    ///
    /// `buffer` holds the packet and room for the tag after it;
    /// `header_length` counts CSRCs and extensions; `index` is the 48-bit
    /// packet index (rollover counter and sequence number), never used before
    /// with this SSRC. Returns the length of the protected packet.
    ///
    /// # Panics
    /// If `buffer` is shorter than `length` + [`Outbound::rtp_overhead`], or
    /// the header is longer than the packet or below 12 bytes.
    pub fn protect_rtp(
        &self,
        buffer: &mut [u8],
        header_length: usize,
        length: usize,
        index: u64,
    ) -> usize {
        let ssrc = u32::from_be_bytes([buffer[8], buffer[9], buffer[10], buffer[11]]);
        let end = length + self.rtp.tag_length();
        match &self.rtp {
            Cipher::Gcm(gcm) => {
                let (header, rest) = buffer.split_at_mut(header_length);
                let (text, after) = rest.split_at_mut(length - header_length);
                let tag = gcm.seal(gcm.rtp_nonce(ssrc, index), header, text);
                after[..tag.len()].copy_from_slice(&tag);
            }
            Cipher::Cm(cm) => {
                cm.apply(ssrc, index, &mut buffer[header_length..length]);
                let rollover = ((index >> 16) as u32).to_be_bytes();
                let tag = cm.tag(&buffer[..length], &rollover);
                buffer[length..end].copy_from_slice(&tag);
            }
        }
        end
    }

    /// Protects a compound RTCP packet in place. `buffer` holds the packet and
    /// room for [`super::MAX_OVERHEAD`] after it. Returns the length of the
    /// protected packet, or nothing if `length` is less than an RTCP header.
    ///
    /// # Panics
    /// If `buffer` is shorter than `length` + [`super::MAX_OVERHEAD`].
    pub fn protect_rtcp(&mut self, buffer: &mut [u8], length: usize) -> Option<usize> {
        let ssrc = rtcp_ssrc(&buffer[..length])?;
        let index = self.rtcp_index;
        self.rtcp_index = (index + 1) & !ENCRYPTED;
        let word = (index | ENCRYPTED).to_be_bytes();
        match &self.rtcp {
            Cipher::Gcm(gcm) => {
                let mut aad = [0; RTCP_HEADER + 4];
                aad[..RTCP_HEADER].copy_from_slice(&buffer[..RTCP_HEADER]);
                aad[RTCP_HEADER..].copy_from_slice(&word);
                let nonce = gcm.rtcp_nonce(ssrc, index);
                let tag = gcm.seal(nonce, &aad, &mut buffer[RTCP_HEADER..length]);
                buffer[length..length + 16].copy_from_slice(&tag);
                buffer[length + 16..length + 20].copy_from_slice(&word);
                Some(length + 20)
            }
            Cipher::Cm(cm) => {
                cm.apply(ssrc, u64::from(index), &mut buffer[RTCP_HEADER..length]);
                let tag = cm.tag(&buffer[..length], &word);
                buffer[length..length + 4].copy_from_slice(&word);
                buffer[length + 4..length + 4 + tag.len()].copy_from_slice(&tag);
                Some(length + 4 + tag.len())
            }
        }
    }
}
