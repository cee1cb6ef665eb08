//! A text that is never shown.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, Visitor},
};

/// A secret: a key, a password, the value of an `Authorization` header.
/// Neither logs nor `check-config` nor `/explain` show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// What stands for a secret wherever settings and attributes are shown.
pub const SHOWN_SECRET: &str = "(set)";

impl Secret {
    /// Hides a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one who uses it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(SHOWN_SECRET)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        output.serialize_str(SHOWN_SECRET)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(Quietly)
    }
}

/// Refuses what is no text without repeating it: serde's own messages do.
struct Quietly;

fn no_text<T, E: Error>() -> Result<T, E> {
    Err(E::custom("a secret is a text in quotes"))
}

impl<'de> Visitor<'de> for Quietly {
    type Value = Secret;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text in quotes")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Secret, E> {
        Ok(Secret::new(text))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Secret, E> {
        no_text()
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Secret, E> {
        no_text()
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Secret, E> {
        no_text()
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Secret, E> {
        no_text()
    }
}
