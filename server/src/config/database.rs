//! Settings of the database.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub(super) const ALLOWED: &[(&str, &str)] = &[
    ("database", "a section with the key url"),
    (
        "database.url",
        "\"sqlite:\" and the path of a file, such as \"sqlite:data/meetframe.db\"; no other database is supported",
    ),
];

/// Where the server keeps what must survive it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// Which database. Default `sqlite:data/meetframe.db`, below the working
    /// directory; the folder is made when it is missing.
    pub url: DatabaseUrl,
}

/// A database that is supported: a SQLite file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DatabaseUrl(PathBuf);

impl DatabaseUrl {
    /// A database in a SQLite file.
    #[must_use]
    pub fn sqlite(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The SQLite file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Default for DatabaseUrl {
    fn default() -> Self {
        Self::sqlite("data/meetframe.db")
    }
}

/// Why a text names no database that is supported. Never shows the text: the
/// URL of another database may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum InvalidDatabaseUrl {
    /// Another database.
    #[error("databases of the kind \"{0}:\" are not supported")]
    Scheme(String),
    /// No kind at all.
    #[error("it does not start with \"sqlite:\"")]
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
}

impl TryFrom<String> for DatabaseUrl {
    type Error = InvalidDatabaseUrl;

    fn try_from(text: String) -> Result<Self, InvalidDatabaseUrl> {
        let (scheme, path) = text.split_once(':').ok_or(InvalidDatabaseUrl::NoScheme)?;
        if scheme != "sqlite" {
            return Err(InvalidDatabaseUrl::Scheme(scheme.to_owned()));
        }
        // sqlite://path and sqlite:path name the same file, as everywhere
        let path = path.strip_prefix("//").unwrap_or(path);
        match path {
            "" => Err(InvalidDatabaseUrl::NoFile),
            _ if path.contains(":memory:") => Err(InvalidDatabaseUrl::Memory),
            _ if path.contains('?') => Err(InvalidDatabaseUrl::Options),
            _ => Ok(Self::sqlite(path)),
        }
    }
}

impl From<DatabaseUrl> for String {
    fn from(url: DatabaseUrl) -> Self {
        format!("sqlite:{}", url.0.display())
    }
}
