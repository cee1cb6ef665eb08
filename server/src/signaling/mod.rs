//! The WebSocket of a participant.
//!
//! Owns the socket, JSON and the bounds of one connection. Who is in which
//! room and what happens there belongs to `room`.

mod attend;
mod close;
mod enter;
mod frames;
mod office;
mod rate;
mod reader;
mod session;
mod writer;

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    extract::{State, WebSocketUpgrade},
    http::{HeaderMap, header},
    response::Response,
};

use crate::{
    admission::Admission,
    limits::Limits,
    recording::Recordings,
    room::{Registry, SessionId},
    shutdown::ShutdownSignal,
};

/// Bytes read or written at once. The default of 128 KiB each would be most of
/// the memory of a viewer; larger messages only take more turns.
const BUFFER: usize = 8 * 1024;

/// What every session uses.
#[derive(Clone)]
pub struct Signaling {
    /// The rooms.
    pub registry: Registry,
    /// Who may come to a room's door.
    pub admission: Arc<Admission>,
    /// Which pages are recorders'.
    pub recordings: Recordings,
    /// Bounds of a connection.
    pub limits: Arc<Limits>,
    /// Says when the server stops.
    pub shutdown: ShutdownSignal,
    /// Numbers the sessions.
    pub sessions: Arc<AtomicU64>,
}

impl Signaling {
    fn next_session(&self) -> SessionId {
        SessionId(self.sessions.fetch_add(1, Ordering::Relaxed))
    }
}

/// `GET /ws`: becomes a session.
pub async fn upgrade(
    State(signaling): State<Signaling>,
    headers: HeaderMap,
    socket: WebSocketUpgrade,
) -> Response {
    let limit = signaling.limits.session.message_fatal;
    let host = headers.get(header::HOST);
    let host = host.and_then(|value| value.to_str().ok().map(str::to_owned));
    socket
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_message_size(limit)
        .max_frame_size(limit)
        .on_upgrade(move |socket| session::run(socket, host, signaling))
}
