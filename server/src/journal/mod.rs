//! The journal: what happens in rooms, written down.
//!
//! A room says what happened ([`Notice`]) and goes on at once. The recorder
//! writes it, many notices in one transaction: who is in which room and who was
//! (the attendance, see `statistics`), and the messages to those who want to
//! hear of it (the outbox, see `webhooks`). So there is no visit without its
//! messages and no message without its visit. What was said in the chat, and how
//! far recordings are, is written with its messages as well, by whoever waits
//! for it (`together`).
//!
//! What a person's end is belongs to the room, delivery to `webhooks`, SQL to
//! `db`.

mod moment;
mod notice;
mod recorder;
mod together;

use std::sync::Arc;

use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
};
use tracing::error;

use crate::{
    clock::Now, db::Database, limits::Limits, room_key::RoomKey, tenant::Tenants, webhooks::News,
};

pub use moment::Moment;
pub use notice::{Closed, Hand, Joined, Notice, Record, What};

use recorder::{Entry, Recorder, Said};

/// Where rooms say what happened.
#[derive(Debug, Clone)]
pub struct Journal {
    said: mpsc::Sender<Said>,
    database: Database,
    tenants: Arc<Tenants>,
    news: Arc<News>,
}

/// The recorder has more to write than it may hold: the room has to tell it
/// later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the recorder of the journal is behind")]
pub struct Behind;

/// The task behind [`Journal`].
pub struct Running {
    recorder: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

/// Starts the recorder. Who was open when the server ended is lost from now on:
/// their end is told if they do not come back in time.
///
/// # Errors
/// When the database fails.
pub async fn start(
    database: Database,
    tenants: Arc<Tenants>,
    news: Arc<News>,
    limits: &Limits,
) -> Result<(Journal, Running), sqlx::Error> {
    database.lose_seats().await?;
    let (said, inbox) = mpsc::channel(limits.journal.queue);
    let (stop, stops) = watch::channel(false);
    let journal = Journal {
        said,
        database,
        tenants,
        news,
    };
    let recorder = Recorder::new(&journal, limits);
    let running = Running {
        recorder: tokio::spawn(recorder.run(inbox, stops)),
        stop,
    };
    Ok((journal, running))
}

impl Journal {
    /// Says what happened in a room, and when.
    ///
    /// # Errors
    /// When the recorder is behind; then it has to be said again.
    pub(crate) fn tell(&self, room: &RoomKey, at: Now, notice: Notice) -> Result<(), Behind> {
        self.push(at, Entry::Noticed(room.clone(), notice))
    }

    /// Says who is in a room, all of them: whoever is open and not among them
    /// has left.
    ///
    /// # Errors
    /// When the recorder is behind.
    pub(crate) fn tell_all(&self, room: &RoomKey, present: Vec<Joined>) -> Result<(), Behind> {
        self.push(Now::read(), Entry::Present(room.clone(), present))
    }

    /// Says what happened, for those who are no room and may wait while the
    /// recorder is behind.
    pub async fn say(&self, room: &RoomKey, notice: Notice) {
        let entry = Entry::Noticed(room.clone(), notice);
        self.wait(entry).await;
    }

    /// Says that a room ended without telling who left: by a fault. Waits while
    /// the recorder is behind.
    pub(crate) async fn lost(&self, room: &RoomKey) {
        self.wait(Entry::Lost(room.clone())).await;
    }

    async fn wait(&self, entry: Entry) {
        // without a recorder the process is about to end, and the next start
        // takes everybody for lost
        self.said
            .send(Said::Happened(Now::read(), entry))
            .await
            .ok();
    }

    fn push(&self, at: Now, entry: Entry) -> Result<(), Behind> {
        match self.said.try_send(Said::Happened(at, entry)) {
            // the server stops: what is written is all that is kept
            Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => Ok(()),
            Err(mpsc::error::TrySendError::Full(_)) => Err(Behind),
        }
    }
}

impl Running {
    /// Writes down what was said, and until when everybody was there.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.recorder.await {
            error!(%error, "The recorder of the journal failed");
        }
    }
}
