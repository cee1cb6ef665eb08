//! Waiting for the model to be as it was asked to be.

use std::{future::poll_fn, task::Poll};

use client::{Intent, model::Model};
use protocol::{BridgeError, BridgeFault};

use super::Frame;

impl Frame {
    /// Looks at the model as it is in this moment.
    ///
    /// # Errors
    /// `not_ready` when the meeting's page is gone.
    pub(super) fn look<T>(&self, read: impl FnOnce(&Model) -> T) -> Result<T, BridgeError> {
        let engine = self.meeting.engine();
        let engine = engine.ok_or_else(gone)?;
        Ok(engine.look(read))
    }

    pub(super) fn send(&self, intent: Intent) {
        self.meeting.send(intent);
    }

    /// Waits until `read` has an outcome.
    ///
    /// # Errors
    /// That of the outcome, or `not_ready` when the meeting's page is gone.
    pub(super) async fn until<T>(
        &self,
        read: impl Fn(&Model) -> Option<Result<T, BridgeError>>,
    ) -> Result<T, BridgeError> {
        poll_fn(|context| match self.look(&read) {
            Err(gone) => Poll::Ready(Err(gone)),
            Ok(Some(outcome)) => Poll::Ready(outcome),
            Ok(None) => {
                self.waiting.borrow_mut().push(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }
}

fn gone() -> BridgeError {
    BridgeError::new(BridgeFault::NotReady, "the meeting's page is gone")
}
