//! A media worker: one thread, one UDP socket, whole rooms.
//!
//! Owns everything of its rooms, so that nothing is locked or shared. The loop
//! waits for datagrams, commands and deadlines; it handles what came, lets the
//! forwarding core flush once per batch, and sends. [`packets`] and
//! [`control`] hold what happens to datagrams and commands.

mod clock;
mod control;
mod counts;
mod exit;
mod outbox;
mod outgoing;
mod packets;
mod room;
mod routes;
mod seat;
mod socket;
mod start;

use std::{
    collections::HashMap,
    io,
    net::SocketAddr,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    time::{Duration, Instant},
};

use mio::{Events, Poll, Token};
use slab::Slab;

pub(crate) use start::start_all;

use self::{
    clock::{Deadlines, LoadMeter},
    counts::Counts,
    exit::Exit,
    outgoing::Outgoing,
    room::Room,
    routes::Routes,
    seat::Seat,
    socket::Batch,
};
use crate::{
    command::{CommandInbox, RoomKey},
    dtls::Identity,
};

const SOCKET: Token = Token(0);
const WAKER: Token = Token(1);

/// The most batches that are received before commands and deadlines get their
/// turn.
const BATCHES: usize = 16;

/// The most batches that are received before they are sent on. More makes
/// longer runs of packets to one address, and so fewer system calls, but more
/// must fit the packet caches until then.
const BATCHES_PER_FLUSH: usize = 4;

/// How often consent and the like are looked at.
const SWEEP: Duration = Duration::from_secs(1);

/// How soon events that found the room's queue full are tried again.
const EVENT_RETRY: Duration = Duration::from_millis(20);

/// A worker's state; moved into its thread.
pub(crate) struct Worker {
    number: usize,
    poll: Poll,
    inbox: CommandInbox,
    outgoing: Outgoing,
    identity: Identity,
    /// What answers announce.
    candidates: Vec<SocketAddr>,
    /// Where this machine itself finds it.
    own: SocketAddr,
    seats: Slab<Seat>,
    rooms: Slab<Room>,
    room_keys: HashMap<RoomKey, usize>,
    routes: Routes,
    /// When messages of DTLS handshakes are repeated, by seat.
    handshakes: Deadlines,
    /// Rooms in which something happened since the last flush.
    touched: Vec<usize>,
    deadlines: Deadlines,
    next_sweep: Instant,
    /// Rooms whose events found the queue full.
    undelivered: Vec<usize>,
    load: LoadMeter,
    counts: Counts,
    stopping: bool,
}

/// What the loop keeps from one turn to the next.
struct Turn {
    events: Events,
    batch: Batch,
    /// More datagrams may be waiting.
    readable: bool,
}

impl Turn {
    fn new() -> Self {
        Self {
            events: Events::with_capacity(16),
            batch: Batch::new(),
            readable: true,
        }
    }
}

impl Worker {
    /// Runs until it is told to stop. A fault of the program in one room must
    /// not silence the others for good: the worker starts over, the rooms see
    /// their events end, and their participants come back by themselves.
    fn run(mut self) {
        let mut turn = Turn::new();
        while !self.stopping {
            // nothing half-changed is used again: `start_over` drops it
            match catch_unwind(AssertUnwindSafe(|| self.turn(&mut turn))) {
                Ok(ControlFlow::Continue(())) => {}
                Ok(ControlFlow::Break(())) => return,
                Err(_) => self.start_over(Instant::now()),
            }
        }
        tracing::info!(worker = self.number, "A media worker has stopped");
    }

    /// Waits once and does what is due.
    fn turn(&mut self, turn: &mut Turn) -> ControlFlow<()> {
        let timeout = if turn.readable {
            Duration::ZERO
        } else {
            self.time_left(Instant::now())
        };
        self.load.wait(Instant::now());
        if let Err(error) = self.poll.poll(&mut turn.events, Some(timeout))
            && error.kind() != io::ErrorKind::Interrupted
        {
            tracing::error!(worker = self.number, %error, "A media worker cannot wait");
            return ControlFlow::Break(());
        }
        self.load.wake(Instant::now());
        turn.readable |= turn.events.iter().any(|event| event.token() == SOCKET);
        if turn.readable {
            turn.readable = self.receive(&mut turn.batch);
        }
        self.take_commands();
        self.handle_deadlines(Instant::now());
        ControlFlow::Continue(())
    }

    /// Drops all rooms and what belongs to them; keeps the socket and the
    /// commands that wait.
    fn start_over(&mut self, now: Instant) {
        tracing::error!(
            worker = self.number,
            rooms = self.rooms.len(),
            "A media worker panicked and starts over without its rooms"
        );
        self.counts
            .keep(self.rooms.iter().map(|(_, room)| &room.sfu));
        self.seats.clear();
        self.rooms.clear();
        self.room_keys.clear();
        self.routes = Routes::default();
        self.handshakes = Deadlines::default();
        self.touched.clear();
        self.deadlines = Deadlines::default();
        self.next_sweep = now + SWEEP;
        self.undelivered.clear();
        self.outgoing.discard();
        self.inbox.wake_again();
    }

    /// Receives and forwards. Returns whether more may be waiting.
    fn receive(&mut self, batch: &mut Batch) -> bool {
        for received in 1..=BATCHES {
            if let Err(error) = self.outgoing.socket.receive(batch) {
                if error.kind() != io::ErrorKind::WouldBlock {
                    tracing::debug!(worker = self.number, %error, "Cannot receive");
                }
                self.flush(Instant::now());
                return false;
            }
            self.handle_batch(batch, Instant::now());
            if received % BATCHES_PER_FLUSH == 0 {
                self.flush(Instant::now());
            }
        }
        true
    }

