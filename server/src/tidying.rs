//! Forgets what is old, once an hour: visits, rooms that were planned and are
//! over, answers to requests that cannot come again.
//!
//! Dead letters are the business of `webhooks`, videos that of `recording`.

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

const HOUR: Duration = Duration::from_secs(60 * 60);
/// How many visits are forgotten in one go: meanwhile nobody else can write.
const AT_ONCE: i64 = 2_000;

/// How long planned rooms and their PINs are kept after their time is over.
pub(crate) const PLANS_KEPT: Duration = HOUR.saturating_mul(24 * 30);
/// How long answers to requests with an `Idempotency-Key` are kept.
pub(crate) const ANSWERS_KEPT: Duration = HOUR.saturating_mul(24);

/// How long what is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keeping {
    /// Visits, after their end; none is for ever.
    pub(crate) visits: Option<Duration>,
    /// Planned rooms and their PINs, after their time is over.
    pub(crate) plans: Duration,
    /// Answers to requests with a key.
    pub(crate) answers: Duration,
}

impl Keeping {
    pub(crate) fn new(visits: Option<Duration>) -> Self {
        Self {
            visits,
            plans: PLANS_KEPT,
            answers: ANSWERS_KEPT,
        }
    }
}

/// The task that forgets.
pub(crate) struct Tidying {
    task: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

/// Starts forgetting, now and each hour.
pub(crate) fn start(database: Database, keeping: Keeping) -> Tidying {
    let (stop, stops) = watch::channel(false);
    let task = tokio::spawn(run(database, keeping, stops));
    Tidying { task, stop }
}

impl Tidying {
    /// Ends the task.
    pub(crate) async fn stop(self) {
        self.stop.send_replace(true);
        if let Err(error) = self.task.await {
            error!(%error, "The task that forgets what is old failed");
        }
    }
}

async fn run(database: Database, keeping: Keeping, mut stop: watch::Receiver<bool>) {
    let mut clock = interval(HOUR);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = told(&mut stop) => return,
            _ = clock.tick() => {}
        }
        // what fails is tried again an hour later, and keeps nothing else
        let done = database.forget_expired_rooms(ago(keeping.plans)).await;
        complain("planned rooms", done);
        let done = database.forget_keys(ago(keeping.answers)).await;
        complain("answers to requests", done);
        if let Some(keep) = keeping.visits {
            complain("visits", forget_visits(&database, ago(keep), &stop).await);
        }
    }
}

fn complain(what: &str, done: Result<(), sqlx::Error>) {
    if let Err(error) = done {
        error!(what, %error, "What is old could not be forgotten");
    }
}

/// The moment so long before now.
pub(crate) fn ago(time: Duration) -> UnixMillis {
    let time = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    UnixMillis::new(Now::read().unix.get().saturating_sub(time))
}

/// In steps, so that rooms can write between them.
async fn forget_visits(
    database: &Database,
    before: UnixMillis,
    stop: &watch::Receiver<bool>,
) -> Result<(), sqlx::Error> {
    let mut visits = 0;
    loop {
        let gone = database.forget_visits(before, AT_ONCE).await?;
        visits += gone;
        if gone == 0 || *stop.borrow() {
            break;
        }
    }
    if visits > 0 {
        info!(visits, "Old statistics forgotten");
    }
    Ok(())
}
