//! Tells everybody that the server stops, and waits until they are done.

use std::time::Duration;

use rand::Rng;
use tokio::{sync::watch, time::timeout};

use crate::limits::ShutdownLimits;

/// Stops the sessions.
pub struct Shutdown(watch::Sender<Option<Spread>>);

/// Where sessions sign up to be told that the server stops.
#[derive(Clone)]
pub struct ShutdownSignal(watch::Sender<Option<Spread>>);

/// How one session learns that the server stops. While it is held, the server
/// waits for its holder.
pub struct Stopping(watch::Receiver<Option<Spread>>);

/// When clients should come back: not all at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    least: Duration,
    span: Duration,
}

impl Spread {
    fn new(limits: &ShutdownLimits, sessions: usize) -> Self {
        let sessions = u32::try_from(sessions).unwrap_or(u32::MAX);
        Self {
            least: limits.retry_after,
            span: limits.spread_per_session.saturating_mul(sessions),
        }
    }

    /// How long one client should wait, in milliseconds.
    #[must_use]
    pub fn retry_after_ms(self) -> u32 {
        let least = u32::try_from(self.least.as_millis()).unwrap_or(u32::MAX);
        let span = u32::try_from(self.span.as_millis()).unwrap_or(u32::MAX);
        least.saturating_add(rand::rng().random_range(0..=span))
    }
}

/// A pair.
#[must_use]
pub fn shutdown() -> (Shutdown, ShutdownSignal) {
    let sender = watch::Sender::new(None);
    (Shutdown(sender.clone()), ShutdownSignal(sender))
}

impl ShutdownSignal {
    /// How many sessions there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.receiver_count()
    }
}

impl Shutdown {
    /// Tells all sessions and waits until they are gone, or for as long as the
    /// limits allow. Gives the number of those that were told.
    pub async fn stop(self, limits: &ShutdownLimits) -> usize {
        let sessions = self.0.receiver_count();
        self.0.send_replace(Some(Spread::new(limits, sessions)));
        if timeout(limits.sessions, self.0.closed()).await.is_err() {
            tracing::warn!(
                sessions = self.0.receiver_count(),
                "Sessions did not end in time"
            );
        }
        sessions
    }
}

impl ShutdownSignal {
    /// Signs a session up. One that comes late is told at once.
    #[must_use]
    pub fn subscribe(&self) -> Stopping {
        Stopping(self.0.subscribe())
    }
}

impl Stopping {
    /// Waits until the server stops. For ever, if it never does.
    pub async fn told(&mut self) -> Spread {
        loop {
            let spread = *self.0.borrow_and_update();
            if let Some(spread) = spread {
                return spread;
            }
            if self.0.changed().await.is_err() {
                // the server was dropped without being stopped: so are we, soon
                return std::future::pending().await;
            }
        }
    }
}

/// Waits until a task is told to stop, or whoever could tell is gone.
pub(crate) async fn told(stop: &mut watch::Receiver<bool>) {
    // an error means the same
    stop.wait_for(|stop| *stop).await.map(drop).ok();
}
