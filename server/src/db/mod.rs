//! The database: what must survive the process.
//!
//! Owns the connections, the migrations and all SQL, one file per table, one
//! function per query. What the rows mean belongs to the callers.
//!
//! SQLite or PostgreSQL, as `database.url` says; sqlx's `Any` driver hides
//! which. **One SQL text serves both:**
//! - placeholders `$1, $2 …`; bind and read `i64`, `String`/`&str`, `Vec<u8>`/
//!   `&[u8]` and `Option`s of them, nothing else: no `u32`, no `bool`;
//! - read with `&self.reader`, write single statements with `&self.writer`,
//!   several together with `self.transaction()`; all of them count what the
//!   database does not do;
//! - `CAST(sum(x) AS BIGINT)`: PostgreSQL's sum of BIGINT is a NUMERIC;
//! - no functions that only one of them has, no `rowid`, no `INSERT OR …`;
//! - PostgreSQL refuses U+0000 in a text: [`clean`] what people write;
//! - a migration has the same number and name in both folders. SQLite's tables
//!   are `STRICT`; PostgreSQL's have `BIGINT`, `TEXT`, `BYTEA`, and `COLLATE "C"`
//!   for a text that is sorted or looked up by range, as SQLite sorts.
//!
//! Transactions come one after the other, also on PostgreSQL: numbers of the
//! outbox become visible in their order. Rooms live in one process, so a server
//! makes a [`Claim`] on its database before it opens it; commands beside it do
//! not.

mod api_tokens;
mod backup;
mod chat;
mod claim;
mod counted;
mod dead_letters;
mod files;
mod idempotency_keys;
mod journal;
mod lease;
mod logins;
mod open;
mod planned_rooms;
mod recording_parts;
mod recording_videos;
mod recordings;
mod room_pins;
mod rooms;
mod seats;
mod server_keys;
mod telling;
mod token_uses;
mod users;
mod visits;
mod webhook_messages;
mod webhook_subscriptions;

use std::{sync::Arc, time::Duration};

use tokio::time::timeout;

use self::counted::{Pool, Work};

pub use backup::{BackupError, backup, restore};
pub use claim::{Claim, Standing};
pub use counted::DatabaseErrors;
pub use dead_letters::DeadLetter;
pub use idempotency_keys::{KnownKey, StoredAnswer};
pub use logins::Turned;
pub use open::{OpenError, Place};
pub use planned_rooms::{NewPin, NewPlan, PlannedRoom};
pub use recording_parts::StoredPart;
pub use recording_videos::{StoredVideo, VideoFacts};
pub use recordings::StoredRecording;
pub use rooms::StoredRoom;
pub use server_keys::Purpose;
pub use telling::Telling;
pub use token_uses::TokenUse;
pub use visits::{AfterVisit, PageOfVisits};
pub use webhook_messages::OutboxFigures;

/// How long the database may take to say that it is there.
const PING_TIMEOUT: Duration = Duration::from_secs(3);

/// A text that any database takes.
fn clean(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// A handle on the database; clones share its connections.
#[derive(Debug, Clone)]
pub struct Database {
    writer: Pool,
    reader: Pool,
    errors: Arc<DatabaseErrors>,
    begin: &'static str,
}

impl Database {
    /// Begins a transaction, when all that began earlier have ended.
    async fn transaction(&self) -> Result<Work, sqlx::Error> {
        self.writer.begin_with(self.begin).await
    }

    /// How often it failed.
    #[must_use]
    pub fn errors(&self) -> &DatabaseErrors {
        &self.errors
    }

    /// Asks the database whether it is there.
    ///
    /// # Errors
    /// When it is not.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        let asked = sqlx::query("SELECT 1").execute(&self.reader);
        match timeout(PING_TIMEOUT, asked).await {
            Ok(answer) => answer.map(drop),
            Err(_late) => {
                let late = sqlx::Error::PoolTimedOut;
                self.errors.count(&late);
                Err(late)
            }
        }
    }

    /// Waits for running queries, then closes all connections.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }
}
