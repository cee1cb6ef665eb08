//! The handles by which the rest of the server talks to the media workers.
//!
//! Owns the choice of a worker for a room and the queues of commands; what a
//! command does belongs to [`crate::worker`].

use std::{
    hash::{BuildHasher, Hasher},
    sync::atomic::{AtomicU64, Ordering},
    thread::JoinHandle,
};

use protocol::{MediaState, Offer, PeerId, View};
use sfu::Language;
use tokio::sync::{mpsc, oneshot};

use crate::{
    MediaConfig, MediaError, MediaEvent, WorkerStats,
    command::{Command, CommandQueue, Place, RoomKey},
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
        room: &str,
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
        let asked = self.workers.iter().filter_map(|worker| {
            let (reply, answer) = oneshot::channel();
            let sent = worker.commands.send(Command::Stats { reply });
            sent.is_ok().then_some(answer)
        });
        // all are asked before the first answer is waited for
        let asked: Vec<_> = asked.collect();
        let mut all = Vec::with_capacity(asked.len());
        for answer in asked {
            all.extend(answer.await.ok());
        }
        all
    }

    /// How many workers there are.
    #[must_use]
    pub fn workers(&self) -> usize {
        self.workers.len()
    }

    /// Stops the workers and waits until their threads are gone.
    pub fn shutdown(self) {
        drop(self);
    }

    /// The same name has the same worker on every start of the same build.
    fn worker_of(&self, room: &str) -> &Worker {
        let mut hasher = ahash::RandomState::with_seeds(1, 2, 3, 4).build_hasher();
        hasher.write(room.as_bytes());
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
        self.answer(peer, offer, Place::Anywhere).await
    }

    /// The same for a page on this machine: the answer has an address that it
    /// finds, too, even where the announced ones lead round a router that sends
    /// nothing back.
    ///
    /// # Errors
    /// As above.
    pub async fn offer_on_this_machine(
        &self,
        peer: &PeerId,
        offer: Offer,
    ) -> Result<String, MediaError> {
        self.answer(peer, offer, Place::ThisMachine).await
    }

    async fn answer(
        &self,
        peer: &PeerId,
        offer: Offer,
        place: Place,
    ) -> Result<String, MediaError> {
        // Parsed here, on the caller's task: packets should not wait for text.
        let parsed = ClientOffer::parse(&offer.sdp)?;
        let (reply, answer) = oneshot::channel();
        self.commands.send(Command::Offer {
            room: self.room,
            peer: peer.clone(),
            connection: offer.connection,
            offer: Box::new(parsed),
            tracks: offer.tracks,
            place,
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

    /// Says which of a participant's sources are on. Only these are forwarded,
    /// whatever the client sends; after `add` all are off. It holds until it is
    /// called again, through all offers and connections.
    ///
    /// # Errors
    /// [`MediaError::Overloaded`] and [`MediaError::Closed`].
    pub fn set_sources(&self, peer: &PeerId, media: MediaState) -> Result<(), MediaError> {
        self.commands.send(Command::SetSources {
            room: self.room,
            peer: peer.clone(),
            media,
        })
    }

    /// Makes a participant an interpreter of a language, or an ordinary one
    /// again. An interpreter's microphone is heard by those alone who listen to
    /// the language, and never told of in [`MediaEvent::Speakers`].
    ///
    /// # Errors
    /// [`MediaError::Overloaded`] and [`MediaError::Closed`].
    pub fn set_interpreter(
        &self,
        peer: &PeerId,
        language: Option<Language>,
    ) -> Result<(), MediaError> {
        self.commands.send(Command::SetInterpreter {
            room: self.room,
            peer: peer.clone(),
            language,
        })
    }

    /// Lets a participant listen to the interpreters of a language besides the
    /// original, or to the original alone.
    ///
    /// # Errors
    /// [`MediaError::Overloaded`] and [`MediaError::Closed`].
    pub fn set_language(
        &self,
        peer: &PeerId,
        language: Option<Language>,
    ) -> Result<(), MediaError> {
        self.commands.send(Command::SetLanguage {
            room: self.room,
            peer: peer.clone(),
            language,
        })
    }

    /// Sends a participant's full slot table again as an event: after the
    /// participant's signaling resumed. Who speaks and how good connections are
    /// is for all, and kept by the room.
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
        let id = "r";
        let (room, mut events) = plane.open_room(id).unwrap();
        room.commands.send(Command::Panic).unwrap();
        assert!(events.recv().await.is_none(), "the room is told");

        let (again, _events) = plane.open_room(id).unwrap();
        drop(room);
        again.add(&PeerId::parse("p").unwrap()).unwrap();
        let stats = plane.stats().await;
        assert_eq!((stats[0].rooms, stats[0].peers), (1, 1));
    }
}
