//! The database: what must survive the process.
//!
//! Owns the files, the connections, the migrations and all SQL, one file per
//! table, one function per query. What the rows mean belongs to the callers.
//!
//! SQLite with a write-ahead log: readers never wait for the writer, and what
//! was committed survives a killed process. There is one writing connection,
//! so that writers queue here, in order, instead of failing on SQLite's lock.

mod chat;
mod files;
mod rooms;
mod server_keys;

use std::{path::PathBuf, time::Duration};

use sqlx::{
    SqlitePool,
    migrate::{MigrateError, Migrator},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::config::DatabaseUrl;

pub use rooms::StoredRoom;
pub use server_keys::Purpose;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

/// Connections that only read. More cost a thread each.
const READERS: u32 = 4;
/// How long a statement waits for another process that holds the lock, for
/// instance a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a query waits for a connection before it fails. Longer than any
/// burst of joins takes.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// A handle on the database; clones share its connections.
#[derive(Debug, Clone)]
pub struct Database {
    writer: SqlitePool,
    reader: SqlitePool,
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder is missing and could not be made.
    #[error("cannot make the data folder {}: {source}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file could not be made or opened for writing.
    #[error("cannot write the database file {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// SQLite refused it.
    #[error("cannot open the database {}: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// The tables could not be brought to this version.
    #[error("cannot bring the database {} up to date: {source}", path.display())]
    Migrate {
        /// The file.
        path: PathBuf,
        /// What went wrong.
        source: MigrateError,
    },
}

impl Database {
    /// Opens the database; makes its folder (mode 0700), its file (mode 0600)
    /// and its tables when they are missing.
    ///
    /// # Errors
    /// Says which file or folder is the trouble and why.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, OpenError> {
        let path = url.path();
        files::prepare(path)?;
        let open = |source| OpenError::Open {
            path: path.to_path_buf(),
            source,
        };
        let options = options(url);
        let writer = pool(1).connect_with(options.clone()).await.map_err(open)?;
        MIGRATIONS
            .run(&writer)
            .await
            .map_err(|source| OpenError::Migrate {
                path: path.to_path_buf(),
                source,
            })?;
        let reader = pool(READERS)
            .connect_with(options.read_only(true))
            .await
            .map_err(open)?;
        Ok(Self { writer, reader })
    }

    /// Asks the database whether it is there.
    ///
    /// # Errors
    /// When it is not.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT 1")
            .execute(&self.reader)
            .await
            .map(drop)
    }

    /// Waits for running queries, then closes all connections.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}

fn options(url: &DatabaseUrl) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(url.path())
        .journal_mode(SqliteJournalMode::Wal)
        // with a write-ahead log, Normal loses nothing when the process is
        // killed, and at most the last messages when the power fails
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        // a chat that ended should not stay readable in the file
        .pragma("secure_delete", "ON")
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
}
