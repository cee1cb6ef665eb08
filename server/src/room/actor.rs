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
use protocol::{
    ChatMessage, Ended, ErrorCode, Offer, PROTOCOL_VERSION, PeerId, RoomId, ServerMessage, Welcome,
    WireError,
};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep_until, timeout},
};
use tracing::{debug, error, info, warn};

use super::{
    Audience, Command, Effect, OfferDone, Outbox, Outgoing, RoomState, SeatId, SessionId,
    WelcomeTo,
    outbox::text,
    registry::{Entry, Shared},
};
use crate::{
    clock::Now,
    db::{Database, StoredRoom},
};

/// Receive-only audio m-lines that clients should offer. More cost bandwidth;
/// fewer cut people off who speak at the same time.
const AUDIO_SLOTS: u32 = 4;
/// The most receive-only video m-lines of a client: a grid of seven by seven.
const MAX_VIDEO_SLOTS: u32 = 49;
/// How long a room that is over waits before it asks again whether it may
/// close. Only matters when somebody who was on the way in never came.
const ASK_AGAIN: Duration = Duration::from_millis(100);
/// How long a room without deadlines sleeps. Any time will do.
const IDLE: Duration = Duration::from_secs(3_600);

/// What reaches a room's task.
pub(super) enum Input {
    /// A session that wants a seat.
    Enter(Box<Entry>),
    /// Anything later.
    Command(Command),
}

/// The task of one room.
pub(super) struct Actor {
    room: RoomId,
    state: RoomState,
    outboxes: HashMap<SessionId, Outbox>,
    media: Arc<RoomMedia>,
    /// None when the media plane closed it.
    media_events: Option<mpsc::Receiver<MediaEvent>>,
    inputs: mpsc::Receiver<Input>,
    /// Chat being stored and offers being answered. Bounded by the state: one
    /// message of the room, one offer of each seat.
    work: JoinSet<Command>,
    shared: Arc<Shared>,
}

