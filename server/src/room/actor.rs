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
use protocol::{ErrorCode, RoomId, ServerMessage, WireError};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep_until, timeout},
};
use tracing::{error, info};

use super::{
    Command, Outbox, Outgoing, RoomState, SessionId,
    carry_out::media_unavailable,
    door::{Entry, Input},
    outbox::text,
    registry::Shared,
};
use crate::{clock::Now, db::StoredRoom};

/// How long a room that is over waits before it asks again whether it may
/// close. Only matters when somebody who was on the way in never came.
const ASK_AGAIN: Duration = Duration::from_millis(100);
/// How long a room without deadlines sleeps. Any time will do.
const IDLE: Duration = Duration::from_secs(3_600);

/// The task of one room.
pub(super) struct Actor {
    pub(super) room: RoomId,
    pub(super) state: RoomState,
    pub(super) outboxes: HashMap<SessionId, Outbox>,
    pub(super) media: Arc<RoomMedia>,
    media_events: mpsc::Receiver<MediaEvent>,
    inputs: mpsc::Receiver<Input>,
    /// Chat being stored and offers being answered. Bounded by the state: one
    /// message of the room, one offer of each seat.
    pub(super) work: JoinSet<Command>,
    pub(super) shared: Arc<Shared>,
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
pub(super) async fn run(room: RoomId, inputs: mpsc::Receiver<Input>, shared: Arc<Shared>) -> Left {
    match Actor::open(&room, &shared).await {
        Ok((stored, media, events)) => {
            info!(room = %room, "Room opened");
            let limits = shared.limits.room.clone();
            let actor = Actor {
                state: RoomState::new(room.clone(), stored, limits),
                room,
                outboxes: HashMap::new(),
                media: Arc::new(media),
                media_events: events,
                inputs,
                work: JoinSet::new(),
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
    room: &RoomId,
    mut inputs: mpsc::Receiver<Input>,
    shared: &Shared,
    why: &OpenError,
) {
    while !shared.may_close(room).await {
        let input = timeout(ASK_AGAIN, inputs.recv()).await;
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
        room: &RoomId,
        shared: &Shared,
    ) -> Result<(StoredRoom, RoomMedia, mpsc::Receiver<MediaEvent>), OpenError> {
        let limit = u32::try_from(shared.limits.room.chat_messages).unwrap_or(u32::MAX);
        let now = Now::read().unix;
        let stored = shared.database.open_room(room, now, limit).await?;
        let (media, events) = shared.media.open_room(room)?;
        Ok((stored, media, events))
    }

    /// Without its media worker a room is of no use, and without its room a
    /// session ends: clients join again by themselves and find the chat, which
    /// is kept in the database.
    async fn run(mut self) -> Left {
        loop {
            match self.next().await {
                Some(Input::Enter(entry)) => self.enter(*entry),
                Some(Input::Command(command)) => self.execute(command),
                None => {
                    error!(room = %self.room, "The room lost its media worker");
                    return Left::Chat;
                }
            }
            // the registry says no as long as somebody is on the way in
            if self.state.is_over() && self.shared.may_close(&self.room).await {
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
        match self.state.deadline() {
            Some(deadline) => Instant::from_std(deadline),
            None => Instant::now() + IDLE,
        }
    }

    /// Forgets the room. The chat ends with it.
    async fn close(self) -> Left {
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
        self.outboxes.insert(visitor.session(), outbox);
        self.execute(visitor.command());
        drop(pass);
    }

    fn execute(&mut self, command: Command) {
        let mut todo = VecDeque::from([command]);
        while let Some(command) = todo.pop_front() {
            if let Command::Detach(session) = command {
                self.outboxes.remove(&session);
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
