//! Master keys out of DTLS, and session keys out of master keys
//! (RFC 3711 §4.3, RFC 7714 §11, RFC 5764 §4.2).

use aes::{
    Aes128,
    cipher::{KeyInit, KeyIvInit, StreamCipher},
};

use super::Profile;

/// Bytes of an AES-128 key.
pub(super) const KEY: usize = 16;

/// Which outputs of the key derivation a cipher takes.
#[derive(Clone, Copy)]
pub(super) struct Labels {
    pub(super) encryption: u8,
    pub(super) authentication: u8,
    pub(super) salt: u8,
}

pub(super) const RTP_LABELS: Labels = Labels {
    encryption: 0,
    authentication: 1,
    salt: 2,
};

pub(super) const RTCP_LABELS: Labels = Labels {
    encryption: 3,
    authentication: 4,
    salt: 5,
};

/// Master key and salt of one direction. The salt of 12 bytes that GCM has is
/// padded with zeros, as its key derivation wants it.
pub(super) struct MasterKey {
    pub(super) key: [u8; KEY],
    pub(super) salt: [u8; 14],
}

impl MasterKey {
    /// The output for one label: AES in counter mode over zeros, the counter
    /// starting at the salt with the label folded in.
    pub(super) fn derive<const N: usize>(&self, label: u8) -> [u8; N] {
        let mut iv = [0; 16];
        iv[..14].copy_from_slice(&self.salt);
        iv[7] ^= label;
        let mut output = [0; N];
        ctr::Ctr128BE::<Aes128>::new(&self.key.into(), &iv.into()).apply_keystream(&mut output);
        output
    }

    /// The block cipher keyed for one label.
    pub(super) fn block_cipher(&self, label: u8) -> Aes128 {
        Aes128::new(&self.derive::<KEY>(label).into())
    }
}

/// What the DTLS exporter gave: master keys of both directions.
pub struct KeyingMaterial {
    pub(super) profile: Profile,
    pub(super) client: MasterKey,
    pub(super) server: MasterKey,
}

impl KeyingMaterial {
    /// How many bytes the exporter has to give for a profile.
    #[must_use]
    pub const fn length(profile: Profile) -> usize {
        2 * (KEY + profile.salt_length())
    }

    /// Takes the exporter's output apart: client key, server key, client salt,
    /// server salt (RFC 5764 §4.2). Nothing if its length is wrong.
    #[must_use]
    pub fn from_exporter(profile: Profile, output: &[u8]) -> Option<Self> {
        if output.len() != Self::length(profile) {
            return None;
        }
        let (keys, salts) = output.split_at(2 * KEY);
        let (client_key, server_key) = keys.split_at(KEY);
        let (client_salt, server_salt) = salts.split_at(profile.salt_length());
        Some(Self {
            profile,
            client: master(client_key, client_salt),
            server: master(server_key, server_salt),
        })
    }

    /// The profile that was agreed on.
    #[must_use]
    pub fn profile(&self) -> Profile {
        self.profile
    }
}

fn master(key: &[u8], salt: &[u8]) -> MasterKey {
    let mut master = MasterKey {
        key: [0; KEY],
        salt: [0; 14],
    };
    master.key.copy_from_slice(key);
    master.salt[..salt.len()].copy_from_slice(salt);
    master
}
