//! Authentication and decryption of what we receive.

use super::{
    Cipher, ENCRYPTED, KeyingMaterial, Profile, RTCP_HEADER, RTCP_INDEX, kdf::MasterKey, rtcp_ssrc,
    window::Windows,
};

/// Why a packet was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Rejected {
    /// Too short for its header and tag.
    #[error("the packet is too short")]
    Short,
    /// Accepted before, or too old to tell.
    #[error("the packet was replayed")]
    Replayed,
    /// The tag is wrong: the packet is forged, damaged, or of other keys.
    #[error("the packet is not authentic")]
    Forged,
    /// An SRTCP packet that is not encrypted, which WebRTC forbids.
    #[error("the packet is not encrypted")]
    Plain,
}

/// Unprotects the packets of one direction. Keeps state for a bounded number
/// of SSRCs, and only for those that sent an authentic packet.
pub struct Inbound {
    rtp: Cipher,
    rtcp: Cipher,
    rtp_windows: Windows,
    rtcp_windows: Windows,
}

impl Inbound {
    /// For the DTLS server's side: the other side protects with the client's
    /// keys.
    #[must_use]
    pub fn server(keys: &KeyingMaterial) -> Self {
        Self::new(keys.profile, &keys.client)
    }

    /// For the DTLS client's side.
    #[must_use]
    pub fn client(keys: &KeyingMaterial) -> Self {
        Self::new(keys.profile, &keys.server)
    }

    pub(super) fn new(profile: Profile, master: &MasterKey) -> Self {
        Self {
            rtp: Cipher::rtp(profile, master),
            rtcp: Cipher::rtcp(profile, master),
            rtp_windows: Windows::default(),
            rtcp_windows: Windows::default(),
        }
    }

    /// Unprotects an RTP packet in place. `header_length` counts CSRCs and
    /// extensions. Returns the length of the plain packet and its 48-bit index.
    ///
    /// # Errors
    /// Says why the packet must be dropped.
    pub fn unprotect_rtp(
        &mut self,
        packet: &mut [u8],
        header_length: usize,
    ) -> Result<(usize, u64), Rejected> {
        let tag_length = self.rtp.tag_length();
        if header_length < 12 || packet.len() < header_length + tag_length {
            return Err(Rejected::Short);
        }
        let sequence = u16::from_be_bytes([packet[2], packet[3]]);
        let ssrc = u32::from_be_bytes([packet[8], packet[9], packet[10], packet[11]]);
        let index = self
            .rtp_windows
            .index(ssrc, sequence)
            .ok_or(Rejected::Replayed)?;
        let length = packet.len() - tag_length;
        let authentic = match &self.rtp {
            Cipher::Gcm(gcm) => {
                let (header, text) = packet.split_at_mut(header_length);
                gcm.open(gcm.rtp_nonce(ssrc, index), header, text).is_some()
            }
            Cipher::Cm(cm) => {
                let rollover = ((index >> 16) as u32).to_be_bytes();
                let authentic = cm.verify(&packet[..length], &rollover, &packet[length..]);
                if authentic {
                    cm.apply(ssrc, index, &mut packet[header_length..length]);
                }
                authentic
            }
        };
        if !authentic {
            return Err(Rejected::Forged);
        }
        self.rtp_windows.accept(ssrc, index);
        Ok((length, index))
    }

    /// Unprotects a compound RTCP packet in place and returns the length of
    /// the plain packet.
    ///
    /// # Errors
    /// Says why the packet must be dropped.
    pub fn unprotect_rtcp(&mut self, packet: &mut [u8]) -> Result<usize, Rejected> {
        let overhead = self.rtcp.tag_length() + RTCP_INDEX;
        if packet.len() < RTCP_HEADER + overhead {
            return Err(Rejected::Short);
        }
        let ssrc = rtcp_ssrc(packet).ok_or(Rejected::Short)?;
        let length = packet.len() - overhead;
        let at = match self.rtcp {
            Cipher::Gcm(_) => packet.len() - RTCP_INDEX,
            Cipher::Cm(_) => length,
        };
        let word = [packet[at], packet[at + 1], packet[at + 2], packet[at + 3]];
        let index = u32::from_be_bytes(word);
        if index & ENCRYPTED == 0 {
            return Err(Rejected::Plain);
        }
        let index = index & !ENCRYPTED;
        if !self.rtcp_windows.is_fresh(ssrc, u64::from(index)) {
            return Err(Rejected::Replayed);
        }
        if !self.open_rtcp(packet, length, word, index, ssrc) {
            return Err(Rejected::Forged);
        }
        self.rtcp_windows.accept(ssrc, u64::from(index));
        Ok(length)
    }

    fn open_rtcp(
        &self,
        packet: &mut [u8],
        length: usize,
        word: [u8; RTCP_INDEX],
        index: u32,
        ssrc: u32,
    ) -> bool {
        match &self.rtcp {
            Cipher::Gcm(gcm) => {
                let mut aad = [0; RTCP_HEADER + RTCP_INDEX];
                aad[..RTCP_HEADER].copy_from_slice(&packet[..RTCP_HEADER]);
                aad[RTCP_HEADER..].copy_from_slice(&word);
                let end = packet.len() - RTCP_INDEX;
                let nonce = gcm.rtcp_nonce(ssrc, index);
                gcm.open(nonce, &aad, &mut packet[RTCP_HEADER..end])
                    .is_some()
            }
            Cipher::Cm(cm) => {
                let tag = length + RTCP_INDEX;
                let authentic = cm.verify(&packet[..length], &word, &packet[tag..]);
                if authentic {
                    cm.apply(ssrc, u64::from(index), &mut packet[RTCP_HEADER..length]);
                }
                authentic
            }
        }
    }
}
