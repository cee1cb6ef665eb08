//! Signed addresses: whoever has one may see one video until it expires.
//!
//! A grant stands in the path, so that what a playlist names beside itself is
//! granted, too.

use std::time::Duration;

use hmac::{Hmac, Mac};
use rand::RngCore;
use sha2::Sha256;

use crate::{
    clock::UnixMillis,
    db::{Database, Purpose},
};

const KEY_BYTES: usize = 32;

/// Why a grant is no good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BadGrant {
    /// It was not made for this video, or not here.
    Forged,
    /// It was good once.
    Expired,
}

/// Makes and checks grants.
pub(crate) struct Grants(Vec<u8>);

impl std::fmt::Debug for Grants {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Grants")
    }
}

impl Grants {
    /// Loads the key from the database, where it is made on the first start.
    ///
    /// # Errors
    /// When the database fails.
    pub(super) async fn load(database: &Database, now: UnixMillis) -> Result<Self, sqlx::Error> {
        let mut fresh = [0; KEY_BYTES];
        rand::rng().fill_bytes(&mut fresh);
        let key = database.server_key(Purpose::Recording, &fresh, now).await?;
        Ok(Self(key))
    }

    /// A grant for a video: seconds since 1970-01-01 UTC when it expires, and
    /// the signature. It is the same for an hour, so that browsers can keep
    /// what they have.
    pub(super) fn make(&self, video: i64, lifetime: Duration, now: UnixMillis) -> String {
        let end = (now.seconds() + lifetime.as_secs()).next_multiple_of(3_600);
        format!("{end}-{}", self.sign(video, end))
    }

    /// Whether a grant is good for a video.
    pub(super) fn check(&self, grant: &str, video: i64, now: UnixMillis) -> Result<(), BadGrant> {
        let (end, signature) = grant.split_once('-').ok_or(BadGrant::Forged)?;
        let end: u64 = end.parse().map_err(|_| BadGrant::Forged)?;
        let signature = unhex(signature).ok_or(BadGrant::Forged)?;
        let signed = self.mac(video, end).verify_slice(&signature);
        signed.map_err(|_| BadGrant::Forged)?;
        if end > now.seconds() {
            return Ok(());
        }
        Err(BadGrant::Expired)
    }

    fn sign(&self, video: i64, end: u64) -> String {
        let bytes = self.mac(video, end).finalize().into_bytes();
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn mac(&self, video: i64, end: u64) -> Hmac<Sha256> {
        let mut mac = Hmac::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(format!("video:{video}:{end}").as_bytes());
        mac
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    if !bytes.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pair = |pair: &[u8]| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok();
    bytes.chunks(2).map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    #[test]
    fn a_grant_is_good_for_its_video_until_it_expires() {
        let grants = Grants(vec![7; 32]);
        let now = UnixMillis::new(1_000_000_000);
        let grant = grants.make(5, HOUR, now);
        assert_eq!(grants.check(&grant, 5, now), Ok(()));
        assert_eq!(grants.check(&grant, 6, now), Err(BadGrant::Forged));
        let later = UnixMillis::new(now.get() + 2 * 3_600_000);
        assert_eq!(grants.check(&grant, 5, later), Err(BadGrant::Expired));
        let other = Grants(vec![8; 32]);
        assert_eq!(other.check(&grant, 5, now), Err(BadGrant::Forged));
        for bad in [
            "",
            "1",
            "9999999999-",
            "9999999999-zz",
            "x-00",
            "9999999999-é",
        ] {
            assert_eq!(grants.check(bad, 5, now), Err(BadGrant::Forged), "{bad:?}");
        }
    }
}
