//! The task of one room: feeds the pure state and carries its effects out.
//!
//! Nothing here waits for a client, the database or the media plane: chat is
//! stored and offers are answered beside the loop, and their results come back
//! as commands.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use media::{MediaError, MediaEvent, RoomMedia};
use protocol::{Ended, ErrorCode, ServerMessage, WireError};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinSet,
    time::{Instant, sleep_until, timeout},
};
use tracing::{error, info};

use super::{
    Command, OrderId, OrderRefused, Outbox, Outgoing, Reply, RoomState, SessionId,
    backlog::Backlog,
    carry_out::media_unavailable,
    door::{Entry, Input, Ordered},
    outbox::text,
    registry::Shared,
};
use crate::{clock::Now, db::StoredRoom, metrics::RoomCount, room_key::RoomKey};

/// How long a room that is over waits before it asks again whether it may
/// close. Only matters when somebody who was on the way in never came.
const ASK_AGAIN: Duration = Duration::from_millis(100);
/// How long a room without deadlines sleeps. Any time will do.
const IDLE: Duration = Duration::from_secs(3_600);
/// When a recorder that is left alone may come back, in milliseconds.
const COME_BACK_MS: u32 = 250;

/// The task of one room.
pub(super) struct Actor {
    pub(super) room: RoomKey,
    pub(super) state: RoomState,
    /// Of those who have a seat: what is for all goes to them.
    pub(super) outboxes: HashMap<SessionId, Outbox>,
    /// Of those who have none yet: they come in right now, or wait.
    pub(super) outside: HashMap<SessionId, Outbox>,
    pub(super) media: Arc<RoomMedia>,
    media_events: mpsc::Receiver<MediaEvent>,
    inputs: mpsc::Receiver<Input>,
    /// Chat being stored and offers being answered. Bounded by the state: one
    /// message of the room, one offer of each seat.
    pub(super) work: JoinSet<Command>,
    /// Orders that were not answered yet. Bounded by the state: they wait for
    /// the chat.
    pub(super) orders: HashMap<OrderId, oneshot::Sender<Result<Reply, OrderRefused>>>,
    last_order: u64,
    /// What the recordings know: whether anybody is here.
    attended: bool,
    /// What the journal could not be told.
    pub(super) untold: Option<Backlog>,
    pub(super) shared: Arc<Shared>,
    /// The room's share of what is counted.
    count: RoomCount,
}

/// What a room that is over left in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    /// Nothing: its chat ended with it.
    Nothing,
    /// Perhaps its chat, which is to be deleted if nobody comes back.
    Chat,
}

/// Runs a room until the registry lets it go.
pub(super) async fn run(room: RoomKey, inputs: mpsc::Receiver<Input>, shared: Arc<Shared>) -> Left {
    match Actor::open(&room, &shared).await {
        Ok((stored, media, events)) => {
            info!(room = %room, "Room opened");
            let limits = shared.limits.room.clone();
            let actor = Actor {
                state: RoomState::new(room.room.clone(), stored, limits),
                room,
                outboxes: HashMap::new(),
                outside: HashMap::new(),
                media: Arc::new(media),
                media_events: events,
                inputs,
                work: JoinSet::new(),
                orders: HashMap::new(),
                last_order: 0,
                attended: false,
                untold: None,
                count: shared.census.open_room(),
                shared,
            };
            actor.run().await
        }
        Err(why) => {
            error!(room = %room, error = %why, "Room could not be opened");
            turn_away(&room, inputs, &shared, &why).await;
            Left::Chat
        }
    }
}

/// Why a room could not be opened.
#[derive(Debug, thiserror::Error)]
enum OpenError {
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the media plane failed: {0}")]
    Media(#[from] MediaError),
}

impl OpenError {
    fn wire(&self) -> WireError {
        match self {
            Self::Database(_) => WireError::new(ErrorCode::Internal, "The database failed"),
            Self::Media(_) => media_unavailable(),
        }
    }
}

/// Answers those who wait for a room that could not be opened.
async fn turn_away(
    room: &RoomKey,
    mut inputs: mpsc::Receiver<Input>,
    shared: &Shared,
    why: &OpenError,
) {
    while !shared.may_close(room).await {
        let input = timeout(ASK_AGAIN, inputs.recv()).await;
        // who asks otherwise of a room that cannot be opened is told so by the
        // lost reply
        if let Ok(Some(Input::Enter(entry))) = input {
            let error = ServerMessage::Error(why.wire());
            let reply = Outgoing::Frame(text(Some(entry.visitor.re()), error));
            // a fresh queue has space
            drop(entry.outbox.push(reply));
        }
    }
}

impl Actor {
    async fn open(
        room: &RoomKey,
        shared: &Shared,
    ) -> Result<(StoredRoom, RoomMedia, mpsc::Receiver<MediaEvent>), OpenError> {
        let limit = u32::try_from(shared.limits.room.chat_messages).unwrap_or(u32::MAX);
        let now = Now::read().unix;
        let stored = shared.database.open_room(room, now, limit).await?;
        let (media, events) = shared.media.open_room(&room.to_string())?;
        Ok((stored, media, events))
    }

