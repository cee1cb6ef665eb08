//! Serves the lines of the outbox side by side, when they are due.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::{
    sync::watch,
    task::{Id, JoinError, JoinSet},
    time::{Instant, sleep, sleep_until},
};
use tracing::error;

use super::{Line, News, Outcome, Schedule, courier::Courier};
use crate::{
    clock::{Now, UnixMillis},
    db::Database,
    shutdown::told,
};

/// How long the dispatcher sleeps when nothing is due. Any time will do.
const IDLE: Duration = Duration::from_secs(3_600);
/// How often dead letters that are old enough are forgotten.
const TIDY: Duration = Duration::from_secs(3_600);
/// How long a line waits that could not be served by a fault of ours, or how
/// long it takes to ask a database again that failed.
const AGAIN: Duration = Duration::from_secs(5);

/// The dispatcher's task.
pub(super) struct Dispatcher {
    courier: Arc<Courier>,
    news: Arc<News>,
    schedule: Schedule,
    tasks: JoinSet<Outcome>,
    /// Which line a task serves.
    lines: HashMap<Id, Line>,
    /// The last message that is known to have come.
    seen: i64,
}

impl Dispatcher {
    pub(super) fn new(courier: Courier, news: Arc<News>) -> Self {
        // what the last process left is news as well
        news.come();
        Self {
            schedule: Schedule::new(&courier.limits),
            courier: Arc::new(courier),
            news,
            tasks: JoinSet::new(),
            lines: HashMap::new(),
            seen: 0,
        }
    }

    /// Runs until it is stopped and nothing is due.
    pub(super) async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut tidy = Instant::now();
        let mut stops = false;
        loop {
            self.begin();
            if stops && self.schedule.under_way() == 0 {
                return;
            }
            let wake = self.wake();
            tokio::select! {
                old = self.news.next() => {
                    if old {
                        self.seen = 0;
                    }
                    self.look().await;
                }
                Some(served) = self.tasks.join_next_with_id() => self.done(served),
                () = sleep_until(wake) => {}
                () = sleep_until(tidy) => {
                    tidy = Instant::now() + TIDY;
                    self.tidy().await;
                }
                () = told(&mut stop), if !stops => {
                    stops = true;
                    self.look().await;
                }
            }
        }
    }

    fn database(&self) -> &Database {
        &self.courier.database
    }

    fn begin(&mut self) {
        for turn in self.schedule.take(Now::read().instant) {
            let (courier, line) = (Arc::clone(&self.courier), turn.line.clone());
            let task = self.tasks.spawn(async move { courier.serve(&turn).await });
            self.lines.insert(task.id(), line);
        }
    }

    fn wake(&self) -> Instant {
        let due = self.schedule.deadline().map(Instant::from_std);
        due.unwrap_or_else(|| Instant::now() + IDLE)
    }

    /// Finds out which lines have new messages.
    async fn look(&mut self) {
        match self.database().new_webhooks(self.seen).await {
            Ok((lines, last)) => {
                self.seen = self.seen.max(last);
                let now = Now::read().instant;
                for line in lines {
                    self.schedule.wake(line, now);
                }
            }
            Err(error) => {
                error!(%error, "The outbox of webhooks cannot be read; trying again");
                let news = Arc::clone(&self.news);
                tokio::spawn(async move {
                    sleep(AGAIN).await;
                    news.come();
                });
            }
        }
    }

    fn done(&mut self, served: Result<(Id, Outcome), JoinError>) {
        let now = Now::read().instant;
        let (id, outcome) = match served {
            Ok(served) => served,
            Err(error) => {
                error!(%error, "A webhook failed by a panic; it is sent again");
                (error.id(), Outcome::Look(now + AGAIN))
            }
        };
        if let Some(line) = self.lines.remove(&id) {
            self.schedule.done(line, outcome, now);
        }
    }

    async fn tidy(&self) {
        let kept = u64::try_from(self.courier.limits.keep_dead.as_millis()).unwrap_or(u64::MAX);
        let before = UnixMillis::new(Now::read().unix.get().saturating_sub(kept));
        if let Err(error) = self.database().forget_dead_webhooks(before).await {
            error!(%error, "Dead webhooks could not be forgotten");
        }
    }
}
