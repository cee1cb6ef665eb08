//! What a room has of a session: a bounded queue to its socket.
//!
//! Full means that the client does not read: the session is cut off, with
//! `ended slow_client`, and may resume.

use axum::extract::ws::Utf8Bytes;
use protocol::{Ended, ServerFrame, ServerMessage};
use tokio::sync::{mpsc, oneshot};

/// What waits for a socket.
#[derive(Debug)]
pub enum Outgoing {
    /// One frame. Frames for many are made once and shared.
    Frame(Utf8Bytes),
    /// Several frames, in order.
    Frames(Vec<Utf8Bytes>),
    /// The last frame; the socket closes after it.
    Last(Ended),
}

/// The room's end of the queue. Dropping it closes the socket once the queue
/// is empty.
#[derive(Debug)]
pub struct Outbox {
    queue: mpsc::Sender<Outgoing>,
    cut: oneshot::Sender<Ended>,
}

/// The session's end of the queue.
#[derive(Debug)]
pub struct SessionEnd {
    /// What to write next.
    pub queue: mpsc::Receiver<Outgoing>,
    /// Says that the session is cut off, whatever waits in the queue.
    pub cut: oneshot::Receiver<Ended>,
}

/// The queue is full.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

/// A queue for so many frames.
#[must_use]
pub fn outbox(frames: usize) -> (Outbox, SessionEnd) {
    let (sender, queue) = mpsc::channel(frames);
    let (cut_sender, cut) = oneshot::channel();
    let outbox = Outbox {
        queue: sender,
        cut: cut_sender,
    };
    (outbox, SessionEnd { queue, cut })
}

impl Outbox {
    /// Queues something. A session that is gone already is no error: its
    /// `Detach` is on the way.
    pub(super) fn push(&self, outgoing: Outgoing) -> Result<(), Full> {
        match self.queue.try_send(outgoing) {
            Err(mpsc::error::TrySendError::Full(_)) => Err(Full),
            Ok(()) | Err(mpsc::error::TrySendError::Closed(_)) => Ok(()),
        }
    }

    /// Ends the session after what is queued, or at once when the queue is full.
    pub(super) fn end(self, ended: Option<Ended>) {
        let Some(ended) = ended else {
            return;
        };
        if self.push(Outgoing::Last(ended.clone())).is_err() {
            self.cut_off(ended);
        }
    }

    /// Ends the session at once.
    pub(super) fn cut_off(self, ended: Ended) {
        // a session that is gone already needs no cut
        drop(self.cut.send(ended));
    }
}

/// A frame as the socket takes it.
pub(crate) fn text(re: Option<u32>, message: ServerMessage) -> Utf8Bytes {
    serde_json::to_string(&ServerFrame { re, message })
        .expect("wire types are plain values with text keys")
        .into()
}
