//! `meetframe backup` and `meetframe restore`: copies of SQLite's file.

use std::path::PathBuf;

use clap::Args;

use crate::{
    clock::Now,
    config::Config,
    db::{self, BackupError},
};

/// Which copy.
#[derive(Debug, Clone, Args)]
pub(super) struct Copy {
    /// The file with the copy.
    file: PathBuf,
}

impl Copy {
    /// Makes it; gives what to say.
    pub(super) async fn backup(&self, config: &Config) -> Result<String, BackupError> {
        db::backup(&config.database.url, &self.file).await?;
        Ok(format!(
            "The database is copied to {}.",
            self.file.display()
        ))
    }

    /// Puts it back; gives what to say.
    pub(super) async fn restore(&self, config: &Config) -> Result<String, BackupError> {
        let now = Now::read().unix;
        let aside = db::restore(&config.database.url, &self.file, now).await?;
        let restored = format!("{} is the database now.", self.file.display());
        Ok(match aside {
            Some(aside) => format!("{restored} What was there is kept as {}.", aside.display()),
            None => restored,
        })
    }
}
