//! Passwords: Argon2id, on threads of its own, a few at a time.

use std::fmt;

use argon2::{
    Argon2,
    password_hash::{
        Error as HashError, PasswordHash, PasswordHasher, PasswordVerifier, SaltString,
    },
};
use rand::{Rng, RngCore};
use tokio::{
    sync::Semaphore,
    task::{JoinError, spawn_blocking},
};

use crate::limits::LoginLimits;

/// How many characters a password has at least. The reference is NIST SP
/// 800-63B: length counts, rules about kinds of characters do not.
pub const PASSWORD_MIN: usize = 12;
/// How many characters a password has at most.
pub const PASSWORD_MAX: usize = 256;
const SALT_BYTES: usize = 16;

/// A hash that nothing fits, with the parameters of all others: what unknown
/// users are checked with, so that they take as long as known ones.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bWVldGZyYW1lLW5vYm9keQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What one-time passwords are made of: nothing that looks like another.
const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
/// Four groups of five: 99 bits.
const GROUPS: usize = 4;
const GROUP: usize = 5;

/// A password that is good enough to be kept. Never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// It is too short or too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a password has {PASSWORD_MIN} to {PASSWORD_MAX} characters")]
pub struct WeakPassword;

impl Password {
    /// Checks a text from outside.
    ///
    /// # Errors
    /// When it is too short or too long.
    pub fn parse(text: &str) -> Result<Self, WeakPassword> {
        let good = (PASSWORD_MIN..=PASSWORD_MAX).contains(&text.chars().count());
        good.then(|| Self(text.to_owned())).ok_or(WeakPassword)
    }

    /// A password that nobody can guess and a person can type.
    #[must_use]
    pub fn roll() -> Self {
        let mut rng = rand::rng();
        let mut letter = || char::from(LETTERS[rng.random_range(0..LETTERS.len())]);
        let groups: Vec<String> = (0..GROUPS)
            .map(|_| (0..GROUP).map(|_| letter()).collect())
            .collect();
        Self(groups.join("-"))
    }

    /// The text, for the one who shows it once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password")
    }
}

/// Why a password could not be hashed or checked.
#[derive(Debug, thiserror::Error)]
pub enum HashFailed {
    /// So many wait that this one is not taken.
    #[error("too many passwords are being checked")]
    Busy,
    /// Argon2 failed.
    #[error("a password could not be hashed: {0}")]
    Hash(#[from] HashError),
    /// The thread failed.
    #[error("the thread that hashes failed: {0}")]
    Thread(#[from] JoinError),
}

/// Hashes a few passwords at a time: each keeps a core and 19 MB busy.
pub(super) struct Hasher {
    turns: Semaphore,
    /// Turns and places to wait for one.
    places: Semaphore,
}

impl Hasher {
    pub(super) fn new(limits: &LoginLimits) -> Self {
        Self {
            turns: Semaphore::new(limits.hashes),
            places: Semaphore::new(limits.hashes + limits.waiting),
        }
    }

    /// Hashes a password with a new salt: a PHC string.
    pub(super) async fn hash(&self, password: Password) -> Result<String, HashFailed> {
        let hash = move || {
            let mut salt = [0; SALT_BYTES];
            rand::rng().fill_bytes(&mut salt);
            let salt = SaltString::encode_b64(&salt)?;
            let hash = Argon2::default().hash_password(password.0.as_bytes(), &salt)?;
            Ok::<_, HashError>(hash.to_string())
        };
        Ok(self.run(hash).await??)
    }

    /// Whether this is the password that was hashed. Takes as long when there
    /// is no hash.
    pub(super) async fn fits(
        &self,
        password: String,
        hash: Option<String>,
    ) -> Result<bool, HashFailed> {
        let check = move || {
            let hash = PasswordHash::new(hash.as_deref().unwrap_or(NOBODY))?;
            match Argon2::default().verify_password(password.as_bytes(), &hash) {
                Ok(()) => Ok(true),
                Err(HashError::Password) => Ok(false),
                Err(error) => Err(error),
            }
        };
        Ok(self.run(check).await??)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, HashFailed> {
        let _place = self.places.try_acquire().map_err(|_| HashFailed::Busy)?;
        let _turn = self.turns.acquire().await.map_err(|_| HashFailed::Busy)?;
        Ok(spawn_blocking(work).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> LoginLimits {
        LoginLimits {
            hashes: 1,
            waiting: 0,
            ..LoginLimits::default()
        }
    }

    #[tokio::test]
    async fn hash_fits_its_password_and_nothing_fits_nobody() {
        let hasher = Hasher::new(&limits());
        let password = Password::roll();
        let text = password.expose().to_owned();
        let hash = hasher.hash(password).await.expect("a hash");
        // unknown users take as long only with the same parameters
        let start = "$argon2id$v=19$m=19456,t=2,p=1$";
        assert!(
            hash.starts_with(start) && NOBODY.starts_with(start),
            "{hash}"
        );
        let fits = hasher.fits(text.clone(), Some(hash.clone())).await;
        assert!(fits.expect("checked"));
        let other = hasher.fits(format!("{text}x"), Some(hash)).await;
        assert!(!other.expect("checked"));
        assert!(!hasher.fits(text, None).await.expect("checked"));
    }

    #[tokio::test]
    async fn more_than_may_wait_are_refused() {
        let hasher = Hasher::new(&limits());
        let place = hasher.places.try_acquire();
        let refused = hasher.fits("a".to_owned(), None).await;
        assert!(matches!(refused, Err(HashFailed::Busy)));
        drop(place);
        assert!(hasher.fits("a".to_owned(), None).await.is_ok());
    }

    #[test]
    fn length_counts_in_characters() {
        assert_eq!(Password::parse("äöüäöüäöüäö").err(), Some(WeakPassword));
        assert!(Password::parse("äöüäöüäöüäöü").is_ok());
        assert!(Password::parse(&"x".repeat(257)).is_err());
        assert_eq!(Password::roll().expose().len(), 23);
    }
}
