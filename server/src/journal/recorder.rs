//! Writes down what rooms say: many notices in one transaction, in their order.
//!
//! While the database fails, the recorder tries again and holds what it has.
//! Its queue is bounded; a room that finds it full tells later who is in it.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout},
};
use tracing::{error, info};

use super::{Joined, Journal, Notice, Record, What, moment::Steady};
use crate::{
    clock::Now, db::Database, limits::Limits, room_key::RoomKey, shutdown::told, tenant::Tenants,
    webhooks::News,
};

/// How long after a failure of the database it is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// What the recorder is told.
#[derive(Debug)]
pub(super) enum Said {
    /// This happened.
    Happened(Now, Entry),
    /// Somebody waits until all that was said before is written.
    Settle(oneshot::Sender<()>),
}

/// What rooms and the registry say.
#[derive(Debug)]
pub(super) enum Entry {
    Noticed(RoomKey, Notice),
    Present(RoomKey, Vec<Joined>),
    Lost(RoomKey),
}

/// The recorder's task.
pub(super) struct Recorder {
    database: Database,
    /// Whose settings say what they want to hear.
    tenants: Arc<Tenants>,
    /// Told whenever the outbox has something new.
    news: Arc<News>,
    batch: usize,
    heartbeat: Duration,
    /// How long the lost may take to come back.
    patience: Duration,
    /// Marks of the lost, and when they have not come back in time.
    lost: VecDeque<(Instant, i64)>,
    next_mark: i64,
    steady: Steady,
}

impl Recorder {
    pub(super) fn new(journal: &Journal, limits: &Limits) -> Self {
        Self {
            database: journal.database.clone(),
            tenants: Arc::clone(&journal.tenants),
            news: Arc::clone(&journal.news),
            batch: limits.journal.batch,
            heartbeat: limits.journal.heartbeat,
            patience: limits.abandoned,
            // those whom the end of the last process cut off have mark 0
            lost: VecDeque::from([(Instant::now() + limits.abandoned, 0)]),
            next_mark: 1,
            steady: Steady::new(Now::read()),
        }
    }

    /// Runs until it is stopped and everything is written.
    pub(super) async fn run(
        mut self,
        mut inbox: mpsc::Receiver<Said>,
        mut stop: watch::Receiver<bool>,
    ) {
        let mut said = Vec::new();
        let mut heart = interval_at(Instant::now() + self.heartbeat, self.heartbeat);
        heart.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let sweep = self.lost.front().map(|(at, _)| *at);
            tokio::select! {
                count = inbox.recv_many(&mut said, self.batch) => {
                    if count == 0 {
                        // until now they were there
                        return self.now(What::Beat, &mut stop).await;
                    }
                    self.write_down(said.drain(..), &mut stop).await;
                }
                () = sleep_until(sweep.unwrap_or_else(Instant::now)), if sweep.is_some() => {
                    self.sweep(&mut stop).await;
                }
                _ = heart.tick() => self.now(What::Beat, &mut stop).await,
                () = told(&mut stop), if !inbox.is_closed() => inbox.close(),
            }
        }
    }

    /// Writes what happened, then tells those who wait for it.
    async fn write_down(
        &mut self,
        said: impl Iterator<Item = Said>,
        stop: &mut watch::Receiver<bool>,
    ) {
        let (mut records, mut waiting) = (Vec::new(), Vec::new());
        for said in said {
            match said {
                Said::Happened(now, entry) => records.push(self.record(now, entry)),
                Said::Settle(reply) => waiting.push(reply),
            }
        }
        if !records.is_empty() {
            self.write(records, stop).await;
        }
        for reply in waiting {
            // who waited may have given up
            reply.send(()).ok();
        }
    }

    fn record(&mut self, now: Now, entry: Entry) -> Record {
        let what = match entry {
            Entry::Noticed(room, notice) => What::Noticed(room, notice),
            Entry::Present(room, present) => What::Present(room, present),
            Entry::Lost(room) => {
                let mark = self.next_mark;
                self.next_mark += 1;
                self.lost.push_back((Instant::now() + self.patience, mark));
                What::Lost(room, mark)
            }
        };
        let at = self.steady.at(now);
        Record { at, what }
    }

    /// Tells the end of those who have not come back in time.
    async fn sweep(&mut self, stop: &mut watch::Receiver<bool>) {
        if let Some((_, mark)) = self.lost.pop_front() {
            self.now(What::Sweep(mark), stop).await;
        }
    }

    async fn now(&self, what: What, stop: &mut watch::Receiver<bool>) {
        let at = self.steady.at(Now::read());
        self.write(vec![Record { at, what }], stop).await;
    }

    /// Tries until it is written, or until it is told to stop.
    async fn write(&self, records: Vec<Record>, stop: &mut watch::Receiver<bool>) {
        let mut failed = false;
        let told_somebody = loop {
            let written = self.database.record(&records, &self.tenants).await;
            let error = match written {
                Ok(told_somebody) => break told_somebody,
                Err(error) => error,
            };
            let stops = *stop.borrow() || stop.has_changed().is_err();
            complain(&error, records.len(), failed, stops);
            if stops {
                return;
            }
            failed = true;
            // the last try is made at once
            drop(timeout(AGAIN, told(stop)).await);
        };
        if failed {
            info!("The journal is written again");
        }
        if told_somebody {
            self.news.come();
        }
    }
}

/// Once is enough, but for what is lost.
fn complain(error: &sqlx::Error, records: usize, again: bool, stops: bool) {
    if stops {
        error!(%error, lost = records, "The journal could not be written before the stop");
    } else if !again {
        error!(%error, "The journal cannot be written; trying again");
    }
}
