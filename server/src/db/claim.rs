//! One server at a time on a database: rooms live in one process, and two would
//! each have their own of the same name.
//!
//! Beside SQLite's file lies another one, which the server keeps locked; the
//! kernel unlocks it however the process ends. On PostgreSQL the server holds
//! an advisory lock, which is its connection's: [`super::lease`]. Commands of
//! the command line that only use the database need neither.

use std::{
    ffi::OsString,
    fs::{File, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{
    sync::watch,
    time::{Instant, sleep},
};

use super::{
    OpenError, files,
    lease::{self, Lease},
    open::Place,
};
use crate::config::{DatabaseConfig, DatabaseUrl};

/// How long a server waits for the one before it to let go: a little longer
/// than PostgreSQL takes to notice that a process was killed.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);
/// How often it asks meanwhile.
pub(super) const PAUSE: Duration = Duration::from_millis(50);

/// Whether the database is this server's alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    Held,
    /// PostgreSQL cannot be asked: nobody knows.
    Unknown,
    /// Another server has it now.
    Taken,
}

/// That no other server uses the database, until this is dropped.
pub struct Claim {
    standing: watch::Receiver<Standing>,
    kept: Kept,
}

enum Kept {
    File {
        /// Locked as long as it is open.
        _file: File,
        /// What the standing comes from; it never changes.
        _held: watch::Sender<Standing>,
    },
    Lease(Lease),
}

impl Claim {
    /// Claims the database for this process.
    ///
    /// # Errors
    /// When another server has it, or there is no knowing.
    pub async fn take(config: &DatabaseConfig) -> Result<Self, OpenError> {
        match &config.url {
            DatabaseUrl::Sqlite(path) => of_file(path).await,
            DatabaseUrl::Postgres(url) => {
                let (lease, standing) = lease::take(url).await?;
                let kept = Kept::Lease(lease);
                Ok(Self { standing, kept })
            }
        }
    }

    /// How it stands, also later.
    #[must_use]
    pub fn standing(&self) -> watch::Receiver<Standing> {
        self.standing.clone()
    }

    /// Lets another server have the database, from now on.
    pub async fn release(self) {
        match self.kept {
            Kept::File { .. } => {}
            Kept::Lease(lease) => lease.end().await,
        }
    }
}

async fn of_file(path: &Path) -> Result<Claim, OpenError> {
    let path = files::prepare(path)?;
    let began = Instant::now();
    loop {
        match lock(&path) {
            Ok(file) => {
                let (held, standing) = watch::channel(Standing::Held);
                let kept = Kept::File {
                    _file: file,
                    _held: held,
                };
                return Ok(Claim { standing, kept });
            }
            Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => sleep(PAUSE).await,
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::InUse {
                    place: Place::of_file(&path),
                });
            }
            Err(TryLockError::Error(source)) => {
                let path = lock_file(&path);
                return Err(OpenError::Lock { path, source });
            }
        }
    }
}

/// Locks what lies beside a database's file. It is never deleted: who deletes
/// one that another has just opened would have two of them locked.
pub(super) fn lock(database: &Path) -> Result<File, TryLockError> {
    let file = files::open_private(&lock_file(database)).map_err(TryLockError::Error)?;
    file.try_lock()?;
    Ok(file)
}

fn lock_file(database: &Path) -> PathBuf {
    let whole = database.canonicalize();
    let mut name = match whole {
        Ok(whole) => whole.into_os_string(),
        // it is not there yet
        Err(_) => OsString::from(database),
    };
    name.push(".lock");
    name.into()
}
