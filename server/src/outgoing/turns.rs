//! How many requests are under way: in all, and to one target, so that a
//! target that does not answer holds up nobody but those who ask it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use reqwest::Url;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::OutgoingLimits;

/// The bounds.
#[derive(Debug)]
pub(super) struct Turns {
    all: Arc<Semaphore>,
    /// Those of targets that are asked at the moment.
    targets: Mutex<HashMap<String, Weak<Semaphore>>>,
    each: usize,
}

/// The right to make one request, until it is dropped. Nothing when a bound
/// was taken away, which never happens.
pub(super) type Turn = (Option<OwnedSemaphorePermit>, Option<OwnedSemaphorePermit>);

impl Turns {
    pub(super) fn new(limits: &OutgoingLimits) -> Self {
        Self {
            all: Arc::new(Semaphore::new(limits.at_once)),
            targets: Mutex::default(),
            each: limits.at_once_each,
        }
    }

    /// Waits for a turn with a target. Who waits for a slow target has no turn
    /// of those in all.
    pub(super) async fn take(&self, target: &Url) -> Turn {
        let own = self.of(target).acquire_owned().await.ok();
        let all = Arc::clone(&self.all).acquire_owned().await.ok();
        (own, all)
    }

    fn of(&self, target: &Url) -> Arc<Semaphore> {
        let name = target.origin().ascii_serialization();
        let mut targets = self.targets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = targets.get(&name).and_then(Weak::upgrade) {
            return known;
        }
        // whoever asks or waits keeps its own alive, so that this holds no
        // more than there are requests
        targets.retain(|_, target| target.strong_count() > 0);
        let new = Arc::new(Semaphore::new(self.each));
        targets.insert(name, Arc::downgrade(&new));
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    #[tokio::test]
    async fn slow_target_leaves_turns_to_the_others() {
        let turns = Turns::new(&OutgoingLimits {
            at_once: 3,
            at_once_each: 2,
            ..OutgoingLimits::default()
        });
        let slow = url("https://slow.example/a");
        let held = (turns.take(&slow).await, turns.take(&slow).await);
        let same = url("https://slow.example:443/b");
        let third = turns.take(&same);
        tokio::pin!(third);
        assert!(futures::poll!(&mut third).is_pending());
        let other = turns.take(&url("https://other.example/")).await;
        drop(held);
        third.await;
        drop(other);
        turns.take(&url("https://third.example/")).await;
        let targets = turns.targets.lock().expect("the map");
        assert_eq!(targets.len(), 1, "{targets:?}");
    }
}
