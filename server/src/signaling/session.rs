//! One connection from its first frame to its last.

use axum::extract::ws::{Message, WebSocket};
use futures::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use protocol::{ClientFrame, Ended, ErrorCode, WireError};
use tokio::{sync::mpsc, time::timeout};
use tracing::debug;

use super::{
    Signaling,
    attend::attend,
    close::{Farewell, drain, say_goodbye, server_shutdown},
    enter::{Arrival, Entrance},
    frames,
    office::Office,
    reader::{ReadEnd, Reader},
    writer::Writer,
};
use crate::{
    limits::SessionLimits,
    room::{Door, outbox},
    shutdown::Stopping,
};

/// Replies that the session makes by itself and that wait for the socket. When
/// it is full, the session stops reading.
const LOCAL_QUEUE: usize = 64;

/// Serves one socket until it ends.
pub(super) async fn run(mut socket: WebSocket, host: Option<String>, signaling: Signaling) {
    let session = signaling.next_session();
    let arrival = Arrival {
        session,
        signaling: &signaling,
        host: host.as_deref(),
    };
    let limits = &signaling.limits.session;
    let close = limits.close;
    let mut stopping = signaling.shutdown.subscribe();
    let entered = tokio::select! {
        entered = enter(&mut socket, arrival) => entered,
        spread = stopping.told() => {
            Err(Farewell::Ended(server_shutdown(spread.retry_after_ms())))
        }
    };
    let (mut sink, mut stream) = socket.split();
    let farewell = match entered {
        Ok((entrance, door)) => {
            let office = Office::new(&signaling.admission, &entrance, host.as_deref());
            let talk = Talk {
                sink: &mut sink,
                stream: &mut stream,
                office,
                limits,
            };
            talk.run(entrance, door, &mut stopping).await
        }
        Err(farewell) => Some(farewell),
    };
    if let Some(farewell) = farewell {
        say_goodbye(&mut sink, &farewell, close).await;
        drain(&mut stream, close).await;
    }
    // frees the close frame's buffer even when the client never answered
    drop(timeout(close, sink.close()).await);
    debug!(session = session.0, "Session over");
}

/// Reads the first frame and finds the room. The socket is read all the while.
async fn enter(socket: &mut WebSocket, arrival: Arrival<'_>) -> Result<(Entrance, Door), Farewell> {
    let limits = &arrival.signaling.limits.session;
    let frame = timeout(limits.join, first_frame(socket, limits.message))
        .await
        .unwrap_or_else(|_| {
            let why = "No join and no resume came in time";
            let error = WireError::new(ErrorCode::NotJoined, why);
            Err(Farewell::Error(None, error))
        })?;
    tokio::select! {
        biased;
        entered = arrival.enter(frame) => entered,
        gone = attend(socket, limits) => Err(gone),
    }
}

async fn first_frame(socket: &mut WebSocket, limit: usize) -> Result<ClientFrame, Farewell> {
    let parsed = loop {
        match socket.recv().await {
            Some(Ok(Message::Text(text))) => break frames::parse(&text, limit),
            Some(Ok(Message::Binary(_))) => break Err(frames::not_text()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(Farewell::Nothing),
        }
    };
    parsed.map_err(|bad| Farewell::Error(bad.re, bad.error))
}

/// The session proper.
struct Talk<'a> {
    sink: &'a mut SplitSink<WebSocket, Message>,
    stream: &'a mut SplitStream<WebSocket>,
    office: Office<'a>,
    limits: &'a SessionLimits,
}

impl Talk<'_> {
    /// Gives the last words, or None when the socket is gone.
    async fn run(
        self,
        entrance: Entrance,
        door: Door,
        stopping: &mut Stopping,
    ) -> Option<Farewell> {
        let session = entrance.visitor.session();
        let (outbox, room) = outbox(self.limits.queue);
        let Ok(line) = door.enter(entrance.visitor, outbox).await else {
            return Some(Farewell::Ended(internal()));
        };
        let (replies, local) = mpsc::channel(LOCAL_QUEUE);
        let mut reader = Reader::new(session, &line, replies, self.office, self.limits);
        let mut writer = Writer::new(room, local, self.limits);
        let farewell = tokio::select! {
            end = reader.run(self.stream) => match end {
                ReadEnd::Gone => None,
                ReadEnd::Ended(ended) => Some(Farewell::Ended(ended)),
            },
            farewell = writer.run(self.sink) => farewell,
            spread = stopping.told() => {
                Some(Farewell::Ended(server_shutdown(spread.retry_after_ms())))
            }
        };
        // a room that is gone has no seat to keep
        line.detach(session).await.ok();
        farewell
    }
}

fn internal() -> Ended {
    Ended {
        code: ErrorCode::Internal,
        message: "The room failed".to_owned(),
        retry_after_ms: Some(1_000),
    }
}
