//! The bell between those who write into the outbox and who delivers.

use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Rung whenever the outbox has something new. Rings that come while nobody
/// listens are one.
#[derive(Debug, Default)]
pub struct News {
    bell: Notify,
    /// Messages wait again that were not new.
    old: AtomicBool,
}

impl News {
    /// There are new messages.
    pub(crate) fn come(&self) {
        self.bell.notify_one();
    }

    /// Messages wait again that had been given up.
    pub(crate) fn come_again(&self) {
        self.old.store(true, Ordering::Release);
        self.bell.notify_one();
    }

    /// Waits for news. Says whether older messages may be among them.
    pub(super) async fn next(&self) -> bool {
        self.bell.notified().await;
        self.old.swap(false, Ordering::AcqRel)
    }
}
