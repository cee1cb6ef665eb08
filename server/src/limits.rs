//! How long the server waits and how much it takes: one place for all bounds
//! of signaling and rooms.
//!
//! These are properties of the protocol rather than settings of an operator;
//! tests shorten them.

use std::time::Duration;

/// All bounds.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// Bounds of one connection.
    pub session: SessionLimits,
    /// Bounds of one room.
    pub room: RoomLimits,
    /// How long a room that a stopped server left waits for somebody to come
    /// back, before its chat is deleted.
    pub abandoned: Duration,
    /// Graceful shutdown.
    pub shutdown: ShutdownLimits,
}

/// Bounds of one connection.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionLimits {
    /// How long a connection may take to say `join` or `resume`.
    pub join: Duration,
    /// A connection from which nothing was heard for so long is dead. Clients
    /// ping every 4 s.
    pub idle: Duration,
    /// How often the server pings. A browser answers even while it holds
    /// back the timers of a page in the background.
    pub ping: Duration,
    /// A longer message is answered by `bad_message`, in bytes. An offer of 60
    /// m-lines has about 40 KB.
    pub message: usize,
    /// A longer message ends the connection, in bytes: it is not even read.
    pub message_fatal: usize,
    /// How many frames may wait for a client before it counts as slow. A burst
    /// of joins in a full room is several hundred.
    pub queue: usize,
    /// How many messages a client may send in one go.
    pub burst: u32,
    /// How many messages a second a client may send in the long run.
    pub per_second: u32,
    /// How many refused messages are answered before the connection ends.
    pub refused: u32,
    /// How long a client may take to read the last frames and close.
    pub close: Duration,
}

/// Bounds of one room.
#[derive(Debug, Clone, PartialEq)]
pub struct RoomLimits {
    /// How long a seat waits for its participant after the socket was lost.
    pub grace: Duration,
    /// How long a socket may be lost before the others are told.
    pub notice: Duration,
    /// How many events are kept for those who resume.
    pub events: usize,
    /// How many chat messages a room shows to late joiners; older ones go.
    pub chat_messages: usize,
    /// How many bytes of chat text a room shows to late joiners.
    pub chat_bytes: usize,
    /// How many chat messages may wait for the database; more are refused.
    pub chat_pending: usize,
    /// How many offers of one participant may wait; more are refused.
    pub offers_pending: usize,
    /// How long the media plane may take to answer an offer.
    pub offer: Duration,
    /// How many commands may wait for a room. When it is full, sessions stop
    /// reading their sockets until there is space.
    pub queue: usize,
}

/// Graceful shutdown.
#[derive(Debug, Clone, PartialEq)]
pub struct ShutdownLimits {
    /// The least that clients wait before they come back: a restart takes so
    /// long.
    pub retry_after: Duration,
    /// Clients come back at random moments of a span that grows by so much
    /// with each of them.
    pub spread_per_session: Duration,
    /// How long the sessions may take to end.
    pub sessions: Duration,
    /// How long running HTTP requests may take to end.
    pub requests: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            session: SessionLimits::default(),
            room: RoomLimits::default(),
            abandoned: Duration::from_secs(120),
            shutdown: ShutdownLimits::default(),
        }
    }
}

impl Default for SessionLimits {
    fn default() -> Self {
        Self {
            join: Duration::from_secs(10),
            idle: Duration::from_secs(15),
            ping: Duration::from_secs(5),
            message: 256 * 1024,
            message_fatal: 1024 * 1024,
            queue: 1_024,
            burst: 100,
            per_second: 25,
            refused: 200,
            close: Duration::from_secs(1),
        }
    }
}

impl Default for RoomLimits {
    fn default() -> Self {
        Self {
            grace: Duration::from_secs(30),
            notice: Duration::from_secs(2),
            events: 1_000,
            chat_messages: 2_000,
            chat_bytes: 1024 * 1024,
            chat_pending: 256,
            offers_pending: 4,
            offer: Duration::from_secs(5),
            queue: 1_024,
        }
    }
}

impl Default for ShutdownLimits {
    fn default() -> Self {
        Self {
            retry_after: Duration::from_millis(500),
            spread_per_session: Duration::from_millis(5),
            sessions: Duration::from_secs(3),
            requests: Duration::from_secs(2),
        }
    }
}
