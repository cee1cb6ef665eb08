//! PINs: four digits, kept as Argon2id hashes.

use argon2::{
    Argon2,
    password_hash::{
        Error as HashError, PasswordHash, PasswordHasher, PasswordVerifier, SaltString,
    },
};
use rand::RngCore;

/// How many digits a PIN has.
pub const PIN_DIGITS: usize = 4;
const SALT_BYTES: usize = 16;

/// Four digits.
#[derive(Clone, PartialEq, Eq)]
pub struct Pin(String);

/// The text is not four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a PIN has {PIN_DIGITS} digits")]
pub struct NotAPin;

impl Pin {
    /// Checks a text from outside.
    ///
    /// # Errors
    /// When it is not four ASCII digits.
    pub fn parse(text: &str) -> Result<Self, NotAPin> {
        let fits = text.len() == PIN_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| Self(text.to_owned())).ok_or(NotAPin)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// Hashes the PIN with a new salt: a PHC string. Takes milliseconds.
    pub(super) fn hash(&self) -> Result<String, HashError> {
        let mut salt = [0; SALT_BYTES];
        rand::rng().fill_bytes(&mut salt);
        let salt = SaltString::encode_b64(&salt)?;
        let hash = Argon2::default().hash_password(self.0.as_bytes(), &salt)?;
        Ok(hash.to_string())
    }

    /// Whether this is the PIN that was hashed. Takes milliseconds.
    pub(super) fn fits(&self, hash: &str) -> Result<bool, HashError> {
        let hash = PasswordHash::new(hash)?;
        match Argon2::default().verify_password(self.0.as_bytes(), &hash) {
            Ok(()) => Ok(true),
            Err(HashError::Password) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pin_has_four_digits() {
        for text in ["", "123", "12345", "12a4", " 123", "１２３４", "-123"] {
            assert_eq!(Pin::parse(text).err(), Some(NotAPin), "{text}");
        }
        assert!(Pin::parse("0000").is_ok());
    }

    #[test]
    fn hash_is_argon2id_and_fits_its_pin_only() {
        let pin = Pin::parse("0427").expect("a PIN");
        let hash = pin.hash().expect("a hash");
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert_ne!(Ok(hash.clone()), pin.hash(), "salted");
        assert_eq!(pin.fits(&hash), Ok(true));
        assert_eq!(Pin::parse("0428").expect("a PIN").fits(&hash), Ok(false));
        assert!(pin.fits("nonsense").is_err());
    }
}
