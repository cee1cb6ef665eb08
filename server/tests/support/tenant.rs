//! Tenants of tests, and tokens that they sign.

use std::path::{Path, PathBuf};

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rsa::{RsaPrivateKey, pkcs1::EncodeRsaPrivateKey, pkcs8::DecodePrivateKey};
use serde_json::Value;
use server::{
    clock::Now,
    config::{KeyAlgorithm, KeySettings, Secret, TenantSettings},
};

/// The secret of the key "a".
pub const SECRET: &str = "a secret of tests: at least thirty-two bytes";
/// The keys of the key "b".
pub const PUBLIC_KEY: &str = include_str!("../keys/rs256-public.pem");
const PRIVATE_KEY: &str = include_str!("../keys/rs256-private.pem");

/// A default tenant with the keys "a" (HS256) and "b" (RS256), whose
/// integrators are on loopback and are named by addresses.
pub fn tenant() -> TenantSettings {
    TenantSettings {
        debug_attributes: true,
        allow_private_targets: true,
        jwt_keys: vec![
            KeySettings {
                kid: "a".to_owned(),
                alg: KeyAlgorithm::HS256,
                secret: Some(Secret::new(SECRET)),
                public_key_file: None,
            },
            KeySettings {
                kid: "b".to_owned(),
                alg: KeyAlgorithm::RS256,
                secret: None,
                public_key_file: Some(key_file("rs256-public.pem")),
            },
        ],
        ..TenantSettings::default()
    }
}

fn key_file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/keys")
        .join(name)
}

/// A token of the key "a".
pub fn hs256(claims: &Value) -> String {
    sign(Algorithm::HS256, Some("a"), SECRET.as_bytes(), claims)
}

/// A token of the key "b".
pub fn rs256(claims: &Value) -> String {
    let key = RsaPrivateKey::from_pkcs8_pem(PRIVATE_KEY).expect("a key");
    let key = key.to_pkcs1_der().expect("a key");
    let key = EncodingKey::from_rsa_der(key.as_bytes());
    let header = header(Algorithm::RS256, Some("b"));
    encode(&header, claims, &key).expect("a token")
}

/// A token by any secret and under any name.
pub fn sign(algorithm: Algorithm, kid: Option<&str>, secret: &[u8], claims: &Value) -> String {
    let key = EncodingKey::from_secret(secret);
    encode(&header(algorithm, kid), claims, &key).expect("a token")
}

fn header(algorithm: Algorithm, kid: Option<&str>) -> Header {
    Header {
        kid: kid.map(str::to_owned),
        ..Header::new(algorithm)
    }
}

/// The time, so many seconds from now, in seconds since 1970.
pub fn seconds_from_now(seconds: i64) -> i64 {
    Now::read().unix.seconds().cast_signed() + seconds
}

/// A query: names and values, percent-encoded.
pub fn query(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}
