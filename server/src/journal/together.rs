//! What others than the recorder write down, since it must not be there without
//! the messages that tell of it: what was said in the chat, and how far
//! recordings are.
//!
//! Each is a transaction of its own, which begins when all that rooms said
//! before is written: so the outbox has the order in which things happened.

use std::time::Duration;

use protocol::{ChatMessage, Recording};
use tokio::{sync::oneshot, time::timeout};

use super::{Journal, recorder::Said};
use crate::{
    clock::{Now, UnixMillis},
    db::Telling,
    room_key::RoomKey,
};

/// How long it may take to write what was said before: as long as a statement
/// waits for a connection. Later, nothing is written: a message that comes
/// before others that it follows is worse than one that is refused.
const PATIENCE: Duration = Duration::from_secs(30);

impl Journal {
    /// Stores a chat message, with the messages that tell of it.
    ///
    /// # Errors
    /// When the database fails; then nothing is stored.
    pub(crate) async fn chat(
        &self,
        room: &RoomKey,
        message: &ChatMessage,
    ) -> Result<(), sqlx::Error> {
        self.settle().await?;
        let written = self.database.add_chat(room, message, self.telling());
        self.ring(written.await?);
        Ok(())
    }

    /// Keeps how far a recording is, with the messages that tell of it.
    ///
    /// # Errors
    /// When the database fails; then nothing is kept.
    pub(crate) async fn recording(
        &self,
        room: &RoomKey,
        recording: &Recording,
        stopped_at: Option<UnixMillis>,
    ) -> Result<(), sqlx::Error> {
        self.settle().await?;
        let database = &self.database;
        let written = database.set_recording_state(room, recording, stopped_at, self.telling());
        self.ring(written.await?);
        Ok(())
    }

    /// Waits until all that was said so far is written.
    async fn settle(&self) -> Result<(), sqlx::Error> {
        let (reply, settled) = oneshot::channel();
        let asked = async {
            // without a recorder nothing more is written before this
            if self.said.send(Said::Settle(reply)).await.is_ok() {
                settled.await.ok();
            }
        };
        let waited = timeout(PATIENCE, asked).await;
        waited.map_err(|_late| sqlx::Error::PoolTimedOut)
    }

    fn telling(&self) -> Telling<'_> {
        Telling {
            tenants: &self.tenants,
            at: Now::read().unix,
        }
    }

    fn ring(&self, somebody_is_to_be_told: bool) {
        if somebody_is_to_be_told {
            self.news.come();
        }
    }
}
