//! How long the server waits and how much it takes: one place for all bounds
//! of signaling and rooms.
//!
//! These are properties of the protocol rather than settings of an operator;
//! tests shorten them.

use std::time::Duration;

pub use crate::accounts::LoginLimits;

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
    /// Requests to integrators.
    pub outgoing: OutgoingLimits,
    /// Rooms with a PIN.
    pub private_rooms: PrivateRoomLimits,
    /// What rooms say.
    pub journal: JournalLimits,
    /// Messages to integrators.
    pub webhooks: WebhookLimits,
    /// People who log in.
    pub logins: LoginLimits,
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
    /// How many people may have a seat, viewers included; more get
    /// `room_full`. Far above what a room is made for: it bounds memory.
    pub people: usize,
    /// How many may wait to be let in; more get `room_full`.
    pub lobby: usize,
    /// How many of those who wait are let in in one go. Everybody is told of
    /// each of them, and the queues to the sockets have to hold that.
    pub admitted_at_once: usize,
    /// How long after those the next ones of "admit all" are let in.
    pub admit_every: Duration,
    /// How many people who are gone a room remembers: who was removed, what
    /// was forbidden, which role was given. The oldest are forgotten.
    pub remembered: usize,
    /// How often at most everybody is told how many viewers there are.
    pub audience: Duration,
    /// How often at most moderators are told of viewers and of who waits.
    pub desk: Duration,
    /// How long a language can be chosen after its last interpreter was lost.
    pub language: Duration,
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

/// Requests to integrators.
#[derive(Debug, Clone, PartialEq)]
pub struct OutgoingLimits {
    /// How long a request may take in all, waiting for its turn included. Whoever
    /// joins waits for the answer, and their client gives up after
    /// [`protocol::HELLO_TIMEOUT_MS`]: more would leave no time to open the
    /// socket, less would turn people away whom a busy integrator lets in.
    pub time: Duration,
    /// The longest body of an answer, in bytes.
    pub body: usize,
    /// How many requests may be under way at once; more wait.
    pub at_once: usize,
    /// How many of them to one target; more wait.
    pub at_once_each: usize,
}

/// Rooms with a PIN.
#[derive(Debug, Clone, PartialEq)]
pub struct PrivateRoomLimits {
    /// How many wrong PINs of one room are answered within `per`; more are
    /// refused unread.
    pub tries: usize,
    /// The span of time for `tries`.
    pub per: Duration,
    /// How many rooms' wrong PINs are remembered. When there are more, the
    /// longest untouched is forgotten.
    pub rooms: usize,
    /// How many PINs may be hashed at once; more wait.
    pub hashes: usize,
    /// How many people may wait until the tries of others are over, in all
    /// rooms. Each costs an open socket; more are told to come again.
    pub waiting: usize,
    /// How many private rooms may be made in one go.
    pub burst: u32,
    /// How many private rooms a minute may be made in the long run.
    pub per_minute: u32,
}

/// What rooms say, on its way to the database.
#[derive(Debug, Clone, PartialEq)]
pub struct JournalLimits {
    /// How much of what rooms say may wait to be written. When there is more,
    /// rooms keep it.
    pub queue: usize,
    /// How much is written in one transaction.
    pub batch: usize,
    /// How often it is written until when people are there: a crash takes that
    /// much of their visits at most.
    pub heartbeat: Duration,
    /// How much a room keeps for a recorder that is behind, some hundred bytes
    /// each. Of more it tells only who is there in the end.
    pub late: usize,
}

/// Messages to integrators.
#[derive(Debug, Clone, PartialEq)]
pub struct WebhookLimits {
    /// How many rooms' messages may be under way at once; the others wait.
    pub at_once: usize,
    /// How many of them to one receiver.
    pub at_once_each: usize,
    /// How long a receiver may take to answer.
    pub time: Duration,
    /// The longest pause after the first failure; it doubles with each one.
    pub first_retry: Duration,
    /// The longest pause, also when a receiver wishes a longer one.
    pub longest_retry: Duration,
    /// How long after it was written a message is given up, once it was sent
    /// often enough.
    pub give_up: Duration,
    /// How often a message is sent before it is given up by its age. The age
    /// alone may lie: the clock was set forward, or the server was off. The
    /// pauses between so many take some hours, so a receiver that is away for
    /// a moment is not given up by either. With more than 24, one that wishes
    /// an hour's pause each time would be tried for longer than `give_up`.
    pub least_tries: u32,
    /// How long a message that was given up is kept.
    pub keep_dead: Duration,
    /// How long a server that stops goes on delivering.
    pub stop: Duration,
}

impl WebhookLimits {
    /// The bounds of the requests themselves. They have turns of their own, so
    /// that slow receivers hold up no question of admission.
    #[must_use]
    pub fn outgoing(&self) -> OutgoingLimits {
        OutgoingLimits {
            time: self.time,
            at_once: self.at_once,
            // whose turn it is was decided before
            at_once_each: self.at_once,
            ..OutgoingLimits::default()
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            session: SessionLimits::default(),
            room: RoomLimits::default(),
            abandoned: Duration::from_secs(120),
            shutdown: ShutdownLimits::default(),
            outgoing: OutgoingLimits::default(),
            private_rooms: PrivateRoomLimits::default(),
            journal: JournalLimits::default(),
            webhooks: WebhookLimits::default(),
            logins: LoginLimits::default(),
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
            people: 10_000,
            lobby: 1_000,
            admitted_at_once: 100,
            admit_every: Duration::from_millis(200),
            remembered: 4_096,
            audience: Duration::from_secs(1),
            desk: Duration::from_millis(250),
            language: Duration::from_secs(30),
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

impl Default for OutgoingLimits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(6),
            body: 64 * 1024,
            at_once: 256,
            at_once_each: 64,
        }
    }
}

impl Default for PrivateRoomLimits {
    fn default() -> Self {
        Self {
            tries: 5,
            per: Duration::from_secs(60),
            rooms: 10_000,
            hashes: 2,
            waiting: 1_000,
            burst: 60,
            per_minute: 30,
        }
    }
}

impl Default for JournalLimits {
    fn default() -> Self {
        Self {
            queue: 16_384,
            batch: 512,
            heartbeat: Duration::from_secs(30),
            late: 1_024,
        }
    }
}

impl Default for WebhookLimits {
    fn default() -> Self {
        Self {
            at_once: 128,
            at_once_each: 16,
            time: Duration::from_secs(10),
            first_retry: Duration::from_secs(1),
            longest_retry: Duration::from_secs(60 * 60),
            give_up: Duration::from_secs(24 * 60 * 60),
            least_tries: 20,
            keep_dead: Duration::from_secs(7 * 24 * 60 * 60),
            stop: Duration::from_secs(2),
        }
    }
}
