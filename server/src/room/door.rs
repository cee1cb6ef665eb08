//! The way into a room, and the way of a session to its room.
//!
//! Owns the handles; the room's task is behind them.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::{
    Command, Join, Order, OrderRefused, Outbox, Reply, Request, Resume, RoomReport, SessionId,
};

/// What reaches a room's task.
pub(super) enum Input {
    /// A session that wants a seat.
    Enter(Box<Entry>),
    /// Anything later.
    Command(Command),
    /// What an integrator's server wants.
    Order(Box<Ordered>),
    /// Somebody who wants to know how it is.
    Inspect(oneshot::Sender<RoomReport>),
}

/// The way into one room, for one session.
#[derive(Debug)]
pub struct Door {
    inputs: mpsc::Sender<Input>,
    pass: Pass,
}

/// The way of a session to the room that it is in.
#[derive(Debug, Clone)]
pub struct Line(mpsc::Sender<Input>);

/// The room is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the room is gone")]
pub struct RoomGone;

impl Door {
    pub(super) fn new(inputs: &mpsc::Sender<Input>, pass: &Pass) -> Self {
        Self {
            inputs: inputs.clone(),
            pass: pass.clone(),
        }
    }

    /// Goes in with a queue to the socket. What comes of it is written there.
    ///
    /// # Errors
    /// When the room failed.
    pub async fn enter(self, visitor: Visitor, outbox: Outbox) -> Result<Line, RoomGone> {
        let line = Line(self.inputs);
        let entry = Entry {
            visitor,
            outbox,
            pass: self.pass,
        };
        line.send(Input::Enter(Box::new(entry))).await?;
        Ok(line)
    }

    /// How the room is right now. Nothing when it failed.
    pub async fn inspect(self) -> Option<RoomReport> {
        let (reply, answer) = oneshot::channel();
        let asked = self.inputs.send(Input::Inspect(reply)).await;
        asked.ok()?;
        answer.await.ok()
    }

    /// Tells the room something that nobody in it said. While its queue is
    /// full, this waits.
    ///
    /// # Errors
    /// When the room failed.
    pub(crate) async fn tell(&self, command: Command) -> Result<(), RoomGone> {
        let input = Input::Command(command);
        self.inputs.send(input).await.map_err(|_| RoomGone)
    }

    /// Gives the room an order and waits for its answer. A room in which nobody
    /// is takes none.
    ///
    /// # Errors
    /// When the room refuses, or is gone.
    pub async fn order(self, order: Order) -> Result<Reply, OrderRefused> {
        let (reply, answer) = oneshot::channel();
        let ordered = Input::Order(Box::new(Ordered { order, reply }));
        let sent = self.inputs.send(ordered).await;
        sent.map_err(|_| OrderRefused::Gone)?;
        answer.await.unwrap_or(Err(OrderRefused::Gone))
    }
}

impl Line {
    /// Asks the room for something. While its queue is full, this waits.
    ///
    /// # Errors
    /// When the room failed.
    pub async fn ask(&self, session: SessionId, re: u32, request: Request) -> Result<(), RoomGone> {
        let command = Command::Request {
            session,
            re,
            request,
        };
        self.send(Input::Command(command)).await
    }

    /// Says that the socket is gone.
    ///
    /// # Errors
    /// When the room is gone as well.
    pub async fn detach(&self, session: SessionId) -> Result<(), RoomGone> {
        let command = Command::Detach(session);
        self.send(Input::Command(command)).await
    }

    async fn send(&self, input: Input) -> Result<(), RoomGone> {
        self.0.send(input).await.map_err(|_| RoomGone)
    }
}

/// Keeps a room from being let go while somebody is on the way in.
#[derive(Debug, Clone, Default)]
pub(super) struct Pass(Arc<()>);

impl Pass {
    /// Whether anybody but the registry holds one.
    pub(super) fn is_out(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }
}

/// Who wants a seat.
#[derive(Debug, Clone, PartialEq)]
pub enum Visitor {
    /// Somebody who comes in.
    Join(Box<Join>),
    /// Somebody who comes back.
    Resume(Resume),
}

impl Visitor {
    /// The connection.
    #[must_use]
    pub fn session(&self) -> SessionId {
        match self {
            Self::Join(join) => join.session,
            Self::Resume(resume) => resume.session,
        }
    }

    /// The id of the frame to be answered.
    #[must_use]
    pub fn re(&self) -> u32 {
        match self {
            Self::Join(join) => join.re,
            Self::Resume(resume) => resume.re,
        }
    }

    pub(super) fn command(self) -> Command {
        match self {
            Self::Join(join) => Command::Join(join),
            Self::Resume(resume) => Command::Resume(resume),
        }
    }
}

/// An order on its way to the room's task.
pub(super) struct Ordered {
    pub(super) order: Order,
    pub(super) reply: oneshot::Sender<Result<Reply, OrderRefused>>,
}

/// A session that wants a seat, on its way to the room's task.
pub(super) struct Entry {
    pub(super) visitor: Visitor,
    pub(super) outbox: Outbox,
    /// Goes when the visitor has the seat: the room is not empty then.
    pub(super) pass: Pass,
}
