//! Identifiers and names that are checked where they enter.

use serde::{Deserialize, Serialize};

/// The most characters that a room or participant id may have.
pub const ID_MAX: usize = 128;

/// The most characters of a display name; the rest is cut off.
pub const DISPLAY_NAME_MAX: usize = 80;

/// Why a text is no identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// Nothing was given.
    #[error("the id is empty")]
    Empty,
    /// More than [`ID_MAX`] characters were given.
    #[error("the id is longer than {ID_MAX} characters")]
    TooLong,
    /// A character other than letters, digits, `-` and `_` was given.
    #[error("the id has a character other than letters, digits, '-' and '_': {0:?}")]
    Character(char),
}

fn check(text: &str, allowed: impl Fn(char) -> bool) -> Result<(), InvalidId> {
    if text.is_empty() {
        return Err(InvalidId::Empty);
    }
    if text.chars().nth(ID_MAX).is_some() {
        return Err(InvalidId::TooLong);
    }
    match text.chars().find(|c| !allowed(*c)) {
        Some(c) => Err(InvalidId::Character(c)),
        None => Ok(()),
    }
}

/// The id of a room: 1 to 128 ASCII letters, digits, `-` and `_`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoomId(String);

impl RoomId {
    /// Checks a text from outside.
    ///
    /// # Errors
    /// Says which rule of the type the text breaks.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        check(text, |c| c.is_ascii_alphanumeric() || c == '-' || c == '_')?;
        Ok(Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The id of a participant in a room. It may be the integrator's own, so any
/// printable text of 1 to 128 characters will do.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PeerId(String);

impl PeerId {
    /// Checks a text from outside.
    ///
    /// # Errors
    /// Says which rule of the type the text breaks.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        check(text, |c| !c.is_control())?;
        Ok(Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character is invisible and turns the direction of what follows.
/// With such marks a name could turn the words around it, and look like
/// somebody else's; an address could read like another one. Text of any script
/// finds its direction without them.
#[must_use]
pub fn turns_text(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// What a name does not hold: control characters, ends of lines and of
/// paragraphs, marks that turn text. Joiners stay: Persian words and some
/// pictures are written with them.
fn is_unfit(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') || turns_text(c)
}

/// A participant's name as others see it: trimmed, without control
/// characters and marks of writing direction, at most [`DISPLAY_NAME_MAX`] characters. Empty means that none
/// was given, and the interface shows its own word for a guest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct DisplayName(String);

impl DisplayName {
    /// The name as text; may be empty.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for DisplayName {
    fn from(text: String) -> Self {
        let clean: String = text.chars().filter(|c| !is_unfit(*c)).collect();
        let cut: String = clean.trim().chars().take(DISPLAY_NAME_MAX).collect();
        Self(cut.trim_end().to_owned())
    }
}

impl From<&str> for DisplayName {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<DisplayName> for String {
    fn from(name: DisplayName) -> Self {
        name.0
    }
}

macro_rules! id_conversions {
    ($($id:ty),*) => { $(
        impl TryFrom<String> for $id {
            type Error = InvalidId;

            fn try_from(text: String) -> Result<Self, InvalidId> {
                Self::parse(&text)
            }
        }

        impl From<$id> for String {
            fn from(id: $id) -> Self {
                id.0
            }
        }

        impl std::fmt::Display for $id {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )* };
}

id_conversions!(RoomId, PeerId);
