//! Waiting for the model to be as it was asked to be.

use std::{future::poll_fn, pin::pin, task::Poll, time::Duration};

use client::{Intent, model::Model};
use js_sys::Promise;
use leptos::prelude::set_timeout;
use protocol::{BridgeError, BridgeFault};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

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

/// What comes of some work, if it comes in time.
pub(super) async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut alarm) = (pin!(work), pin!(alarm(limit)));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => alarm.as_mut().poll(context).map(|_| None),
    })
    .await
}

fn alarm(after: Duration) -> JsFuture {
    JsFuture::from(Promise::new(&mut |resolve, _| {
        let ring = move || {
            // a resolver takes anything
            let _ = resolve.call0(&JsValue::UNDEFINED);
        };
        set_timeout(ring, after);
    }))
}
