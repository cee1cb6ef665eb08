//! Keys of tokens. Each is used with one algorithm and no other.

use std::{fs, io, path::PathBuf};

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, crypto::sign};
use rsa::{
    RsaPublicKey,
    pkcs1::{DecodeRsaPublicKey, EncodeRsaPublicKey},
    pkcs8::DecodePublicKey,
    traits::PublicKeyParts,
};

use crate::{
    config::{KeyAlgorithm, KeySettings, Secret},
    room_key::TenantId,
};

/// The name of the server's own key.
pub const LOCAL_KID: &str = "local";
/// RFC 7518, 3.2: a secret is as long as the hash at least.
const SECRET_MIN: usize = 32;
/// RFC 7518, 3.3: a modulus has 2048 bits at least. More than 4096 cost too
/// much time for each check.
const MODULUS_BITS: std::ops::RangeInclusive<usize> = 2_048..=4_096;

/// A key that checks tokens.
#[derive(Debug)]
pub struct Key {
    kid: String,
    algorithm: Algorithm,
    key: DecodingKey,
}

/// The keys of a tenant.
#[derive(Debug)]
pub struct KeyRing {
    keys: Vec<Key>,
    /// The key that the server made for the tenant, when it has none itself.
    local: Option<Secret>,
}

/// Why a key cannot be used. Never shows it.
#[derive(Debug, thiserror::Error)]
pub enum BadKey {
    /// HS256 without a secret.
    #[error("HS256 needs a secret")]
    NoSecret,
    /// HS256 with a file.
    #[error("HS256 has a secret and no public_key_file")]
    SuperfluousFile,
    /// Anybody could try out such secrets.
    #[error("the secret has {0} bytes; HS256 needs {SECRET_MIN} at least")]
    ShortSecret(usize),
    /// RS256 without a file.
    #[error("RS256 needs a public_key_file")]
    NoFile,
    /// RS256 with a secret.
    #[error("RS256 has a public_key_file and no secret")]
    SuperfluousSecret,
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file holds something else.
    #[error("{} holds no RSA public key in PEM form, of at most 4096 bits", .0.display())]
    NotRsa(PathBuf),
    /// The key is too weak or too large.
    #[error("the RSA key has {0} bits; 2048 to 4096 are right")]
    Bits(usize),
}

impl BadKey {
    /// Which setting of a key is wrong.
    #[must_use]
    pub fn setting(&self) -> &'static str {
        match self {
            Self::NoSecret | Self::ShortSecret(_) | Self::SuperfluousSecret => "secret",
            _ => "public_key_file",
        }
    }
}

impl Key {
    /// Makes a key of its settings.
    ///
    /// # Errors
    /// Says why it cannot be used.
    pub fn load(settings: &KeySettings) -> Result<Self, BadKey> {
        let (algorithm, key) = match settings.alg {
            KeyAlgorithm::HS256 => (Algorithm::HS256, secret(settings)?),
            KeyAlgorithm::RS256 => (Algorithm::RS256, public_key(settings)?),
        };
        Ok(Self {
            kid: settings.kid.clone(),
            algorithm,
            key,
        })
    }

    pub(super) fn fits(&self, algorithm: Algorithm, kid: Option<&str>) -> bool {
        self.algorithm == algorithm && kid.is_none_or(|kid| kid == self.kid)
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(super) fn decoding(&self) -> &DecodingKey {
        &self.key
    }
}

fn secret(settings: &KeySettings) -> Result<DecodingKey, BadKey> {
    if settings.public_key_file.is_some() {
        return Err(BadKey::SuperfluousFile);
    }
    let secret = settings.secret.as_ref().ok_or(BadKey::NoSecret)?.expose();
    match secret.len() {
        SECRET_MIN.. => Ok(DecodingKey::from_secret(secret.as_bytes())),
        length => Err(BadKey::ShortSecret(length)),
    }
}

fn public_key(settings: &KeySettings) -> Result<DecodingKey, BadKey> {
    if settings.secret.is_some() {
        return Err(BadKey::SuperfluousSecret);
    }
    let path = settings.public_key_file.as_ref().ok_or(BadKey::NoFile)?;
    let text = fs::read_to_string(path).map_err(|source| BadKey::Unreadable {
        path: path.clone(),
        source,
    })?;
    let not_rsa = || BadKey::NotRsa(path.clone());
    let key = RsaPublicKey::from_public_key_pem(text.trim())
        .ok()
        .or_else(|| RsaPublicKey::from_pkcs1_pem(text.trim()).ok())
        .ok_or_else(not_rsa)?;
    let bits = key.n().bits();
    if !MODULUS_BITS.contains(&bits) {
        return Err(BadKey::Bits(bits));
    }
    let der = key.to_pkcs1_der().map_err(|_| not_rsa())?;
    Ok(DecodingKey::from_rsa_der(der.as_bytes()))
}

impl KeyRing {
    /// The keys of a tenant; without any, the one that the server made.
    ///
    /// # Errors
    /// Says why a key cannot be used.
    pub fn load(
        settings: &[KeySettings],
        tenant: &TenantId,
        server_secret: &[u8],
    ) -> Result<Self, BadKey> {
        if !settings.is_empty() {
            let keys = settings.iter().map(Key::load).collect::<Result<_, _>>()?;
            return Ok(Self { keys, local: None });
        }
        let local = local_secret(tenant, server_secret);
        let key = Key {
            kid: LOCAL_KID.to_owned(),
            algorithm: Algorithm::HS256,
            key: DecodingKey::from_secret(local.expose().as_bytes()),
        };
        Ok(Self {
            keys: vec![key],
            local: Some(local),
        })
    }

    /// The keys that a token may be signed with.
    pub(super) fn candidates(
        &self,
        algorithm: Algorithm,
        kid: Option<&str>,
    ) -> impl Iterator<Item = &Key> {
        self.keys.iter().filter(move |key| key.fits(algorithm, kid))
    }

    /// The secret that the server made for the tenant.
    pub(super) fn local(&self) -> Option<&Secret> {
        self.local.as_ref()
    }
}

/// Each tenant has a secret of its own, so that a token of one is none of
/// another: HMAC of its name with the server's.
fn local_secret(tenant: &TenantId, server_secret: &[u8]) -> Secret {
    let key = EncodingKey::from_secret(server_secret);
    let text = sign(tenant.as_str().as_bytes(), &key, Algorithm::HS256)
        .expect("HS256 signs any bytes with any secret");
    Secret::new(text)
}
