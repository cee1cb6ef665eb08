//! The handles by which the rest of the server talks to the media workers.
//!
//! Owns the choice of a worker for a room and the queues of commands; what a
//! command does belongs to [`crate::worker`].

use std::{
    hash::{BuildHasher, Hasher},
    sync::atomic::{AtomicU64, Ordering},
    thread::JoinHandle,
};

use protocol::{Offer, PeerId, RoomId, View};
use tokio::sync::{mpsc, oneshot};

use crate::{
    MediaConfig, MediaError, MediaEvent, WorkerStats,
    command::{Command, CommandQueue, RoomKey},
    sdp::ClientOffer,
    worker,
};

/// How many events may wait for a room's task; see [`MediaEvent`] for what
/// happens beyond.
const EVENT_QUEUE: usize = 256;

/// The media workers of this process. Dropping it stops them.
pub struct MediaPlane {
    workers: Vec<Worker>,
    next_room: AtomicU64,
}

struct Worker {
    commands: CommandQueue,
    thread: Option<JoinHandle<()>>,
}

impl MediaPlane {
    /// Binds the sockets and starts one thread per worker.
    ///
    /// # Errors
    /// When a socket cannot be bound, the certificate cannot be made, or the
    /// system gives no thread or poll.
    pub fn start(config: &MediaConfig) -> Result<Self, MediaError> {
        let workers = worker::start_all(config)?
            .into_iter()
            .map(|(commands, thread)| Worker {
                commands,
                thread: Some(thread),
            })
            .collect();
        Ok(Self {
            workers,
            next_room: AtomicU64::new(1),
        })
    }

    /// Opens a room on its worker. The receiver gets what the room should
    /// know. Dropping the handle closes the room and frees all that it held.
    ///
    /// # Errors
    /// [`MediaError::Overloaded`] and [`MediaError::Closed`].
    pub fn open_room(
        &self,
        room: &RoomId,
    ) -> Result<(RoomMedia, mpsc::Receiver<MediaEvent>), MediaError> {
        let key = RoomKey(self.next_room.fetch_add(1, Ordering::Relaxed));
        let (events, receiver) = mpsc::channel(EVENT_QUEUE);
        let commands = self.worker_of(room).commands.clone();
        commands.send(Command::OpenRoom { room: key, events })?;
        Ok((
            RoomMedia {
                room: key,
                commands,
            },
            receiver,
        ))
    }

    /// Counters of all workers that answer.
    pub async fn stats(&self) -> Vec<WorkerStats> {
        let mut all = Vec::with_capacity(self.workers.len());
        for worker in &self.workers {
            let (reply, answer) = oneshot::channel();
            if worker.commands.send(Command::Stats { reply }).is_ok()
                && let Ok(stats) = answer.await
            {
                all.push(stats);
            }
        }
        all
    }

    /// Stops the workers and waits until their threads are gone.
    pub fn shutdown(self) {
        drop(self);
    }

    /// The same room id has the same worker on every start of the same build.
    fn worker_of(&self, room: &RoomId) -> &Worker {
        let mut hasher = ahash::RandomState::with_seeds(1, 2, 3, 4).build_hasher();
        hasher.write(room.as_str().as_bytes());
        let index = hasher.finish() as usize % self.workers.len();
        &self.workers[index]
    }
}

impl Drop for MediaPlane {
    fn drop(&mut self) {
        for worker in &self.workers {
            worker.commands.send_always(Command::Stop);
        }
        for thread in self.workers.iter_mut().filter_map(|w| w.thread.take()) {
            if thread.join().is_err() {
                tracing::error!("A media worker had panicked");
            }
        }
    }
}

/// One room of the media plane.
pub struct RoomMedia {
    room: RoomKey,
    commands: CommandQueue,
}

impl RoomMedia {
    /// Takes a participant in. Media comes with their first offer.
    ///
    /// # Errors
    /// [`MediaError::Overloaded`] and [`MediaError::Closed`].
    pub fn add(&self, peer: &PeerId) -> Result<(), MediaError> {
        self.commands.send(Command::AddPeer {
            room: self.room,
            peer: peer.clone(),
        })
    }

    /// Frees all that belongs to a participant. Never fails: it goes into the
    /// queue even when that is full. Nothing happens for an unknown one.
    pub fn remove(&self, peer: &PeerId) {
        self.commands.send_always(Command::RemovePeer {
            room: self.room,
            peer: peer.clone(),
        });
    }

    /// Answers an offer with SDP. A `connection` number other than the one
    /// before starts a new transport for the participant; otherwise mids keep
    /// their SSRCs and the transport goes on.
    ///
    /// # Errors
    /// [`MediaError::BadOffer`] says what is wrong with the offer;
    /// [`MediaError::UnknownPeer`] before `add`; [`MediaError::Overloaded`] and
    /// [`MediaError::Closed`].
    pub async fn offer(&self, peer: &PeerId, offer: Offer) -> Result<String, MediaError> {
        // Parsed here, on the caller's task: packets should not wait for text.
        let parsed = ClientOffer::parse(&offer.sdp)?;
        let (reply, answer) = oneshot::channel();
        self.commands.send(Command::Offer {
            room: self.room,
            peer: peer.clone(),
            connection: offer.connection,
            offer: Box::new(parsed),
            tracks: offer.tracks,
            reply,
        })?;
        let answer = answer.await.map_err(|_| MediaError::Closed)??;
        Ok(answer.to_string())
    }

    /// Says which tiles a participant's page shows.
    ///
    /// # Errors
    /// [`MediaError::Overloaded`] and [`MediaError::Closed`].
    pub fn set_view(&self, peer: &PeerId, view: View) -> Result<(), MediaError> {
        self.commands.send(Command::SetView {
            room: self.room,
            peer: peer.clone(),
            view,
        })
    }

    /// Sends a participant's full slot table, and the speakers and quality of
    /// the room, again as events: after the participant's signaling resumed.
    ///
    /// # Errors
    /// [`MediaError::Overloaded`] and [`MediaError::Closed`].
    pub fn refresh(&self, peer: &PeerId) -> Result<(), MediaError> {
        self.commands.send(Command::Refresh {
            room: self.room,
            peer: peer.clone(),
        })
    }
}

impl Drop for RoomMedia {
    fn drop(&mut self) {
        self.commands
            .send_always(Command::CloseRoom { room: self.room });
    }
}

#[cfg(test)]
mod tests {
    //! What happens to rooms when their worker panics.

    use super::*;

    #[tokio::test]
    async fn a_worker_that_panicked_ends_its_rooms_and_takes_new_ones() {
        let config = MediaConfig {
            listen: "127.0.0.1:0".parse().unwrap(),
            announce: Vec::new(),
            workers: 1,
        };
        let plane = MediaPlane::start(&config).unwrap();
        let id = RoomId::parse("r").unwrap();
        let (room, mut events) = plane.open_room(&id).unwrap();
        room.commands.send(Command::Panic).unwrap();
        assert!(events.recv().await.is_none(), "the room is told");

        let (again, _events) = plane.open_room(&id).unwrap();
        drop(room);
        again.add(&PeerId::parse("p").unwrap()).unwrap();
        let stats = plane.stats().await;
        assert_eq!((stats[0].rooms, stats[0].peers), (1, 1));
    }
}
