//! Whether the store can be reached: asked at the start and after trouble, seen
//! from what is brought and got.

use std::mem;

use object_store::{ObjectStoreExt, PutPayload};
use protocol::StoreTrouble;
use tokio::time::sleep;
use tracing::{info, warn};

use super::{FIRST_PAUSE, LONGEST_PAUSE, Store, Trouble};

/// The object that shows whether the store takes files, and what it says to
/// whoever finds it.
const PROBE: (&str, &str) = (
    "meetframe.txt",
    "Meetframe keeps the videos of recordings here.\n",
);

/// Whether the store can be reached, as far as was seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Health {
    /// Nobody has asked it yet.
    #[default]
    Unknown,
    /// It answered as it should.
    Good,
    /// It did not.
    Bad(StoreTrouble),
}

impl Store {
    /// Whether the store can be reached, as far as was seen.
    pub(crate) fn health(&self) -> Health {
        *self.0.health.borrow()
    }

    /// Asks the store whether it takes files.
    ///
    /// # Errors
    /// Says why not.
    pub(crate) async fn probe(&self) -> Result<(), Trouble> {
        let Some(remote) = self.target() else {
            return Ok(());
        };
        let (name, text) = PROBE;
        let payload = PutPayload::from_static(text.as_bytes());
        let put = remote.objects().put(&remote.path(name), payload).await;
        let answer = put.map(drop).map_err(Trouble::from);
        self.note(answer.as_ref().map(drop));
        answer
    }

    /// Keeps in mind how the store answered.
    pub(crate) fn note(&self, answer: Result<(), &Trouble>) {
        let seen = match answer {
            Ok(()) => Health::Good,
            Err(trouble) => Health::Bad(trouble.code),
        };
        self.0
            .health
            .send_if_modified(|health| mem::replace(health, seen) != seen);
    }

    /// Asks the store at the start, and after it gave trouble until it is good
    /// again. Never ends.
    pub(in crate::recording) async fn watch_over(self) {
        if self.is_local() {
            return;
        }
        let mut health = self.0.health.subscribe();
        loop {
            let mut pause = FIRST_PAUSE;
            while let Err(trouble) = self.probe().await {
                warn!(%trouble, "The store of the videos gives trouble; trying again");
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            info!(store = self.describe(), "The store takes videos");
            let gone = health.wait_for(|health| matches!(health, Health::Bad(_)));
            if gone.await.is_err() {
                return;
            }
        }
    }
}
