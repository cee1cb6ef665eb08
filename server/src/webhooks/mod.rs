//! Webhooks: integrators are told who joined a room and who left, and whatever
//! else they asked for.
//!
//! The journal writes messages into the outbox, in one transaction with what
//! they tell of. The dispatcher delivers them: in order for each room and
//! receiver, at least once, until they are given up.
//!
//! What is told and when belongs to `journal`, the requests themselves to
//! `outgoing`, SQL to `db`.

mod courier;
mod dispatcher;
mod event;
mod message;
mod news;
mod outbox;
mod retry;
mod schedule;
mod sign;
mod subscription;
mod target;

use std::sync::Arc;

use tokio::{sync::watch, task::JoinHandle, time::timeout};
use tracing::warn;

use crate::{db::Database, limits::WebhookLimits, outgoing::Outgoing, tenant::Tenants};

pub use event::EventKind;
pub(crate) use event::{Event, Person};
pub use message::{Kind, Message, MessageId, close_peer, join_peer};
pub use news::News;
pub use outbox::{Outbox, SUBSCRIPTIONS_MAX};
pub use retry::{Answer, Attempt, Fate, answer, fate, wait_until};
pub use schedule::{Line, Outcome, Schedule, Turn};
pub use sign::{BadSecret, SigningKey};
pub use subscription::{Subscription, SubscriptionId};
pub use target::{EventTarget, Receiver};

use courier::Courier;
use dispatcher::Dispatcher;

/// The task that delivers.
pub struct Running {
    dispatcher: JoinHandle<()>,
    stop: watch::Sender<bool>,
    limits: WebhookLimits,
}

/// Starts delivering what the outbox has, and what comes by `news`.
#[must_use]
pub fn start(
    database: Database,
    tenants: Arc<Tenants>,
    outgoing: Outgoing,
    news: Arc<News>,
    limits: &WebhookLimits,
) -> Running {
    let (stop, stops) = watch::channel(false);
    let courier = Courier {
        database,
        tenants,
        outgoing,
        limits: limits.clone(),
    };
    let dispatcher = Dispatcher::new(courier, news);
    Running {
        dispatcher: tokio::spawn(dispatcher.run(stops)),
        stop,
        limits: limits.clone(),
    }
}

impl Running {
    /// Goes on delivering for as long as the limits allow. The rest is
    /// delivered by the next start.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if timeout(self.limits.stop, &mut self.dispatcher)
            .await
            .is_err()
        {
            self.dispatcher.abort();
            warn!("Some webhooks are left for the next start");
        }
    }
}
