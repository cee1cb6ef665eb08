//! Copies of SQLite's file: made while a server runs, put back while none does.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{claim, files, open::SQLITE};
use crate::{clock::UnixMillis, config::DatabaseUrl};

/// Why there is no backup, or nothing was put back.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// PostgreSQL has its own tools.
    #[error("the database is PostgreSQL's: use its pg_dump and pg_restore")]
    Postgres,
    /// Nothing to read.
    #[error("there is no file {}", .0.display())]
    Missing(PathBuf),
    /// Nothing is overwritten.
    #[error("{} is there already; nothing is overwritten", .0.display())]
    Exists(PathBuf),
    /// A file could not be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// SQLite cannot read it.
    #[error("cannot read the database {}: {source}", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: sqlx::Error,
    },
    /// SQLite found faults in it.
    #[error("{} is damaged: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first fault.
        what: String,
    },
    /// It is another program's.
    #[error("{} is not a database of Meetframe", .0.display())]
    Foreign(PathBuf),
    /// This version cannot read it.
    #[error("{} was made by another, newer version of Meetframe (its tables: {version}, known: {})", path.display(), known())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its newest migration.
        version: i64,
    },
    /// The last changes are in a file beside it.
    #[error("{} has a write-ahead log beside it: it is not a backup but a server's own file", .0.display())]
    Unfinished(PathBuf),
    /// A server has it open.
    #[error("the database {} is in use; stop the server first", .0.display())]
    InUse(PathBuf),
}

fn known() -> i64 {
    SQLITE.iter().map(|one| one.version).max().unwrap_or(0)
}

/// Copies the database as it is at this moment, while a server may go on
/// writing, and checks the copy. The file has mode 0600.
///
/// # Errors
/// Says why there is no copy; none is left then.
pub async fn backup(url: &DatabaseUrl, to: &Path) -> Result<(), BackupError> {
    let from = sqlite_file(url)?;
    if !from.is_file() {
        return Err(BackupError::Missing(from.to_path_buf()));
    }
    // an empty file of ours: whoever makes one at the same time does not get in
    create(to)?;
    let done = copy(from, to).await;
    if done.is_err() {
        drop(fs::remove_file(to));
    }
    done
}

async fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    let mut connection = connect(from, true).await?;
    // one read transaction, of a size that does not grow with what is deleted
    let copied = sqlx::query("VACUUM INTO $1")
        .bind(to.to_string_lossy().into_owned())
        .execute(&mut connection)
        .await;
    copied.map_err(sqlite(from))?;
    connection.close().await.map_err(sqlite(from))?;
    check(to).await?;
    File::open(to)
        .and_then(|file| file.sync_all())
        .map_err(write(to))
}

/// Puts a backup in the place of the database. Gives the name under which what
/// was there is kept.
///
/// # Errors
/// When the backup is damaged or of a newer version, or a server uses the
/// database; everything is as before then.
pub async fn restore(
    url: &DatabaseUrl,
    from: &Path,
    now: UnixMillis,
) -> Result<Option<PathBuf>, BackupError> {
    let path = sqlite_file(url)?;
    if !from.is_file() {
        return Err(BackupError::Missing(from.to_path_buf()));
    }
    if fs::metadata(beside(from, "-wal")).is_ok_and(|log| log.len() > 0) {
        return Err(BackupError::Unfinished(from.to_path_buf()));
    }
    files::make_parent(path).map_err(write(path))?;
    let draft = beside(path, ".restoring");
    create(&draft)?;
    let done = put_back(from, &draft, path, now).await;
    if done.is_err() {
        drop(fs::remove_file(&draft));
    }
    done
}

async fn put_back(
    from: &Path,
    draft: &Path,
    path: &Path,
    now: UnixMillis,
) -> Result<Option<PathBuf>, BackupError> {
    fill(draft, from).map_err(write(draft))?;
    check(draft).await.map_err(|error| error.of(draft, from))?;
    // no server begins meanwhile
    let _locked = claim::lock(path).map_err(|error| match error {
        TryLockError::WouldBlock => BackupError::InUse(path.to_path_buf()),
        TryLockError::Error(source) => write(path)(source),
    })?;
    if !path.exists() {
        fs::rename(draft, path).map_err(write(path))?;
        return Ok(None);
    }
    let held = hold(path).await?;
    let aside = beside(path, &format!(".before-restore-{}", now.get()));
    set_aside(path, &aside).map_err(write(path))?;
    fs::rename(draft, path).map_err(write(path))?;
    drop(held);
    Ok(Some(aside))
}

impl BackupError {
    /// The operator knows the file by this name.
    fn of(mut self, draft: &Path, name: &Path) -> Self {
        match &mut self {
            Self::Sqlite { path, .. }
            | Self::Damaged { path, .. }
            | Self::Newer { path, .. }
            | Self::Foreign(path)
                if path == draft =>
            {
                *path = name.to_path_buf();
            }
            _ => {}
        }
        self
    }
}

