//! What a worker counts, and how it tells it.
//!
//! Each worker counts for itself, in plain numbers that no other thread sees;
//! who wants to know sends a command, and the worker adds up what its rooms
//! have counted. So nothing is shared on the way of a packet.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use sfu::RoomStats;

use super::Worker;
use crate::{WorkerStats, dtls::DtlsError};

/// What came in, and what became of it.
#[derive(Default)]
pub(super) struct Counts {
    pub(super) packets: u64,
    pub(super) bytes: u64,
    pub(super) rejected: u64,
    pub(super) handshakes: u64,
    pub(super) handshake_failures: u64,
    pub(super) checks_refused: u64,
    /// Connections that fell silent.
    pub(super) silent: u64,
    /// What rooms that are gone have forwarded.
    past: RoomStats,
}

impl Counts {
    /// Keeps what rooms have counted that are about to go.
    pub(super) fn keep<'a>(&mut self, rooms: impl Iterator<Item = &'a sfu::Room>) {
        for room in rooms {
            self.past += room.stats().of_the_past();
        }
    }

    /// Counts what a datagram made of a DTLS handshake.
    pub(super) fn note(&mut self, handshake: &Result<Handshake, DtlsError>) {
        match handshake {
            Ok(Handshake::GoesOn) => {}
            Ok(Handshake::Complete) => self.handshakes += 1,
            Err(error) => {
                tracing::debug!(%error, "A DTLS datagram was refused");
                self.handshake_failures += 1;
            }
        }
    }
}

/// What a datagram made of a DTLS handshake.
pub(super) enum Handshake {
    GoesOn,
    Complete,
}

impl Worker {
    /// The counters, and what is there now.
    pub(super) fn stats(&self) -> WorkerStats {
        let (sent, counts) = (self.outgoing.sent, &self.counts);
        let mut forwarded = counts.past;
        for (_, room) in &self.rooms {
            forwarded += room.sfu.stats();
        }
        WorkerStats {
            worker: self.number,
            port: self.outgoing.socket.address().port(),
            rooms: self.rooms.len(),
            peers: self.seats.len(),
            connected: self.seats.iter().filter(|(_, s)| s.connected).count(),
            addresses: self.routes.addresses(),
            packets_in: counts.packets,
            bytes_in: counts.bytes,
            packets_out: sent.packets,
            bytes_out: sent.bytes,
            sends: sent.messages,
            dropped: sent.dropped,
            rejected: counts.rejected,
            load: self.load.load(),
            cpu: own_time(),
            handshakes: counts.handshakes,
            handshake_failures: counts.handshake_failures,
            checks_refused: counts.checks_refused,
            connections_lost: counts.silent,
            forwarded,
        }
    }
}

/// How long the calling thread has run so far.
fn own_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}
