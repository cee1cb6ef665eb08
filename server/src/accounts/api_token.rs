//! The text of a permanent token: `mf_<id>_<secret>`.
//!
//! The id finds the token and may be shown; the secret is 256 random bits. What
//! is kept of the secret is its SHA-256 without salt or stretching: those
//! protect what people choose, by making each guess dear. Nobody can guess 256
//! random bits however cheap a guess is, and a check on every request has to be
//! cheap.

use std::fmt::Write;

use rand::RngCore;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::config::Secret;

/// What every token starts with, so that scanners find those that leaked.
pub const PREFIX: &str = "mf_";
const ID_BYTES: usize = 8;
const SECRET_BYTES: usize = 32;

/// SHA-256 of a token's secret.
#[derive(Clone, Copy)]
pub(super) struct SecretHash([u8; 32]);

impl SecretHash {
    /// The hash as the database keeps it.
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether it is the one that was kept. Takes the same time however much of
    /// it is the same.
    pub(super) fn is(&self, kept: &[u8]) -> bool {
        self.0.as_slice().ct_eq(kept).into()
    }
}

/// The parts of a token that somebody showed.
pub(super) struct Shown<'a> {
    /// Which token.
    pub(super) id: &'a str,
    /// What is compared.
    pub(super) hash: SecretHash,
}

/// Reads a token; none if it has another form.
pub(super) fn read(text: &str) -> Option<Shown<'_>> {
    let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
    let good = is_id(id) && is_hex(secret, SECRET_BYTES);
    good.then(|| Shown {
        id,
        hash: hash(secret),
    })
}

/// A new token: its id, its whole text, and what is kept of it.
pub(super) struct Fresh {
    /// Its public name.
    pub(super) id: String,
    /// What the holder gets, once.
    pub(super) text: Secret,
    /// What is kept.
    pub(super) hash: SecretHash,
}

impl Fresh {
    /// Rolls the dice.
    pub(super) fn roll() -> Self {
        let (id, secret) = (random_hex(ID_BYTES), random_hex(SECRET_BYTES));
        Self {
            hash: hash(&secret),
            text: Secret::new(format!("{PREFIX}{id}_{secret}")),
            id,
        }
    }
}

/// So many random bytes in hexadecimal.
pub(super) fn random_hex(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    rand::rng().fill_bytes(&mut random);
    random.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a String never fails");
        text
    })
}

/// Whether a text can be the id of a token.
pub fn is_id(text: &str) -> bool {
    is_hex(text, ID_BYTES)
}

fn is_hex(text: &str, bytes: usize) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    text.len() == 2 * bytes && text.bytes().all(digit)
}

fn hash(secret: &str) -> SecretHash {
    SecretHash(Sha256::digest(secret).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn token_is_read_as_it_was_made_and_no_two_are_the_same() {
        let (a, b) = (Fresh::roll(), Fresh::roll());
        let shown = read(a.text.expose()).expect("a token");
        assert_eq!(shown.id, a.id);
        assert!(shown.hash.is(a.hash.as_bytes()));
        assert!(!shown.hash.is(b.hash.as_bytes()));
        assert_ne!(a.id, b.id);
    }

    #[test]
    fn other_texts_are_no_tokens() {
        let good = Fresh::roll().text.expose().to_owned();
        let (upper, longer) = (good.to_uppercase(), format!("{good}0"));
        for bad in [
            "",
            "mf_",
            "mf__",
            "eyJ0eXAiOiJKV",
            &upper,
            &longer,
            &good[3..],
        ] {
            assert!(read(bad).is_none(), "{bad}");
        }
    }
}