/// Locks the database that is to be replaced, with all its changes in its one
/// file. One that SQLite cannot read is what a backup is for: no lock then.
async fn hold(path: &Path) -> Result<Option<SqliteConnection>, BackupError> {
    let locked = async {
        let mut connection = connect(path, false).await?;
        for statement in ["PRAGMA journal_mode = DELETE", "BEGIN EXCLUSIVE"] {
            let done = sqlx::query(statement).execute(&mut connection).await;
            done.map_err(sqlite(path))?;
        }
        Ok(connection)
    };
    match locked.await {
        Ok(connection) => Ok(Some(connection)),
        Err(BackupError::Sqlite { source, .. }) if is_busy(&source) => {
            Err(BackupError::InUse(path.to_path_buf()))
        }
        Err(_) => Ok(None),
    }
}

/// `SQLITE_BUSY` with any of its extensions.
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.and_then(|code| code.parse::<u32>().ok())
        .is_some_and(|code| code & 0xff == 5)
}

fn set_aside(path: &Path, aside: &Path) -> io::Result<()> {
    for end in ["-wal", "-shm"] {
        match fs::rename(beside(path, end), beside(aside, end)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    fs::rename(path, aside)
}

/// Whether all of it can be read, and by this version.
async fn check(path: &Path) -> Result<(), BackupError> {
    let mut connection = connect(path, false).await?;
    // else reading makes files beside it
    sqlx::query("PRAGMA journal_mode = DELETE")
        .execute(&mut connection)
        .await
        .map_err(sqlite(path))?;
    check_pages(&mut connection, path).await?;
    check_version(&mut connection, path).await?;
    connection.close().await.map_err(sqlite(path))
}

async fn check_pages(connection: &mut SqliteConnection, path: &Path) -> Result<(), BackupError> {
    let faults: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_all(&mut *connection)
        .await
        .map_err(sqlite(path))?;
    let orphans = sqlx::query("PRAGMA foreign_key_check")
        .fetch_optional(connection)
        .await
        .map_err(sqlite(path))?;
    let fault = faults.into_iter().find(|fault| fault != "ok");
    let fault = fault.or_else(|| orphans.map(|_| "rows without those they belong to".to_owned()));
    match fault {
        None => Ok(()),
        Some(what) => Err(BackupError::Damaged {
            path: path.to_path_buf(),
            what,
        }),
    }
}

async fn check_version(connection: &mut SqliteConnection, path: &Path) -> Result<(), BackupError> {
    let done: Vec<(i64, Vec<u8>)> =
        sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations ORDER BY version")
            .fetch_all(connection)
            .await
            .map_err(|_| BackupError::Foreign(path.to_path_buf()))?;
    let Some((version, _)) = done.last() else {
        return Err(BackupError::Foreign(path.to_path_buf()));
    };
    let ours = |(version, checksum): &(i64, Vec<u8>)| {
        SQLITE
            .iter()
            .any(|one| one.version == *version && *one.checksum == checksum[..])
    };
    match done.iter().all(ours) {
        true => Ok(()),
        false => Err(BackupError::Newer {
            path: path.to_path_buf(),
            version: *version,
        }),
    }
}

async fn connect(path: &Path, read_only: bool) -> Result<SqliteConnection, BackupError> {
    SqliteConnectOptions::new()
        .filename(path)
        .read_only(read_only)
        .busy_timeout(Duration::from_secs(1))
        .connect()
        .await
        .map_err(sqlite(path))
}

fn sqlite_file(url: &DatabaseUrl) -> Result<&Path, BackupError> {
    match url {
        DatabaseUrl::Sqlite(path) => Ok(path),
        DatabaseUrl::Postgres(_) => Err(BackupError::Postgres),
    }
}

fn create(path: &Path) -> Result<(), BackupError> {
    files::make_new(path).map_err(|source| match source.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists(path.to_path_buf()),
        _ => write(path)(source),
    })
}

fn sqlite(path: &Path) -> impl Fn(sqlx::Error) -> BackupError {
    let path = path.to_path_buf();
    move |source| BackupError::Sqlite {
        path: path.clone(),
        source,
    }
}

fn write(path: &Path) -> impl Fn(io::Error) -> BackupError {
    let path = path.to_path_buf();
    move |source| BackupError::Write {
        path: path.clone(),
        source,
    }
}

/// Unlike `fs::copy`, leaves the mode of the file as it is.
fn fill(to: &Path, from: &Path) -> io::Result<()> {
    let mut file = File::options().write(true).open(to)?;
    io::copy(&mut File::open(from)?, &mut file)?;
    file.sync_all()
}

/// The name of a file beside another.
fn beside(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    PathBuf::from(name)
}
