//! Whether a token is good. Has no side effects and reads no clock.

use std::time::Duration;

use jsonwebtoken::{Algorithm, Validation, decode, decode_header, errors::ErrorKind};
use protocol::{ErrorCode, WireError};
use sha2::{Digest, Sha256};

use super::{Claims, KeyRing, Moment};
use crate::{clock::UnixMillis, room::TokenHash};

/// The longest token that is looked at, in bytes.
pub const TOKEN_MAX: usize = 8 * 1024;

/// A token with a good signature.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedToken {
    /// The same for all who have the same token.
    pub hash: TokenHash,
    /// What it says.
    pub claims: Claims,
    /// How long it lasts since its first use.
    pub lifetime: Option<Duration>,
    /// When it ends (`exp`), with nothing added for clocks that differ.
    pub expires_at: Option<Moment>,
    /// When it begins (`nbf`).
    pub not_before: Option<Moment>,
}

/// Why a token is not good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadToken {
    /// It is longer than [`TOKEN_MAX`].
    #[error("the token is longer than {TOKEN_MAX} bytes")]
    TooLong,
    /// It is no JWT, or a claim stands there twice.
    #[error("the token cannot be read")]
    Malformed,
    /// Neither HS256 nor RS256.
    #[error("the token is signed in a way that is not accepted")]
    Algorithm,
    /// It asks for something that the server does not know (RFC 7515, 4.1.11).
    #[error("the token has a critical header that is not known")]
    Critical,
    /// No key of the tenant has its `kid` and its algorithm.
    #[error("the tenant has no key of the token's kid and algorithm")]
    NoKey,
    /// Signed by somebody else, or changed.
    #[error("the token's signature is wrong")]
    Signature,
    /// `exp` or `nbf` is no time.
    #[error("the token's exp or nbf is no time")]
    Times,
    /// `exp` is past.
    #[error("the token has expired")]
    Expired,
    /// `nbf` is still to come.
    #[error("the token is not valid yet")]
    NotYetValid,
}

impl BadToken {
    /// The code that clients are told.
    #[must_use]
    pub fn code(self) -> ErrorCode {
        match self {
            Self::Expired => ErrorCode::TokenExpired,
            Self::NotYetValid => ErrorCode::TokenNotYetValid,
            _ => ErrorCode::TokenInvalid,
        }
    }
}

impl From<BadToken> for WireError {
    fn from(bad: BadToken) -> Self {
        Self::new(bad.code(), bad.to_string())
    }
}

/// Checks form and signature with the keys of a tenant. The times are read and
/// left to [`VerifiedToken::check_times`].
///
/// # Errors
/// Says why the token is not good.
pub fn verify(text: &str, keys: &KeyRing) -> Result<VerifiedToken, BadToken> {
    if text.len() > TOKEN_MAX {
        return Err(BadToken::TooLong);
    }
    let header = decode_header(text).map_err(|error| reason(error.kind()))?;
    if !matches!(header.alg, Algorithm::HS256 | Algorithm::RS256) {
        return Err(BadToken::Algorithm);
    }
    if header.crit.is_some() || header.extras.inner().contains_key("b64") {
        return Err(BadToken::Critical);
    }
    let mut bad = BadToken::NoKey;
    for key in keys.candidates(header.alg, header.kid.as_deref()) {
        match decode::<Claims>(text, key.decoding(), &validation(key.algorithm())) {
            Ok(token) => return verified(text, token.claims),
            Err(error) => bad = reason(error.kind()),
        }
    }
    Err(bad)
}

fn verified(text: &str, claims: Claims) -> Result<VerifiedToken, BadToken> {
    let time = |name: &str| {
        let moment = claims.get(name).map(Moment::read);
        moment.transpose().map_err(|_| BadToken::Times)
    };
    // what is signed: the signature itself might be written in another way
    let signed = text.rsplit_once('.').map_or(text, |(signed, _)| signed);
    Ok(VerifiedToken {
        hash: TokenHash(Sha256::digest(signed).into()),
        expires_at: time("exp")?,
        not_before: time("nbf")?,
        lifetime: None,
        claims,
    })
}

/// The signature alone: times are ours, for they come in more forms than the
/// crate knows, and `aud` and `iss` are the integrator's business.
fn validation(algorithm: Algorithm) -> Validation {
    let mut validation = Validation::new(algorithm);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

fn reason(kind: &ErrorKind) -> BadToken {
    match kind {
        ErrorKind::InvalidSignature => BadToken::Signature,
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => BadToken::Algorithm,
        _ => BadToken::Malformed,
    }
}

impl VerifiedToken {
    /// Whether the token's time is now.
    ///
    /// # Errors
    /// When it is over or has not come.
    pub fn check_times(&self, now: UnixMillis, leeway: Duration) -> Result<(), BadToken> {
        let leeway = u64::try_from(leeway.as_millis()).unwrap_or(u64::MAX);
        let now = now.get();
        if let Some(end) = self.expires_at
            && now >= end.0.get().saturating_add(leeway)
        {
            return Err(BadToken::Expired);
        }
        if let Some(start) = self.not_before
            && now.saturating_add(leeway) < start.0.get()
        {
            return Err(BadToken::NotYetValid);
        }
        Ok(())
    }
}
