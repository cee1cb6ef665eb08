//! Commands to a worker and the queue that carries them.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
    mpsc,
};

use mio::Waker;
use protocol::{MediaState, OfferedTrack, PeerId, View};
use sfu::Language;
use tokio::sync::oneshot;

use crate::{
    MediaError, MediaEvent, WorkerStats,
    sdp::{Answer, ClientOffer},
};

/// How many commands may wait. A worker handles some 10,000 offers a second,
/// so this many mean that it is lost in media; more would only wait longer.
const QUEUE: usize = 4_096;

/// Names a room among all that were ever opened in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RoomKey(pub(crate) u64);

/// Where a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Anywhere in the world.
    Anywhere,
    /// On the server's own machine.
    ThisMachine,
}

/// What a worker is asked to do.
pub(crate) enum Command {
    OpenRoom {
        room: RoomKey,
        events: tokio::sync::mpsc::Sender<MediaEvent>,
    },
    CloseRoom {
        room: RoomKey,
    },
    AddPeer {
        room: RoomKey,
        peer: PeerId,
    },
    RemovePeer {
        room: RoomKey,
        peer: PeerId,
    },
    Offer {
        room: RoomKey,
        peer: PeerId,
        connection: u32,
        offer: Box<ClientOffer>,
        tracks: Vec<OfferedTrack>,
        place: Place,
        reply: oneshot::Sender<Result<Answer, MediaError>>,
    },
    SetView {
        room: RoomKey,
        peer: PeerId,
        view: View,
    },
    SetSources {
        room: RoomKey,
        peer: PeerId,
        media: MediaState,
    },
    SetInterpreter {
        room: RoomKey,
        peer: PeerId,
        language: Option<Language>,
    },
    SetLanguage {
        room: RoomKey,
        peer: PeerId,
        language: Option<Language>,
    },
    Refresh {
        room: RoomKey,
        peer: PeerId,
    },
    Stats {
        reply: oneshot::Sender<WorkerStats>,
    },
    Stop,
    /// Lets the worker panic: for the test that it starts over.
    #[cfg(test)]
    Panic,
}

/// The sending side of a worker's commands. Order is kept.
///
/// [`CommandQueue::send`] refuses when [`QUEUE`] commands wait. What frees
/// memory must not be refused and goes by [`CommandQueue::send_always`]: there
/// is at most one such command for each that was admitted, so the queue stays
/// bounded by twice the rooms and participants that exist.
#[derive(Clone)]
pub(crate) struct CommandQueue {
    sender: mpsc::Sender<Command>,
    waiting: Arc<AtomicUsize>,
    waker: Arc<Waker>,
}

/// The receiving side, owned by the worker.
pub(crate) struct CommandInbox {
    receiver: mpsc::Receiver<Command>,
    waiting: Arc<AtomicUsize>,
    waker: Arc<Waker>,
}

impl CommandQueue {
    /// A queue whose receiver is woken by `waker`.
    pub(crate) fn new(waker: Waker) -> (Self, CommandInbox) {
        let (sender, receiver) = mpsc::channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let waker = Arc::new(waker);
        let inbox = CommandInbox {
            receiver,
            waiting: Arc::clone(&waiting),
            waker: Arc::clone(&waker),
        };
        let queue = Self {
            sender,
            waiting,
            waker,
        };
        (queue, inbox)
    }

    pub(crate) fn send(&self, command: Command) -> Result<(), MediaError> {
        if self.waiting.load(Ordering::Relaxed) >= QUEUE {
            return Err(MediaError::Overloaded);
        }
        self.push(command)
    }

    /// For what frees memory: a worker that is gone has freed it already.
    pub(crate) fn send_always(&self, command: Command) {
        let _gone = self.push(command);
    }

    fn push(&self, command: Command) -> Result<(), MediaError> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.sender.send(command).map_err(|_| MediaError::Closed)?;
        wake(&self.waker);
        Ok(())
    }
}

/// A worker that cannot be woken still looks here at its next timer.
fn wake(waker: &Waker) {
    if let Err(error) = waker.wake() {
        tracing::error!(%error, "Cannot wake a media worker");
    }
}

impl CommandInbox {
    pub(crate) fn next(&self) -> Option<Command> {
        let command = self.receiver.try_recv().ok()?;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        Some(command)
    }

    /// Makes the poll return at once: there may be more commands.
    pub(crate) fn wake_again(&self) {
        wake(&self.waker);
    }
}
