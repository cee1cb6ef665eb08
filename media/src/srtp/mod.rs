//! SRTP and SRTCP in place: AEAD_AES_128_GCM (RFC 7714) and
//! AES_CM_128_HMAC_SHA1_80 (RFC 3711).
//!
//! Owns keys, nonces, tags, rollover counters and replay windows. Nothing here
//! allocates per packet. What packets mean belongs to `sfu`; where the keys
//! come from belongs to [`crate::dtls`].

mod cm;
mod gcm;
mod inbound;
mod kdf;
mod outbound;
mod window;

#[cfg(test)]
mod tests;

pub use inbound::{Inbound, Rejected};
pub use kdf::KeyingMaterial;
pub use outbound::Outbound;

use cm::AesCm;
use gcm::Gcm;
use kdf::MasterKey;

/// The most bytes that protection adds to a packet: SRTCP with GCM has a tag
/// of 16 and an index of 4.
pub const MAX_OVERHEAD: usize = 20;

/// Bytes of an SRTCP packet that stay readable: the first packet's header and
/// the sender's SSRC.
const RTCP_HEADER: usize = 8;

/// Bytes of the SRTCP index that ends a packet (before the tag in AES-CM).
const RTCP_INDEX: usize = 4;

/// The E bit of the SRTCP index word: the packet is encrypted.
const ENCRYPTED: u32 = 1 << 31;

/// A protection profile of DTLS-SRTP that we speak.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// RFC 7714: encryption and authentication in one pass; preferred.
    AeadAes128Gcm,
    /// RFC 3711, for clients that know nothing better.
    AesCm128HmacSha1_80,
}

impl Profile {
    /// Bytes of a master salt.
    const fn salt_length(self) -> usize {
        match self {
            Self::AeadAes128Gcm => 12,
            Self::AesCm128HmacSha1_80 => 14,
        }
    }

    /// Bytes of the authentication tag.
    const fn tag_length(self) -> usize {
        match self {
            Self::AeadAes128Gcm => 16,
            Self::AesCm128HmacSha1_80 => 10,
        }
    }
}

/// The session keys of one direction, for one of RTP and RTCP.
enum Cipher {
    Gcm(Box<Gcm>),
    Cm(Box<AesCm>),
}

impl Cipher {
    fn rtp(profile: Profile, master: &MasterKey) -> Self {
        Self::new(profile, master, kdf::RTP_LABELS)
    }

    fn rtcp(profile: Profile, master: &MasterKey) -> Self {
        Self::new(profile, master, kdf::RTCP_LABELS)
    }

    fn new(profile: Profile, master: &MasterKey, labels: kdf::Labels) -> Self {
        match profile {
            Profile::AeadAes128Gcm => Self::Gcm(Box::new(Gcm::new(master, labels))),
            Profile::AesCm128HmacSha1_80 => Self::Cm(Box::new(AesCm::new(master, labels))),
        }
    }

    fn tag_length(&self) -> usize {
        match self {
            Self::Gcm(_) => Profile::AeadAes128Gcm.tag_length(),
            Self::Cm(_) => Profile::AesCm128HmacSha1_80.tag_length(),
        }
    }
}

/// The SSRC that an RTCP packet begins with.
fn rtcp_ssrc(packet: &[u8]) -> Option<u32> {
    let bytes = packet.get(4..8)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}