    /// Lets the rooms that were touched send, and tells what happened there.
    fn flush(&mut self, now: Instant) {
        let mut touched = std::mem::take(&mut self.touched);
        for place in touched.drain(..) {
            let Some(room) = self.rooms.get_mut(place) else {
                continue;
            };
            room.touched = false;
            let mut exit = Exit {
                seats: &mut self.seats,
                outgoing: &mut self.outgoing,
            };
            room.sfu.flush(now, &mut exit);
            self.settle(place);
        }
        // the list's memory serves again, and nothing is allocated per batch
        touched.append(&mut self.touched);
        self.touched = touched;
        self.outgoing.flush();
    }

    /// After the forwarding core ran: events and the next deadline.
    fn settle(&mut self, place: usize) {
        let Some(room) = self.rooms.get_mut(place) else {
            return;
        };
        room.take_events(&mut self.seats);
        if room.outbox.deliver() && !self.undelivered.contains(&place) {
            self.undelivered.push(place);
        }
        let Some(at) = room.sfu.poll_timeout() else {
            return;
        };
        if room.scheduled.is_none_or(|scheduled| at < scheduled) {
            room.scheduled = Some(at);
            self.deadlines.push(at, place);
        }
    }

    /// Marks a room for the next flush.
    fn touch(&mut self, place: usize) {
        if let Some(room) = self.rooms.get_mut(place)
            && !room.touched
        {
            room.touched = true;
            self.touched.push(place);
        }
    }

    /// How long the worker may sleep.
    fn time_left(&self, now: Instant) -> Duration {
        let retry = (!self.undelivered.is_empty()).then(|| now + EVENT_RETRY);
        let next = [self.handshakes.next(), self.deadlines.next(), retry];
        let next = next
            .into_iter()
            .flatten()
            .fold(self.next_sweep, Instant::min);
        next.saturating_duration_since(now)
    }

    fn handle_deadlines(&mut self, now: Instant) {
        while let Some((at, place)) = self.deadlines.pop(now) {
            self.room_deadline(at, place, now);
        }
        while let Some((at, seat)) = self.handshakes.pop(now) {
            self.handshake_deadline(at, seat, now);
        }
        if now >= self.next_sweep {
            self.next_sweep = now + SWEEP;
            self.sweep(now);
        }
        let rooms = &mut self.rooms;
        self.undelivered.retain(|place| {
            rooms
                .get_mut(*place)
                .is_some_and(|room| room.outbox.deliver())
        });
        self.flush(now);
    }

    fn room_deadline(&mut self, at: Instant, place: usize, now: Instant) {
        let Some(room) = self.rooms.get_mut(place) else {
            return;
        };
        if room.scheduled != Some(at) {
            return;
        }
        room.scheduled = None;
        let mut exit = Exit {
            seats: &mut self.seats,
            outgoing: &mut self.outgoing,
        };
        if room.sfu.poll_timeout().is_some_and(|due| due <= now) {
            room.sfu.handle_timeout(now, &mut exit);
        }
        self.settle(place);
    }

    fn handshake_deadline(&mut self, at: Instant, place: usize, now: Instant) {
        let Some(seat) = self.seats.get_mut(place) else {
            return;
        };
        if seat.handshake_due != Some(at) {
            return;
        }
        seat.handshake_due = None;
        let Some(connection) = seat.connection.as_deref_mut() else {
            return;
        };
        connection.dtls.handle_timeout(now);
        if let Some(path) = connection.ice.selected() {
            while let Some(datagram) = connection.dtls.poll_transmit() {
                self.outgoing.push(path, &datagram);
            }
        }
        self.plan_handshake(place);
    }

    /// Wakes the worker when a seat's handshake has something to repeat.
    fn plan_handshake(&mut self, place: usize) {
        let Some(seat) = self.seats.get_mut(place) else {
            return;
        };
        let connection = seat.connection.as_deref();
        let Some(at) = connection.and_then(|connection| connection.dtls.poll_timeout()) else {
            return;
        };
        if seat.handshake_due.is_none_or(|due| at < due) {
            seat.handshake_due = Some(at);
            self.handshakes.push(at, place);
        }
    }

    /// Notices clients who fell silent.
    fn sweep(&mut self, now: Instant) {
        let silent: Vec<usize> = self
            .seats
            .iter()
            .filter(|(_, seat)| seat.connected)
            .filter(|(_, seat)| seat.connection.as_ref().is_none_or(|c| !c.is_up(now)))
            .map(|(place, _)| place)
            .collect();
        self.counts.silent += silent.len() as u64;
        for place in silent {
            self.update_connected(place, now);
        }
    }

    /// Tells the forwarding core and the room when media can flow or cannot.
    fn update_connected(&mut self, place: usize, now: Instant) {
        let Some(seat) = self.seats.get_mut(place) else {
            return;
        };
        let up = seat.connection.as_ref().is_some_and(|c| c.is_up(now));
        if seat.connected == up {
            return;
        }
        seat.connected = up;
        let home = seat.room;
        if let Some(room) = self.rooms.get_mut(home) {
            room.sfu.set_connected(room::key(place), up, now);
            room.outbox.connection(&seat.peer, up);
        }
        self.touch(home);
    }
}