/// Runs a room until the registry lets it go.
pub(super) async fn run(room: RoomId, inputs: mpsc::Receiver<Input>, shared: Arc<Shared>) {
    match Actor::open(&room, &shared).await {
        Ok((stored, media, events)) => {
            info!(room = %room, "Room opened");
            let limits = shared.limits.room.clone();
            let actor = Actor {
                state: RoomState::new(room.clone(), stored, limits),
                room,
                outboxes: HashMap::new(),
                media: Arc::new(media),
                media_events: Some(events),
                inputs,
                work: JoinSet::new(),
                shared,
            };
            actor.run().await;
        }
        Err(why) => {
            error!(room = %room, error = %why, "Room could not be opened");
            turn_away(&room, inputs, &shared, &why).await;
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

    async fn run(mut self) {
        loop {
            match self.next().await {
                Input::Enter(entry) => self.enter(*entry),
                Input::Command(command) => self.execute(command),
            }
            // the registry says no as long as somebody is on the way in
            if self.state.is_over() && self.shared.may_close(&self.room).await {
                return self.close().await;
            }
        }
    }

    async fn next(&mut self) -> Input {
        let deadline = self.deadline();
        let media_events = async {
            match &mut self.media_events {
                Some(events) => events.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            Some(input) = self.inputs.recv() => input,
            event = media_events => match event {
                Some(event) => Input::Command(Command::Media(event)),
                None => {
                    warn!(room = %self.room, "The media worker of the room is gone");
                    self.media_events = None;
                    Input::Command(Command::Tick)
                }
            },
            Some(done) = self.work.join_next() => Input::Command(finished(done)),
            () = sleep_until(deadline) => Input::Command(Command::Tick),
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
    async fn close(self) {
        if let Err(error) = self.shared.database.delete_room(&self.room).await {
            // the next start finds the row and purges it
            error!(room = %self.room, %error, "Room could not be deleted from the database");
        }
        info!(room = %self.room, "Room closed");
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

    /// Does what the state wants; what went wrong comes back as commands.
    fn carry_out(&mut self, effect: Effect) -> Vec<Command> {
        match effect {
            Effect::Send {
                session,
                re,
                message,
            } => self.send(session, Outgoing::Frame(text(re, message))),
            Effect::Welcome(welcome) => self.welcome(*welcome),
            Effect::Replay { session, events } => {
                let frames = events
                    .into_iter()
                    .map(|(n, event)| text(None, ServerMessage::Event { n, event }));
                self.send(session, Outgoing::Frames(frames.collect()))
            }
            Effect::Broadcast { to, message } => self.broadcast(to, message),
            Effect::End { session, ended } => self.end(session, ended),
            Effect::StoreChat(message) => self.store(message),
            Effect::AddMedia(peer) => self.add_media(peer),
            Effect::RemoveMedia(peer) => {
                self.media.remove(&peer);
                Vec::new()
            }
            Effect::Offer { peer, seat, offer } => self.offer(peer, seat, offer),
            Effect::SetView(peer, view) => self.media_told(self.media.set_view(&peer, view)),
            Effect::RefreshMedia(peer) => self.media_told(self.media.refresh(&peer)),
        }
    }

    fn send(&mut self, session: SessionId, outgoing: Outgoing) -> Vec<Command> {
        let full = |outbox: &Outbox| outbox.push(outgoing).is_err();
        if self.outboxes.get(&session).is_some_and(full) {
            return self.cut_off(session).into_iter().collect();
        }
        Vec::new()
    }

    fn broadcast(&mut self, to: Audience, message: ServerMessage) -> Vec<Command> {
        let frame = text(None, message);
        let slow: Vec<SessionId> = self
            .outboxes
            .iter()
            .filter(|(session, _)| to != Audience::AllBut(**session))
            .filter(|(_, outbox)| outbox.push(Outgoing::Frame(frame.clone())).is_err())
            .map(|(session, _)| *session)
            .collect();
        slow.into_iter()
            .filter_map(|session| self.cut_off(session))
            .collect()
    }

    /// Ends a session that does not read. Its seat waits.
    fn cut_off(&mut self, session: SessionId) -> Option<Command> {
        let outbox = self.outboxes.remove(&session)?;
        debug!(room = %self.room, session = session.0, "Session cut off: it does not read");
        outbox.cut_off(Ended {
            code: ErrorCode::SlowClient,
            message: "The client did not read its messages fast enough".to_owned(),
            retry_after_ms: Some(1_000),
        });
        Some(Command::Detach(session))
    }

    fn end(&mut self, session: SessionId, ended: Option<Ended>) -> Vec<Command> {
        if let Some(outbox) = self.outboxes.remove(&session) {
            outbox.end(ended);
        }
        Vec::new()
    }

    fn welcome(&mut self, to: WelcomeTo) -> Vec<Command> {
        let now = Now::read().unix;
        let ticket = self
            .shared
            .tickets
            .issue(&self.room, &to.peer, to.seat, now);
        let welcome = Welcome {
            version: PROTOCOL_VERSION,
            peer_id: to.peer,
            ticket,
            resumed: to.resumed,
            snapshot: to.snapshot,
            audio_slots: AUDIO_SLOTS,
            max_video_slots: MAX_VIDEO_SLOTS,
        };
        let message = ServerMessage::Welcome(Box::new(welcome));
        self.send(to.session, Outgoing::Frame(text(Some(to.re), message)))
    }

    fn store(&mut self, message: ChatMessage) -> Vec<Command> {
        let (database, room) = (self.shared.database.clone(), self.room.clone());
        self.work
            .spawn(async move { store(&database, &room, &message).await });
        Vec::new()
    }

    fn add_media(&mut self, peer: PeerId) -> Vec<Command> {
        let Err(error) = self.media.add(&peer) else {
            return Vec::new();
        };
        warn!(room = %self.room, %error, "The media plane refused a participant");
        vec![Command::MediaRefused(peer)]
    }

    fn offer(&mut self, peer: PeerId, seat: SeatId, offer: Offer) -> Vec<Command> {
        let media = Arc::clone(&self.media);
        let limit = self.shared.limits.room.offer;
        self.work.spawn(async move {
            let answer = match timeout(limit, media.offer(&peer, offer)).await {
                Ok(answer) => answer.map_err(|error| refusal(&error)),
                Err(_) => Err(media_unavailable()),
            };
            Command::OfferDone(OfferDone { peer, seat, answer })
        });
        Vec::new()
    }

    /// A view that a worker had no time for comes again with the next change.
    fn media_told(&self, told: Result<(), MediaError>) -> Vec<Command> {
        if let Err(error) = told {
            warn!(room = %self.room, %error, "The media plane did not take a command");
        }
        Vec::new()
    }
}

async fn store(database: &Database, room: &RoomId, message: &ChatMessage) -> Command {
    match database.add_chat(room, message).await {
        Ok(()) => Command::ChatStored,
        Err(error) => {
            error!(room = %room, %error, "Chat message could not be stored");
            Command::ChatFailed
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

fn refusal(error: &MediaError) -> WireError {
    match error {
        MediaError::BadOffer(_) => WireError::new(ErrorCode::BadOffer, error.to_string()),
        _ => media_unavailable(),
    }
}

fn media_unavailable() -> WireError {
    WireError::new(
        ErrorCode::MediaUnavailable,
        "The media plane is not available",
    )
}
