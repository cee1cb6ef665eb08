//! Signatures by the Standard Webhooks scheme, version 1: HMAC-SHA-256 of id,
//! time and body (<https://www.standardwebhooks.com/>).

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::MessageId;
use crate::clock::UnixMillis;

const PREFIX: &str = "whsec_";
/// What the scheme recommends, in bytes.
const LENGTH: std::ops::RangeInclusive<usize> = 24..=64;

/// The key of an `event_secret`.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningKey(Vec<u8>);

/// A text is no `event_secret`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSecret {
    /// It does not start with `whsec_`.
    #[error("it does not start with whsec_")]
    Prefix,
    /// The rest is not base64.
    #[error("what follows whsec_ is not base64")]
    Base64,
    /// It has too few or too many bytes.
    #[error("it has {0} bytes instead of 24 to 64")]
    Length(usize),
}

impl SigningKey {
    /// Reads an `event_secret`: `whsec_` and base64.
    ///
    /// # Errors
    /// Says what is wrong with it, without repeating it.
    pub fn parse(secret: &str) -> Result<Self, BadSecret> {
        let text = secret.strip_prefix(PREFIX).ok_or(BadSecret::Prefix)?;
        let key = STANDARD.decode(text).map_err(|_| BadSecret::Base64)?;
        if !LENGTH.contains(&key.len()) {
            return Err(BadSecret::Length(key.len()));
        }
        Ok(Self(key))
    }

    /// The value of `webhook-signature`.
    #[must_use]
    pub fn sign(&self, id: &MessageId, at: UnixMillis, body: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(format!("{}.{}.{body}", id.as_str(), at.seconds()).as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}
