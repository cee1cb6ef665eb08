//! Settings of the database.

use std::{fmt, path::PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Problem, SHOWN_SECRET};

pub(super) const ALLOWED: &[(&str, &str)] = &[
    ("database", "a section with the keys url, connections"),
    (
        "database.url",
        "\"sqlite:\" and the path of a file, such as \"sqlite:data/meetframe.db\", or \"postgres://user:password@host/database\"",
    ),
    ("database.connections", "a whole number, 2 to 1000"),
];

/// What PostgreSQL's address may have after the "?".
const OPTIONS: [&str; 8] = [
    "application_name",
    "host",
    "options",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
];

/// Where the server keeps what must survive it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// Which database. Default `sqlite:data/meetframe.db`, below the working
    /// directory; the folder is made when it is missing.
    pub url: DatabaseUrl,
    /// How many connections to PostgreSQL there are at most. More let more
    /// queries run at once, and each costs the database a process. SQLite has
    /// one that writes and a few that read. Default 10.
    pub connections: u32,
}

impl DatabaseConfig {
    pub(super) fn problem(&self) -> Option<Problem> {
        let wrong = !(2..=1_000).contains(&self.connections);
        let what = || format!("{} is not possible", self.connections);
        wrong.then(|| Problem::new("database.connections", what()))
    }
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: DatabaseUrl::default(),
            connections: 10,
        }
    }
}

impl From<DatabaseUrl> for DatabaseConfig {
    fn from(url: DatabaseUrl) -> Self {
        Self {
            url,
            ..Self::default()
        }
    }
}

/// A database that is supported. Shown without its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum DatabaseUrl {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A database of a PostgreSQL server.
    Postgres(PostgresUrl),
}

impl DatabaseUrl {
    /// A database in a SQLite file.
    #[must_use]
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self::Sqlite(path.into())
    }
}

impl Default for DatabaseUrl {
    fn default() -> Self {
        Self::sqlite("data/meetframe.db")
    }
}

/// The address of a PostgreSQL database. It may hold a password, which is never
/// shown.
#[derive(Clone, PartialEq, Eq)]
pub struct PostgresUrl(Url);

impl PostgresUrl {
    /// The address with its password, for the one who connects.
    #[must_use]
    pub fn expose(&self) -> &Url {
        &self.0
    }

    fn parse(text: &str) -> Result<Self, InvalidDatabaseUrl> {
        let url = Url::parse(text).map_err(|_| InvalidDatabaseUrl::NotAnAddress)?;
        // also keeps a password out of the query, where it could be shown
        let unknown = |(key, _): &(_, _)| !OPTIONS.contains(&AsRef::<str>::as_ref(key));
        match url.query_pairs().any(|pair| unknown(&pair)) {
            true => Err(InvalidDatabaseUrl::Option),
            false => Ok(Self(url)),
        }
    }
}

impl fmt::Display for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.password().is_none() {
            return self.0.fmt(f);
        }
        // neither the text nor the host of a parsed address has another one
        let mut shown = self.0.clone();
        shown.set_password(Some("hidden")).ok();
        let shown = shown
            .as_str()
            .replacen(":hidden@", &format!(":{SHOWN_SECRET}@"), 1);
        f.write_str(&shown)
    }
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text names no database that is supported. Never shows the text: it may
/// hold a password.
#[derive(Debug, thiserror::Error)]
pub enum InvalidDatabaseUrl {
    /// Another database.
    #[error("databases of the kind \"{0}:\" are not supported")]
    Scheme(String),
    /// No kind at all.
    #[error("it does not start with \"sqlite:\" or \"postgres:\"")]
    NoScheme,
    /// Nothing after the kind.
    #[error("no file is named after \"sqlite:\"")]
    NoFile,
    /// SQLite's databases without a file do not survive the server.
    #[error("a database in memory would lose its data")]
    Memory,
    /// Options of SQLite's driver are the server's business.
    #[error("options after \"?\" are not supported")]
    Options,
    /// Not an address of PostgreSQL.
    #[error(
        "it is not an address; a password with signs such as @ : / # % must be percent-encoded"
    )]
    NotAnAddress,
    /// An option that PostgreSQL's address cannot have.
    #[error("after \"?\" only these options are supported: {}", OPTIONS.join(", "))]
    Option,
}

impl TryFrom<String> for DatabaseUrl {
    type Error = InvalidDatabaseUrl;

    fn try_from(text: String) -> Result<Self, InvalidDatabaseUrl> {
        let (scheme, path) = text.split_once(':').ok_or(InvalidDatabaseUrl::NoScheme)?;
        match scheme {
            "sqlite" => sqlite_path(path).map(Self::sqlite),
            "postgres" | "postgresql" => PostgresUrl::parse(&text).map(Self::Postgres),
            other => Err(InvalidDatabaseUrl::Scheme(other.to_owned())),
        }
    }
}

fn sqlite_path(path: &str) -> Result<&str, InvalidDatabaseUrl> {
    // sqlite://path and sqlite:path name the same file, as everywhere
    let path = path.strip_prefix("//").unwrap_or(path);
    match path {
        "" => Err(InvalidDatabaseUrl::NoFile),
        _ if path.contains(":memory:") => Err(InvalidDatabaseUrl::Memory),
        _ if path.contains('?') => Err(InvalidDatabaseUrl::Options),
        _ => Ok(path),
    }
}

impl From<DatabaseUrl> for String {
    fn from(url: DatabaseUrl) -> Self {
        url.to_string()
    }
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => url.fmt(f),
        }
    }
}
