//! People who log in: their names and roles.

use std::{fmt, str::FromStr};

use super::{Scope, Scopes};
use crate::{clock::UnixMillis, room_key::TenantId};

/// Somebody who logs in, without the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Never changes and is never given again.
    pub id: String,
    /// What they log in with.
    pub name: UserName,
    /// What they may.
    pub role: Role,
    /// The only tenant that they may touch; none is all of them.
    pub tenant: Option<TenantId>,
    /// Until when the password can be used, if somebody else made it. It has to
    /// be changed first of all.
    pub one_time_until: Option<UnixMillis>,
    /// When they were made.
    pub created_at: UnixMillis,
}

/// A user's name: 1 to 64 letters, digits, `.`, `_`, `-`, `@` or `+`, of ASCII,
/// in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserName(String);

/// The text is no user's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a user's name has 1 to 64 letters, digits or . _ - @ +")]
pub struct BadUserName;

impl UserName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for UserName {
    type Err = BadUserName;

    fn from_str(text: &str) -> Result<Self, BadUserName> {
        let good = |byte: u8| byte.is_ascii_alphanumeric() || b"._-@+".contains(&byte);
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(good);
        fits.then(|| Self(text.to_ascii_lowercase()))
            .ok_or(BadUserName)
    }
}

impl fmt::Display for UserName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What somebody may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Everything.
    Admin,
    /// Everything but tokens.
    Operator,
    /// See, and change nothing.
    Viewer,
}

/// The text names no role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a role is admin, operator or viewer")]
pub struct UnknownRole;

impl Role {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Admin, Self::Operator, Self::Viewer];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Operator => "operator",
            Self::Viewer => "viewer",
        }
    }

    /// What tokens of a login are good for.
    #[must_use]
    pub fn scopes(self) -> Scopes {
        let may = |scope: &Scope| match self {
            Self::Admin => true,
            Self::Operator => *scope != Scope::TokensWrite,
            Self::Viewer => matches!(
                scope,
                Scope::RoomsRead
                    | Scope::RecordingsRead
                    | Scope::StatisticsRead
                    | Scope::WebhooksRead
                    | Scope::MetricsRead
            ),
        };
        Scope::ALL.into_iter().filter(may).collect()
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        let named = |role: &Self| role.name() == text;
        Self::ALL.into_iter().find(named).ok_or(UnknownRole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn viewers_change_nothing_and_operators_make_no_tokens() {
        let viewer = Role::Viewer.scopes();
        assert!(viewer.iter().all(|scope| scope.name().ends_with(":read")));
        assert!(!Role::Operator.scopes().has(Scope::TokensWrite));
        assert_eq!(Role::Admin.scopes(), Scopes::all());
    }

    #[test]
    fn case_of_a_name_does_not_matter() {
        let name: Result<UserName, _> = "Ada@Example.org".parse();
        assert_eq!(name.expect("a name").as_str(), "ada@example.org");
        for bad in ["", "a b", "ä", "a\0", &"x".repeat(65)] {
            assert_eq!(bad.parse::<UserName>(), Err(BadUserName), "{bad}");
        }
    }
}
