//! Which rooms there are.
//!
//! One task owns the map. It makes a room when somebody enters and lets it go
//! when the room is over *and* nobody is on the way in: who wants to enter
//! holds a pass, and a room with a pass out is not let go. So nobody ever
//! enters a room that is being deleted.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use media::MediaPlane;
use protocol::RoomId;
use tokio::{
    sync::{mpsc, oneshot},
    task::{Id, JoinError, JoinSet},
    time::{Instant, sleep_until},
};
use tracing::{error, info};

use super::{
    actor::{self, Left},
    door::{Door, Input, Pass},
};
use crate::{
    db::Database,
    journal::Journal,
    limits::Limits,
    metrics::Census,
    recording::Recordings,
    room_key::{RoomKey, TenantId},
    ticket::TicketKeys,
};

/// How many questions may wait for the registry. When it is full, those who
/// ask wait.
const QUEUE: usize = 1_024;

/// What all rooms use.
pub(super) struct Shared {
    pub(super) database: Database,
    pub(super) media: Arc<MediaPlane>,
    pub(super) tickets: Arc<TicketKeys>,
    pub(super) recordings: Recordings,
    pub(super) journal: Journal,
    pub(super) census: Census,
    pub(super) limits: Limits,
    registry: mpsc::Sender<Message>,
}

impl Shared {
    /// Asks whether a room that is over may close. When it may, nobody can
    /// enter it any more.
    pub(super) async fn may_close(&self, room: &RoomKey) -> bool {
        let (reply, answer) = oneshot::channel();
        let room = room.clone();
        let asked = self.registry.send(Message::MayClose { room, reply }).await;
        // without a registry the process is about to end, and the room is kept
        asked.is_ok() && answer.await.unwrap_or(false)
    }
}

enum Message {
    Enter {
        room: RoomKey,
        make: bool,
        reply: oneshot::Sender<Option<Door>>,
    },
    MayClose {
        room: RoomKey,
        reply: oneshot::Sender<bool>,
    },
    List {
        tenant: TenantId,
        after: String,
        most: u32,
        reply: oneshot::Sender<Vec<RoomId>>,
    },
    Count(oneshot::Sender<usize>),
    Stop(oneshot::Sender<()>),
}

/// The registry is gone: the server stops.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the server stops")]
pub struct RegistryGone;

/// A handle on the registry.
#[derive(Clone)]
pub struct Registry(mpsc::Sender<Message>);

impl Registry {
    /// Starts the registry's task. Rooms that a stopped server left are
    /// deleted when nobody enters them in time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn start(
        database: Database,
        media: Arc<MediaPlane>,
        tickets: Arc<TicketKeys>,
        recordings: Recordings,
        journal: Journal,
        census: Census,
        limits: Limits,
    ) -> Result<Self, sqlx::Error> {
        let abandoned: HashSet<RoomKey> = database.room_ids().await?.into_iter().collect();
        let (sender, messages) = mpsc::channel(QUEUE);
        let purge_at = Instant::now() + limits.abandoned;
        let shared = Shared {
            database,
            media,
            tickets,
            recordings,
            journal,
            census,
            limits,
            registry: sender.clone(),
        };
        let task = Task {
            rooms: HashMap::new(),
            names: HashMap::new(),
            tasks: JoinSet::new(),
            abandoned,
            purge_at,
            shared: Arc::new(shared),
        };
        tokio::spawn(task.run(messages));
        Ok(Self(sender))
    }

    /// The way into a room, which is made when it is missing.
    ///
    /// # Errors
    /// When the server stops.
    pub async fn enter(&self, room: &RoomKey) -> Result<Door, RegistryGone> {
        self.ask_for(room, true).await?.ok_or(RegistryGone)
    }

    /// The way into a room, if it is there.
    ///
    /// # Errors
    /// When the server stops.
    pub async fn find(&self, room: &RoomKey) -> Result<Option<Door>, RegistryGone> {
        self.ask_for(room, false).await
    }

    /// The ids of a tenant's rooms after one, in the order of their bytes; those
    /// that are being closed are left out.
    ///
    /// # Errors
    /// When the server stops.
    pub async fn list(
        &self,
        tenant: &TenantId,
        after: &str,
        most: u32,
    ) -> Result<Vec<RoomId>, RegistryGone> {
        let (reply, answer) = oneshot::channel();
        let (tenant, after) = (tenant.clone(), after.to_owned());
        let list = Message::List {
            tenant,
            after,
            most,
            reply,
        };
        self.send(list).await?;
        answer.await.map_err(|_| RegistryGone)
    }

    /// How many rooms there are, those that are being closed included.
    ///
    /// # Errors
    /// When the server stops.
    pub async fn count(&self) -> Result<usize, RegistryGone> {
        let (reply, answer) = oneshot::channel();
        self.send(Message::Count(reply)).await?;
        answer.await.map_err(|_| RegistryGone)
    }

    /// Stops all rooms. What they stored is kept.
    pub async fn stop(&self) {
        let (reply, answer) = oneshot::channel();
        if self.send(Message::Stop(reply)).await.is_ok() {
            // an error means that the task is gone, which is what is wanted
            drop(answer.await);
        }
    }

    async fn ask_for(&self, room: &RoomKey, make: bool) -> Result<Option<Door>, RegistryGone> {
        let (reply, answer) = oneshot::channel();
        let room = room.clone();
        self.send(Message::Enter { room, make, reply }).await?;
        answer.await.map_err(|_| RegistryGone)
    }

    async fn send(&self, message: Message) -> Result<(), RegistryGone> {
        self.0.send(message).await.map_err(|_| RegistryGone)
    }
}

