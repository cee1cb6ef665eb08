//! The two tokens of a login: JWTs (RFC 7519) that only this server reads.
//!
//! Both name the login that they belong to, and count only while it is there:
//! that is asked of the database. The refresh token has a number, too, and only
//! the latest one counts.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use serde::{Deserialize, Serialize};

use crate::{clock::UnixMillis, config::Secret};

const ISSUER: &str = "meetframe";

/// Signs and reads the tokens of logins.
pub(super) struct Keys {
    signing: EncodingKey,
    checking: DecodingKey,
}

/// What a token is for. One is never taken for the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Access,
    Refresh,
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    iss: String,
    typ: Kind,
    /// The user's id.
    pub(super) sub: String,
    /// The login's id.
    pub(super) sid: String,
    /// Which of the login's tokens.
    pub(super) number: i64,
    iat: u64,
    exp: u64,
}

impl Claims {
    /// When the token ends.
    pub(super) fn ends_at(&self) -> UnixMillis {
        UnixMillis::new(self.exp.saturating_mul(1_000))
    }
}

/// Which login a token is made for.
pub(super) struct Subject<'a> {
    pub(super) user: &'a str,
    pub(super) login: &'a str,
    pub(super) number: i64,
}

impl Keys {
    pub(super) fn new(secret: &[u8]) -> Self {
        Self {
            signing: EncodingKey::from_secret(secret),
            checking: DecodingKey::from_secret(secret),
        }
    }

    pub(super) fn sign(
        &self,
        kind: Kind,
        subject: &Subject<'_>,
        now: UnixMillis,
        lasts: Duration,
    ) -> Result<Secret, jsonwebtoken::errors::Error> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            typ: kind,
            sub: subject.user.to_owned(),
            sid: subject.login.to_owned(),
            number: subject.number,
            iat: now.seconds(),
            exp: now.seconds() + lasts.as_secs(),
        };
        let header = Header::new(Algorithm::HS256);
        Ok(Secret::new(encode(&header, &claims, &self.signing)?))
    }

    /// What a token of this kind says, if it is ours and not over.
    pub(super) fn read(&self, text: &str, kind: Kind, now: UnixMillis) -> Option<Claims> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        // the caller's clock counts
        validation.validate_exp = false;
        let token = decode::<Claims>(text, &self.checking, &validation).ok()?;
        let claims = token.claims;
        (claims.typ == kind && now < claims.ends_at()).then_some(claims)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    #[test]
    fn token_is_read_until_it_ends_and_only_as_what_it_is() {
        let keys = Keys::new(b"one secret of thirty-two bytes at least");
        let subject = Subject {
            user: "u",
            login: "l",
            number: 3,
        };
        let start = UnixMillis::new(1_000_000);
        let text = keys.sign(Kind::Access, &subject, start, HOUR);
        let text = text.expect("a token").expose().to_owned();
        let claims = keys.read(&text, Kind::Access, start).expect("claims");
        assert_eq!((&*claims.sub, &*claims.sid, claims.number), ("u", "l", 3));
        assert_eq!(keys.read(&text, Kind::Refresh, start), None);
        assert_eq!(keys.read(&text, Kind::Access, claims.ends_at()), None);
        let others = Keys::new(b"another secret, as long as the first one");
        assert_eq!(others.read(&text, Kind::Access, start), None);
    }
}
