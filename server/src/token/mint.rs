//! Making tokens, for operators who want to try or to hand out links.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::{
    RsaPrivateKey,
    pkcs1::{DecodeRsaPrivateKey, EncodeRsaPrivateKey},
    pkcs8::DecodePrivateKey,
};
use serde_json::{Map, Value};

use super::{KeyRing, LOCAL_KID};
use crate::config::{KeyAlgorithm, KeySettings};

/// What a token shall say.
pub type Recipe = Map<String, Value>;

/// Signs tokens with one key.
pub struct Minter {
    header: Header,
    key: EncodingKey,
}

/// Why no token can be made.
#[derive(Debug, thiserror::Error)]
pub enum CannotMint {
    /// The tenant has no key of this name.
    #[error("the tenant has no key {0:?}; its keys are {1}")]
    NoSuchKey(String, String),
    /// RS256 needs what the server does not have.
    #[error("key {0:?} is an RS256 key: give the file of its private key with --private-key")]
    NoPrivateKey(String),
    /// HS256 has no such thing.
    #[error("key {0:?} is an HS256 key, which has no private key")]
    SuperfluousKey(String),
    /// The text is no private key.
    #[error("the file holds no RSA private key in PEM form")]
    NotRsa,
    /// Signing failed.
    #[error("the token cannot be signed: {0}")]
    Sign(#[from] jsonwebtoken::errors::Error),
}

impl std::fmt::Debug for Minter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Minter").finish_non_exhaustive()
    }
}

impl Minter {
    /// What the server itself can sign with: the first HS256 key of a tenant, or
    /// the one that it made where there is none. Of RS256 keys it has no more
    /// than the public half.
    #[must_use]
    pub fn of_server(settings: &[KeySettings], ring: &KeyRing) -> Option<Self> {
        let symmetric = |key: &&KeySettings| key.alg == KeyAlgorithm::HS256;
        let kid = match settings.iter().find(symmetric) {
            Some(key) => Some(key.kid.as_str()),
            None if settings.is_empty() => None,
            None => return None,
        };
        Self::new(settings, ring, kid, None).ok()
    }

    /// Takes a key of a tenant: the one that is named, else the first.
    /// `private_key` is the text of a PEM file, for RS256.
    ///
    /// # Errors
    /// When there is no such key, or it cannot sign.
    pub fn new(
        settings: &[KeySettings],
        ring: &KeyRing,
        kid: Option<&str>,
        private_key: Option<&str>,
    ) -> Result<Self, CannotMint> {
        let Some(first) = settings.first() else {
            return Self::local(ring, kid, private_key);
        };
        let found = match kid {
            None => Some(first),
            Some(kid) => settings.iter().find(|key| key.kid == kid),
        };
        let Some(key) = found else {
            let names: Vec<&str> = settings.iter().map(|key| key.kid.as_str()).collect();
            let kid = kid.unwrap_or_default().to_owned();
            return Err(CannotMint::NoSuchKey(kid, names.join(", ")));
        };
        let (algorithm, encoding) = match key.alg {
            KeyAlgorithm::HS256 => (Algorithm::HS256, secret_key(key, private_key)?),
            KeyAlgorithm::RS256 => {
                let missing = || CannotMint::NoPrivateKey(key.kid.clone());
                (Algorithm::RS256, rsa_key(private_key.ok_or_else(missing)?)?)
            }
        };
        Ok(Self {
            header: header(algorithm, &key.kid),
            key: encoding,
        })
    }

    fn local(
        ring: &KeyRing,
        kid: Option<&str>,
        private_key: Option<&str>,
    ) -> Result<Self, CannotMint> {
        if private_key.is_some() {
            return Err(CannotMint::SuperfluousKey(LOCAL_KID.to_owned()));
        }
        let unknown = || {
            let kid = kid.unwrap_or(LOCAL_KID).to_owned();
            CannotMint::NoSuchKey(kid, LOCAL_KID.to_owned())
        };
        if kid.is_some_and(|kid| kid != LOCAL_KID) {
            return Err(unknown());
        }
        let secret = ring.local().ok_or_else(unknown)?;
        Ok(Self {
            header: header(Algorithm::HS256, LOCAL_KID),
            key: EncodingKey::from_secret(secret.expose().as_bytes()),
        })
    }

    /// Makes a token.
    ///
    /// # Errors
    /// When the key cannot sign.
    pub fn mint(&self, recipe: &Recipe) -> Result<String, CannotMint> {
        Ok(encode(&self.header, recipe, &self.key)?)
    }
}

fn header(algorithm: Algorithm, kid: &str) -> Header {
    Header {
        kid: Some(kid.to_owned()),
        ..Header::new(algorithm)
    }
}

fn secret_key(key: &KeySettings, private_key: Option<&str>) -> Result<EncodingKey, CannotMint> {
    if private_key.is_some() {
        return Err(CannotMint::SuperfluousKey(key.kid.clone()));
    }
    let secret = key.secret.as_ref().map_or("", |secret| secret.expose());
    Ok(EncodingKey::from_secret(secret.as_bytes()))
}

fn rsa_key(pem: &str) -> Result<EncodingKey, CannotMint> {
    let key = RsaPrivateKey::from_pkcs8_pem(pem.trim())
        .ok()
        .or_else(|| RsaPrivateKey::from_pkcs1_pem(pem.trim()).ok())
        .ok_or(CannotMint::NotRsa)?;
    let der = key.to_pkcs1_der().map_err(|_| CannotMint::NotRsa)?;
    Ok(EncodingKey::from_rsa_der(der.as_bytes()))
}
