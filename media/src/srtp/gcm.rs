//! AES-128-GCM (RFC 7714): one pass encrypts and authenticates.

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::kdf::{KEY, Labels, MasterKey};

/// Bytes of a nonce and of a session salt.
const NONCE: usize = 12;

/// Session key and salt. A nonce must never be used twice with one key: RTP
/// takes SSRC and index, so a sender must not reuse an index of an SSRC.
pub(super) struct Gcm {
    key: LessSafeKey,
    salt: [u8; NONCE],
}

impl Gcm {
    pub(super) fn new(master: &MasterKey, labels: Labels) -> Self {
        let key: [u8; KEY] = master.derive(labels.encryption);
        let key = UnboundKey::new(&AES_128_GCM, &key).expect("16 bytes are an AES-128 key");
        Self {
            key: LessSafeKey::new(key),
            salt: master.derive(labels.salt),
        }
    }

    /// For the vectors of RFC 7714, which begin with session keys.
    #[cfg(test)]
    pub(super) fn with_session_keys(key: &[u8], salt: [u8; NONCE]) -> Self {
        let key = UnboundKey::new(&AES_128_GCM, key).expect("16 bytes are an AES-128 key");
        Self {
            key: LessSafeKey::new(key),
            salt,
        }
    }

    /// The nonce of an RTP packet (RFC 7714 §8.1): SSRC and 48-bit index.
    pub(super) fn rtp_nonce(&self, ssrc: u32, index: u64) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        nonce[2..6].copy_from_slice(&ssrc.to_be_bytes());
        nonce[6..].copy_from_slice(&index.to_be_bytes()[2..]);
        self.salted(nonce)
    }

    /// The nonce of an RTCP packet (RFC 7714 §9.1): SSRC and 31-bit index.
    pub(super) fn rtcp_nonce(&self, ssrc: u32, index: u32) -> [u8; NONCE] {
        let mut nonce = [0; NONCE];
        nonce[2..6].copy_from_slice(&ssrc.to_be_bytes());
        nonce[8..].copy_from_slice(&index.to_be_bytes());
        self.salted(nonce)
    }

    fn salted(&self, mut nonce: [u8; NONCE]) -> [u8; NONCE] {
        for (byte, salt) in nonce.iter_mut().zip(self.salt) {
            *byte ^= salt;
        }
        nonce
    }

    /// Encrypts in place and returns the tag.
    pub(super) fn seal(&self, nonce: [u8; NONCE], aad: &[u8], text: &mut [u8]) -> [u8; 16] {
        let tag = self
            .key
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), text)
            .expect("a datagram is far below the limit of GCM");
        let mut bytes = [0; 16];
        bytes.copy_from_slice(tag.as_ref());
        bytes
    }

    /// Decrypts a text that ends with its tag, in place; returns the length of
    /// the plain text, or nothing if the tag is wrong.
    pub(super) fn open(&self, nonce: [u8; NONCE], aad: &[u8], text: &mut [u8]) -> Option<usize> {
        self.key
            .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(aad), text)
            .ok()
            .map(|plain| plain.len())
    }
}
