//! Statistics: who was in a room, for how long, and how long the room was
//! active.
//!
//! Pure: visits and a period go in, figures come out. The journal writes the
//! visits down, `db` finds them.

mod attendance;
mod csv;
mod period;
mod summary;

pub use attendance::attendance;
pub use csv::line;
pub use period::{BadPeriod, Period};
pub use summary::{Session, Stay, Summary, Visit};

use std::time::Duration;

use tokio::{
    sync::watch,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};
use tracing::{error, info};

use crate::{
    clock::{Now, UnixMillis},
    db::Database,
    shutdown::told,
};

/// How often visits that are old enough are forgotten.
const TIDY: Duration = Duration::from_secs(3_600);
/// How many of them in one go: meanwhile nobody else can write.
const AT_ONCE: i64 = 2_000;

/// The task that forgets what is old.
pub struct Tidying {
    task: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

/// Starts forgetting visits that ended longer ago than this. Nothing keeps all.
#[must_use]
pub fn start(database: Database, keep: Option<Duration>) -> Tidying {
    let (stop, stops) = watch::channel(false);
    let task = tokio::spawn(async move {
        if let Some(keep) = keep {
            tidy(&database, keep, stops).await;
        }
    });
    Tidying { task, stop }
}

impl Tidying {
    /// Ends the task.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            error!(%error, "The task that forgets old statistics failed");
        }
    }
}

async fn tidy(database: &Database, keep: Duration, mut stop: watch::Receiver<bool>) {
    let mut clock = interval(TIDY);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = told(&mut stop) => return,
            _ = clock.tick() => {}
        }
        let keep = u64::try_from(keep.as_millis()).unwrap_or(u64::MAX);
        let before = UnixMillis::new(Now::read().unix.get().saturating_sub(keep));
        match forget(database, before, &stop).await {
            Ok(0) => {}
            Ok(visits) => info!(visits, "Old statistics forgotten"),
            Err(error) => error!(%error, "Old statistics could not be forgotten"),
        }
    }
}

/// In steps, so that rooms can write between them.
async fn forget(
    database: &Database,
    before: UnixMillis,
    stop: &watch::Receiver<bool>,
) -> Result<u64, sqlx::Error> {
    let mut all = 0;
    loop {
        let gone = database.forget_visits(before, AT_ONCE).await?;
        all += gone;
        if gone == 0 || *stop.borrow() {
            return Ok(all);
        }
    }
}
