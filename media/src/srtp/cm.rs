//! AES in counter mode with HMAC-SHA1-80 (RFC 3711 §4.1.1, §4.2.1).

use aes::{
    Aes128,
    cipher::{InnerIvInit, StreamCipher, StreamCipherCoreWrapper},
};
use ctr::{CtrCore, flavors::Ctr128BE};
use hmac::{Hmac, Mac};
use sha1::Sha1;

use super::kdf::{Labels, MasterKey};

/// Bytes of the truncated tag.
pub(super) const TAG: usize = 10;

/// Session keys and salt.
pub(super) struct AesCm {
    cipher: Aes128,
    salt: [u8; 14],
    /// Keyed and cloned for each packet, so that the key is hashed once.
    mac: Hmac<Sha1>,
}

impl AesCm {
    pub(super) fn new(master: &MasterKey, labels: Labels) -> Self {
        let key: [u8; 20] = master.derive(labels.authentication);
        Self {
            cipher: master.block_cipher(labels.encryption),
            salt: master.derive(labels.salt),
            mac: Hmac::new_from_slice(&key).expect("HMAC takes a key of any length"),
        }
    }

    /// Encrypts or decrypts in place. `index`: the 48-bit index of an RTP
    /// packet or the 31-bit index of an RTCP packet.
    pub(super) fn apply(&self, ssrc: u32, index: u64, text: &mut [u8]) {
        let mut iv = [0; 16];
        iv[..14].copy_from_slice(&self.salt);
        for (byte, value) in iv[4..8].iter_mut().zip(ssrc.to_be_bytes()) {
            *byte ^= value;
        }
        for (byte, value) in iv[8..14].iter_mut().zip(&index.to_be_bytes()[2..]) {
            *byte ^= value;
        }
        let core = CtrCore::<&Aes128, Ctr128BE>::inner_iv_init(&self.cipher, &iv.into());
        StreamCipherCoreWrapper::from_core(core).apply_keystream(text);
    }

    /// The tag over a packet and the bytes that are authenticated after it.
    pub(super) fn tag(&self, packet: &[u8], after: &[u8]) -> [u8; TAG] {
        let mut mac = self.mac.clone();
        mac.update(packet);
        mac.update(after);
        let mut tag = [0; TAG];
        tag.copy_from_slice(&mac.finalize().into_bytes()[..TAG]);
        tag
    }

    /// Whether a tag is right, in constant time.
    pub(super) fn verify(&self, packet: &[u8], after: &[u8], tag: &[u8]) -> bool {
        let mut mac = self.mac.clone();
        mac.update(packet);
        mac.update(after);
        tag.len() == TAG && mac.verify_truncated_left(tag).is_ok()
    }
}