/// The registry's task.
struct Task {
    rooms: HashMap<RoomKey, Room>,
    /// Which room a task belongs to.
    names: HashMap<Id, RoomKey>,
    tasks: JoinSet<Left>,
    /// Rooms in the database that nobody has entered since the start, or since
    /// they ended in a way that left them there.
    abandoned: HashSet<RoomKey>,
    purge_at: Instant,
    shared: Arc<Shared>,
}

enum Room {
    Open {
        inputs: mpsc::Sender<Input>,
        pass: Pass,
    },
    /// It was let go; who wants to enter waits until it is gone.
    Closing {
        waiting: Vec<oneshot::Sender<Option<Door>>>,
    },
}

impl Task {
    async fn run(mut self, mut messages: mpsc::Receiver<Message>) {
        loop {
            tokio::select! {
                Some(message) = messages.recv() => {
                    if let Message::Stop(done) = message {
                        return self.stop(done).await;
                    }
                    self.handle(message);
                }
                Some(ended) = self.tasks.join_next_with_id() => self.gone(ended).await,
                () = sleep_until(self.purge_at), if !self.abandoned.is_empty() => self.purge().await,
            }
        }
    }

    async fn stop(mut self, done: oneshot::Sender<()>) {
        self.tasks.shutdown().await;
        // the media plane must be free when the caller goes on
        drop(self);
        // a caller that does not wait needs no answer
        done.send(()).ok();
    }

    fn handle(&mut self, message: Message) {
        match message {
            Message::Enter { room, make, reply } => self.enter(room, make, reply),
            Message::MayClose { room, reply } => {
                let answer = self.may_close(&room);
                // a room that does not wait for the answer has panicked
                reply.send(answer).ok();
            }
            Message::List {
                tenant,
                after,
                most,
                reply,
            } => drop(reply.send(self.list(&tenant, &after, most))),
            Message::Count(reply) => drop(reply.send(self.rooms.len())),
            Message::Stop(_) => {}
        }
    }

    /// Sessions that stopped waiting for the answer drop the door, and with it
    /// the pass.
    fn enter(&mut self, room: RoomKey, make: bool, reply: oneshot::Sender<Option<Door>>) {
        match self.rooms.get_mut(&room) {
            Some(Room::Open { inputs, pass }) => drop(reply.send(Some(Door::new(inputs, pass)))),
            Some(Room::Closing { waiting }) if make => waiting.push(reply),
            None if make => drop(reply.send(Some(self.open(room)))),
            _ => drop(reply.send(None)),
        }
    }

    fn list(&self, tenant: &TenantId, after: &str, most: u32) -> Vec<RoomId> {
        let open = self.rooms.iter().filter(|(key, room)| {
            let is_open = matches!(room, Room::Open { .. });
            is_open && key.tenant == *tenant && key.room.as_str() > after
        });
        let mut ids: Vec<RoomId> = open.map(|(key, _)| key.room.clone()).collect();
        ids.sort_unstable();
        ids.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        ids
    }

    fn open(&mut self, room: RoomKey) -> Door {
        self.abandoned.remove(&room);
        let (inputs, receiver) = mpsc::channel(self.shared.limits.room.queue);
        let pass = Pass::default();
        let door = Door::new(&inputs, &pass);
        let task = actor::run(room.clone(), receiver, Arc::clone(&self.shared));
        let handle = self.tasks.spawn(task);
        self.names.insert(handle.id(), room.clone());
        self.rooms.insert(room, Room::Open { inputs, pass });
        door
    }

    fn may_close(&mut self, room: &RoomKey) -> bool {
        let Some(entry) = self.rooms.get_mut(room) else {
            return true;
        };
        if let Room::Open { pass, .. } = entry
            && pass.is_out()
        {
            return false;
        }
        *entry = Room::Closing {
            waiting: Vec::new(),
        };
        true
    }

    /// A room's task has ended. The journal's recorder is waited for, so
    /// that it hears of the end before anybody is in the next room of the name.
    async fn gone(&mut self, ended: Result<(Id, Left), JoinError>) {
        let (id, left) = match ended {
            Ok(ended) => ended,
            Err(error) => {
                error!(%error, "A room ended by a panic; its participants come back by themselves");
                (error.id(), Left::Chat)
            }
        };
        let Some(room) = self.names.remove(&id) else {
            return;
        };
        if left == Left::Chat {
            self.shared.journal.lost(&room).await;
            self.shared.recordings.left_alone(&room).await;
            self.abandoned.insert(room.clone());
            self.purge_at = Instant::now() + self.shared.limits.abandoned;
        }
        if let Some(Room::Closing { waiting }) = self.rooms.remove(&room) {
            for reply in waiting {
                self.enter(room.clone(), true, reply);
            }
        }
    }

    /// Waits for the database on purpose: nobody may enter a room meanwhile.
    async fn purge(&mut self) {
        let rooms: Vec<RoomKey> = self.abandoned.drain().collect();
        match self.shared.database.delete_rooms(&rooms).await {
            Ok(()) => info!(rooms = rooms.len(), "Abandoned rooms purged"),
            Err(error) => {
                error!(%error, "Abandoned rooms could not be purged");
                self.abandoned.extend(rooms);
                self.purge_at = Instant::now() + self.shared.limits.abandoned;
            }
        }
    }
}
