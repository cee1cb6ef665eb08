//! What a caller of the REST API may do.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One thing that a token may be good for.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
pub enum Scope {
    /// See rooms and who is in them.
    #[serde(rename = "rooms:read")]
    RoomsRead,
    /// Make, change and close rooms, and what people in them may do.
    #[serde(rename = "rooms:write")]
    RoomsWrite,
    /// Write into chats and clear them.
    #[serde(rename = "chat:write")]
    ChatWrite,
    /// See recordings and whether a room is being recorded.
    #[serde(rename = "recordings:read")]
    RecordingsRead,
    /// Start and stop recordings, and delete them.
    #[serde(rename = "recordings:write")]
    RecordingsWrite,
    /// See who was in which room, and for how long.
    #[serde(rename = "statistics:read")]
    StatisticsRead,
    /// See webhooks and what became of them.
    #[serde(rename = "webhooks:read")]
    WebhooksRead,
    /// Send webhooks again, and change them.
    #[serde(rename = "webhooks:write")]
    WebhooksWrite,
    /// See, make and revoke tokens.
    #[serde(rename = "tokens:write")]
    TokensWrite,
    /// Read `/metrics`.
    #[serde(rename = "metrics:read")]
    MetricsRead,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::RoomsRead,
        Self::RoomsWrite,
        Self::ChatWrite,
        Self::RecordingsRead,
        Self::RecordingsWrite,
        Self::StatisticsRead,
        Self::WebhooksRead,
        Self::WebhooksWrite,
        Self::TokensWrite,
        Self::MetricsRead,
    ];

    /// Its name, as in `--scope`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RoomsRead => "rooms:read",
            Self::RoomsWrite => "rooms:write",
            Self::ChatWrite => "chat:write",
            Self::RecordingsRead => "recordings:read",
            Self::RecordingsWrite => "recordings:write",
            Self::StatisticsRead => "statistics:read",
            Self::WebhooksRead => "webhooks:read",
            Self::WebhooksWrite => "webhooks:write",
            Self::TokensWrite => "tokens:write",
            Self::MetricsRead => "metrics:read",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The text names no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a scope is one of rooms:read, rooms:write, chat:write, recordings:read, recordings:write, \
     statistics:read, webhooks:read, webhooks:write, tokens:write, metrics:read"
)]
pub struct UnknownScope;

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        let named = |scope: &Self| scope.name() == text;
        Self::ALL.into_iter().find(named).ok_or(UnknownScope)
    }
}

/// A set of scopes. As text: their names with spaces between (RFC 6749, 3.3).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scopes(u16);

impl Scopes {
    /// Nothing at all.
    pub const NONE: Self = Self(0);

    /// All scopes.
    #[must_use]
    pub fn all() -> Self {
        Self::from_iter(Scope::ALL)
    }

    /// Whether a scope is in it.
    #[must_use]
    pub fn has(self, scope: Scope) -> bool {
        self.0 & bit(scope) != 0
    }

    /// Whether all of `others` are in it.
    #[must_use]
    pub fn include(self, others: Self) -> bool {
        others.0 & !self.0 == 0
    }

    /// Those in it, always in the same order.
    pub fn iter(self) -> impl Iterator<Item = Scope> {
        Scope::ALL.into_iter().filter(move |scope| self.has(*scope))
    }
}

fn bit(scope: Scope) -> u16 {
    1 << scope as u16
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<T: IntoIterator<Item = Scope>>(scopes: T) -> Self {
        Self(scopes.into_iter().fold(0, |all, one| all | bit(one)))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.iter().map(Scope::name).collect();
        f.write_str(&names.join(" "))
    }
}

impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        text.split_whitespace().map(str::parse::<Scope>).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_everywhere() {
        for scope in Scope::ALL {
            assert_eq!(scope.name().parse(), Ok(scope));
            let json = serde_json::to_value(scope).expect("JSON");
            assert_eq!(json, scope.name());
        }
        assert_eq!("rooms".parse::<Scope>(), Err(UnknownScope));
    }

    #[test]
    fn set_is_read_as_it_is_written() {
        let set: Scopes = "chat:write rooms:read".parse().expect("scopes");
        assert_eq!(set.to_string(), "rooms:read chat:write");
        assert!(set.has(Scope::ChatWrite) && !set.has(Scope::RoomsWrite));
        assert!(Scopes::all().include(set) && !set.include(Scopes::all()));
        assert!(set.include(Scopes::NONE));
    }
}