    /// Without its media worker a room is of no use, and without its room a
    /// session ends: clients join again by themselves and find the chat, which
    /// is kept in the database.
    async fn run(mut self) -> Left {
        let recordings = self.shared.recordings.view();
        self.execute(Command::NoRecording(recordings.no_recording));
        self.execute(Command::Recording(recordings.of_room(&self.room)));
        loop {
            match self.next().await {
                Some(Input::Enter(entry)) => self.enter(*entry),
                Some(Input::Command(command)) => self.execute(command),
                Some(Input::Order(ordered)) => self.order(*ordered),
                // who does not wait for the answer needs none
                Some(Input::Inspect(reply)) => drop(reply.send(self.state.inspect())),
                None => {
                    error!(room = %self.room, "The room lost its media worker");
                    return Left::Chat;
                }
            }
            self.count.set(self.state.headcount());
            self.catch_up();
            self.tell_attendance();
            // the registry says no as long as somebody is on the way in
            if self.state.is_over()
                && self.untold.is_none()
                && !self.attended
                && self.shared.may_close(&self.room).await
            {
                return self.close().await;
            }
        }
    }

    /// What happens next; nothing when the media worker dropped the room.
    async fn next(&mut self) -> Option<Input> {
        let deadline = self.deadline();
        tokio::select! {
            Some(input) = self.inputs.recv() => Some(input),
            event = self.media_events.recv() => event.map(|event| Input::Command(Command::Media(event))),
            Some(done) = self.work.join_next() => Some(Input::Command(finished(done))),
            () = sleep_until(deadline) => Some(Input::Command(Command::Tick)),
        }
    }

    fn deadline(&self) -> Instant {
        if self.state.is_over() {
            return Instant::now() + ASK_AGAIN;
        }
        let due = self.state_due();
        if self.untold.is_some() {
            return due.min(Instant::now() + ASK_AGAIN);
        }
        due
    }

    fn state_due(&self) -> Instant {
        match self.state.deadline() {
            Some(deadline) => Instant::from_std(deadline),
            None => Instant::now() + IDLE,
        }
    }

    /// Forgets the room. The chat ends with it. A recorder comes back when
    /// somebody is here again.
    async fn close(mut self) -> Left {
        for outbox in std::mem::take(&mut self.outboxes).into_values() {
            outbox.end(Some(Ended {
                code: ErrorCode::SeatGone,
                message: "Everybody has left".to_owned(),
                retry_after_ms: Some(COME_BACK_MS),
            }));
        }
        let deleted = self.shared.database.delete_room(&self.room).await;
        info!(room = %self.room, "Room closed");
        let Err(error) = deleted else {
            return Left::Nothing;
        };
        error!(room = %self.room, %error, "Room could not be deleted from the database");
        Left::Chat
    }

    fn enter(&mut self, entry: Entry) {
        let Entry {
            visitor,
            outbox,
            pass,
        } = entry;
        self.outside.insert(visitor.session(), outbox);
        self.execute(visitor.command());
        drop(pass);
    }

    /// Tells the recordings whether anybody is here. When they have no space
    /// for it, the next occasion does.
    fn tell_attendance(&mut self) {
        let attended = self.state.seats() > 0;
        if attended != self.attended
            && self
                .shared
                .recordings
                .attended(&self.room, attended)
                .is_ok()
        {
            self.attended = attended;
        }
    }

    fn order(&mut self, Ordered { order, reply }: Ordered) {
        if self.state.is_empty() {
            // who does not wait for the answer needs none
            return drop(reply.send(Err(OrderRefused::Gone)));
        }
        self.last_order += 1;
        let id = OrderId(self.last_order);
        self.orders.insert(id, reply);
        self.execute(Command::Order(id, Box::new(order)));
    }

    fn execute(&mut self, command: Command) {
        let mut todo = VecDeque::from([command]);
        while let Some(command) = todo.pop_front() {
            if let Command::Detach(session) = command {
                self.take_outbox(session);
            }
            for effect in self.state.apply(command, Now::read()) {
                todo.extend(self.carry_out(effect));
            }
        }
    }
}

fn finished(done: Result<Command, tokio::task::JoinError>) -> Command {
    match done {
        Ok(command) => command,
        // a panic of ours: the room's state would wait for ever, so the room goes
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
