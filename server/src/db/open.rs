//! Opens the database: one connection that says clearly what is wrong and
//! brings the tables up to date, then the pools.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{
    AnyPool, ConnectOptions, Connection, Executor, PgConnection,
    any::{AnyConnectOptions, AnyPoolOptions, install_default_drivers},
    migrate::{MigrateError, Migrator},
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous},
};
use tokio::time::timeout;
use url::Url;

use super::{
    Database,
    counted::{DatabaseErrors, Pool},
    files,
};
use crate::config::{DatabaseConfig, DatabaseUrl, PostgresUrl};

pub(super) static SQLITE: Migrator = sqlx::migrate!("./migrations/sqlite");
pub(super) static POSTGRES: Migrator = sqlx::migrate!("./migrations/postgres");

/// Connections to SQLite that only read. More cost a thread each.
const READERS: u32 = 4;
/// How long a statement waits for another process that holds SQLite's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long PostgreSQL may take to let the server in when it starts.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a query waits for a connection before it fails. Longer than any
/// burst of joins takes, and than PostgreSQL takes to start again.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);

/// Takes the lock at once: a transaction that reads first could not get it later.
const BEGIN_SQLITE: &str = "BEGIN IMMEDIATE";
/// Waits for the other transactions of whoever uses the same schema.
const BEGIN_POSTGRES: &str =
    "BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('meetframe ' || current_schema(), 0))";
/// What a connection that writes needs beside the driver's defaults, which are
/// five seconds of patience and checked foreign keys.
///
/// With a write-ahead log, NORMAL loses nothing when the process is killed, and
/// at most the last messages when the power fails. A chat that ended should not
/// stay readable in the file.
const WRITER_PRAGMAS: &str = "PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON";

/// Which database, for people: never with a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place(String);

impl Place {
    pub(super) fn of_file(path: &Path) -> Self {
        Self(path.display().to_string())
    }

    pub(super) fn of_postgres(url: &PostgresUrl) -> Self {
        Self(url.to_string())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
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
    /// The database refused.
    #[error("cannot open the database {place} (database.url): {source}")]
    Open {
        /// Which database.
        place: Place,
        /// What it said.
        source: sqlx::Error,
    },
    /// PostgreSQL did not answer.
    #[error("the database {place} (database.url) does not answer within {} s", CONNECT_TIMEOUT.as_secs())]
    NoAnswer {
        /// Which database.
        place: Place,
    },
    /// Another server uses it.
    #[error(
        "another server uses the database {place} (database.url): two would each have their own rooms. Stop it first, or give this one a database of its own"
    )]
    InUse {
        /// Which database.
        place: Place,
    },
    /// It cannot be told whether another server uses it.
    #[error("cannot lock {}: {source}", path.display())]
    Lock {
        /// The file that is locked.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The tables could not be brought to this version.
    #[error("cannot bring the database {place} up to date: {source}")]
    Migrate {
        /// Which database.
        place: Place,
        /// What went wrong.
        source: MigrateError,
    },
}

impl Database {
    /// Opens the database and brings its tables up to date. The folder (mode
    /// 0700) and the file (mode 0600) of SQLite are made when they are missing;
    /// a database of PostgreSQL must be there.
    ///
    /// # Errors
    /// Says which database, file or folder is the trouble and why.
    pub async fn open(config: &DatabaseConfig) -> Result<Self, OpenError> {
        install_default_drivers();
        match &config.url {
            DatabaseUrl::Sqlite(path) => sqlite(path).await,
            DatabaseUrl::Postgres(url) => postgres(url, config.connections).await,
        }
    }
}

/// SQLite with a write-ahead log: readers never wait for the writer, and what
/// was committed survives a killed process. There is one writing connection,
/// so that writers queue here, in order, instead of failing on SQLite's lock.
async fn sqlite(path: &Path) -> Result<Database, OpenError> {
    let path = files::prepare(path)?;
    let place = Place::of_file(&path);
    let open = |source| OpenError::Open {
        place: place.clone(),
        source,
    };
    let mut first = SqliteConnectOptions::new()
        .filename(&path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("secure_delete", "ON")
        .connect()
        .await
        .map_err(open)?;
    let migrated = SQLITE.run(&mut first).await;
    migrated.map_err(|source| OpenError::Migrate {
        place: place.clone(),
        source,
    })?;
    let address = |mode| sqlite_address(&path, mode).map_err(open);
    let writer = lasting(1).after_connect(|connection, _| {
        Box::pin(async move { connection.execute(WRITER_PRAGMAS).await.map(drop) })
    });
    let writer = writer.connect_with(address("rw")?).await.map_err(open)?;
    let reader = lasting(READERS).connect_with(address("ro")?).await;
    let reader = reader.map_err(open)?;
    first.close().await.map_err(open)?;
    Ok(database(writer, reader, BEGIN_SQLITE))
}

/// The file as a URL: every byte that could mean something else is escaped.
fn sqlite_address(path: &Path, mode: &str) -> Result<AnyConnectOptions, sqlx::Error> {
    let mut address = "sqlite://".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                address.push(char::from(*byte));
            }
            other => address.push_str(&format!("%{other:02X}")),
        }
    }
    format!("{address}?mode={mode}").parse()
}

/// Connections that are kept: there is no network that could cut them.
fn lasting(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// A pool tries a connection before it gives it out, and makes another when
/// PostgreSQL was started anew.
async fn postgres(url: &PostgresUrl, connections: u32) -> Result<Database, OpenError> {
    let place = Place::of_postgres(url);
    let open = |source| OpenError::Open {
        place: place.clone(),
        source,
    };
    let address: Url = url.expose().clone();
    let options = PgConnectOptions::from_url(&address).map_err(open)?;
    let mut first = first_connection(&options, &place).await?;
    let migrated = POSTGRES.run(&mut first).await;
    migrated.map_err(|source| OpenError::Migrate {
        place: place.clone(),
        source,
    })?;
    first.close().await.map_err(open)?;
    let pool: AnyPool = AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE_TIMEOUT)
        .connect_with(AnyConnectOptions::from_url(&address).map_err(open)?)
        .await
        .map_err(open)?;
    Ok(database(pool.clone(), pool, BEGIN_POSTGRES))
}

/// A connection to PostgreSQL that is not waited for long.
pub(super) async fn first_connection(
    options: &PgConnectOptions,
    place: &Place,
) -> Result<PgConnection, OpenError> {
    let place = place.clone();
    match timeout(CONNECT_TIMEOUT, PgConnection::connect_with(options)).await {
        Ok(connected) => connected.map_err(|source| OpenError::Open { place, source }),
        Err(_late) => Err(OpenError::NoAnswer { place }),
    }
}

fn database(writer: AnyPool, reader: AnyPool, begin: &'static str) -> Database {
    let errors = Arc::new(DatabaseErrors::new());
    Database {
        writer: Pool::new(writer, &errors),
        reader: Pool::new(reader, &errors),
        errors,
        begin,
    }
}
