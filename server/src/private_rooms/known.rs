//! Which PINs were right before, so that Argon2 is asked once for each room.
//!
//! Kept as digests with a secret of this process, in memory only.

use std::collections::HashMap;

use rand::RngCore;
use sha2::{Digest, Sha256};

use super::Pin;

type Mark = [u8; 32];

/// The right PINs of some rooms, by the hash that the database has.
pub(super) struct Known {
    secret: [u8; 32],
    marks: HashMap<String, Mark>,
    most: usize,
}

impl Known {
    /// With none. Of so many rooms they are kept; then all are forgotten, which
    /// costs one hash for each room again.
    pub(super) fn new(most: usize) -> Self {
        let mut secret = [0; 32];
        rand::rng().fill_bytes(&mut secret);
        Self {
            secret,
            marks: HashMap::new(),
            most,
        }
    }

    /// Whether it is the right one; nothing while that is not known.
    pub(super) fn fits(&self, pin: &Pin, hash: &str) -> Option<bool> {
        let right = self.marks.get(hash)?;
        Some(*right == self.mark(pin, hash))
    }

    /// The PIN was right.
    pub(super) fn note(&mut self, pin: &Pin, hash: String) {
        if self.marks.len() >= self.most {
            self.marks.clear();
        }
        let mark = self.mark(pin, &hash);
        self.marks.insert(hash, mark);
    }

    fn mark(&self, pin: &Pin, hash: &str) -> Mark {
        let digest = Sha256::new().chain_update(self.secret);
        digest
            .chain_update(hash)
            .chain_update(pin.as_bytes())
            .finalize()
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pin(text: &str) -> Pin {
        Pin::parse(text).expect("a PIN")
    }

    #[test]
    fn right_pin_is_known_for_its_own_hash_and_others_are_wrong() {
        let mut known = Known::new(2);
        assert_eq!(known.fits(&pin("0427"), "a"), None);
        known.note(&pin("0427"), "a".to_owned());
        assert_eq!(known.fits(&pin("0427"), "a"), Some(true));
        assert_eq!(known.fits(&pin("0428"), "a"), Some(false));
        assert_eq!(known.fits(&pin("0427"), "b"), None);
    }

    #[test]
    fn memory_is_bounded() {
        let mut known = Known::new(2);
        for hash in ["a", "b", "c"] {
            known.note(&pin("0427"), hash.to_owned());
        }
        assert_eq!(known.marks.len(), 1);
        assert_eq!(known.fits(&pin("0427"), "c"), Some(true));
    }
}
