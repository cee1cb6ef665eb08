//! What a worker counts.

use std::time::Duration;

use sfu::RoomStats;

/// Counters of one worker since its start, and its present load.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct WorkerStats {
    /// The worker's number, from 0.
    pub worker: usize,
    /// The UDP port that it listens on.
    pub port: u16,
    /// Rooms that are open.
    pub rooms: usize,
    /// Participants that were added and not removed.
    pub peers: usize,
    /// Participants whose media connection is up.
    pub connected: usize,
    /// Addresses that are routed to a participant.
    pub addresses: usize,
    /// UDP datagrams received.
    pub packets_in: u64,
    /// Bytes of these datagrams, without IP and UDP headers.
    pub bytes_in: u64,
    /// UDP datagrams sent.
    pub packets_out: u64,
    /// Bytes of these datagrams, without IP and UDP headers.
    pub bytes_out: u64,
    /// System calls that sent them: fewer than datagrams where the kernel
    /// splits one message into several (GSO).
    pub sends: u64,
    /// Datagrams dropped because the socket's send buffer was full.
    pub dropped: u64,
    /// Datagrams that no participant could be found for, that were not
    /// authentic, or that were replayed.
    pub rejected: u64,
    /// Share of the time that the worker was busy, 0 to 1, over the last
    /// second or so.
    pub load: f64,
    /// Processor time of the worker's thread, in user and kernel.
    pub cpu: Duration,
    /// DTLS handshakes that gave keys.
    pub handshakes: u64,
    /// DTLS datagrams that were refused, most of them of handshakes that fail.
    pub handshake_failures: u64,
    /// ICE connectivity checks that were refused: unknown, not authentic.
    pub checks_refused: u64,
    /// Media connections that were up and fell silent.
    pub connections_lost: u64,
    /// What the rooms have forwarded, those that are gone included.
    pub forwarded: RoomStats,
}
