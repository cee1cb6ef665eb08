//! The WebSocket of a participant.
//!
//! Owns the socket, JSON and the bounds of one connection. Who is in which
//! room and what happens there belongs to `room`.

mod close;
mod enter;
mod frames;
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
    response::Response,
};

use crate::{
    limits::Limits,
    room::{Registry, SessionId},
    shutdown::ShutdownSignal,
    ticket::TicketKeys,
};

/// Bytes read or written at once. The default of 128 KiB each would be most of
/// the memory of a viewer; larger messages only take more turns.
const BUFFER: usize = 8 * 1024;

/// What every session uses.
#[derive(Clone)]
pub struct Signaling {
    /// The rooms.
    pub registry: Registry,
    /// Makes and checks tickets.
    pub tickets: Arc<TicketKeys>,
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
pub async fn upgrade(State(signaling): State<Signaling>, socket: WebSocketUpgrade) -> Response {
    let limit = signaling.limits.session.message_fatal;
    socket
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_message_size(limit)
        .max_frame_size(limit)
        .on_upgrade(move |socket| session::run(socket, signaling))
}
