//! The writing half of a session: from the room to the socket.

use std::time::Duration;

use axum::{
    body::Bytes,
    extract::ws::{Message, Utf8Bytes, WebSocket},
};
use futures::{SinkExt, stream::SplitSink};
use protocol::Ended;
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, Interval, MissedTickBehavior, interval_at},
};

use super::close::Farewell;
use crate::{
    limits::SessionLimits,
    room::{Outgoing, SessionEnd},
};

type Sink = SplitSink<WebSocket, Message>;

/// The writing half of a session.
pub(super) struct Writer {
    queue: mpsc::Receiver<Outgoing>,
    cut: Cut,
    /// Replies that the session makes by itself.
    local: mpsc::Receiver<Utf8Bytes>,
    ping: Interval,
}

/// What to do next.
enum Step {
    Write(Vec<Message>),
    Goodbye(Farewell),
}

impl Writer {
    pub(super) fn new(
        room: SessionEnd,
        local: mpsc::Receiver<Utf8Bytes>,
        limits: &SessionLimits,
    ) -> Self {
        Self {
            queue: room.queue,
            cut: Cut(Some(room.cut)),
            local,
            ping: pings(limits.ping),
        }
    }

    /// Writes until the session is over. None means that the socket is gone.
    pub(super) async fn run(&mut self, sink: &mut Sink) -> Option<Farewell> {
        loop {
            let messages = match self.next().await {
                Step::Goodbye(farewell) => return Some(farewell),
                Step::Write(messages) => messages,
            };
            tokio::select! {
                biased;
                ended = self.cut.wait() => return Some(Farewell::Ended(ended)),
                written = write(sink, messages) => written.ok()?,
            }
        }
    }

    async fn next(&mut self) -> Step {
        tokio::select! {
            biased;
            ended = self.cut.wait() => Step::Goodbye(Farewell::Ended(ended)),
            outgoing = self.queue.recv() => step(outgoing),
            Some(frame) = self.local.recv() => Step::Write(vec![Message::Text(frame)]),
            _ = self.ping.tick() => Step::Write(vec![Message::Ping(Bytes::new())]),
        }
    }
}

/// The room's word that a session is cut off.
struct Cut(Option<oneshot::Receiver<Ended>>);

impl Cut {
    /// Waits for the word; for ever when it cannot come any more.
    async fn wait(&mut self) -> Ended {
        if let Some(cut) = &mut self.0 {
            let word = cut.await;
            self.0 = None;
            if let Ok(ended) = word {
                return ended;
            }
        }
        std::future::pending().await
    }
}

fn step(outgoing: Option<Outgoing>) -> Step {
    match outgoing {
        Some(Outgoing::Frame(frame)) => Step::Write(vec![Message::Text(frame)]),
        Some(Outgoing::Frames(frames)) => {
            Step::Write(frames.into_iter().map(Message::Text).collect())
        }
        Some(Outgoing::Last(ended)) => Step::Goodbye(Farewell::Ended(ended)),
        None => Step::Goodbye(Farewell::Nothing),
    }
}

async fn write(sink: &mut Sink, messages: Vec<Message>) -> Result<(), axum::Error> {
    for message in messages {
        sink.feed(message).await?;
    }
    sink.flush().await
}

fn pings(every: Duration) -> Interval {
    let mut pings = interval_at(Instant::now() + every, every);
    // after a pause one ping is enough
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    pings
}
