//! Counters of a room, for metrics, tests and benchmarks.

use crate::egress::SentCounters;

/// What a room has done since it was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RoomStats {
    /// Peers in the room now.
    pub peers: usize,
    /// Tracks that are published now.
    pub tracks: usize,
    /// RTP packets that came in.
    pub packets_in: u64,
    /// Bytes of them, headers included.
    pub bytes_in: u64,
    /// RTP packets that belong to no agreed stream.
    pub packets_unknown: u64,
    /// RTP packets that had come before, or came too late.
    pub packets_late: u64,
    /// RTP packets that went out, resent ones and probes included.
    pub packets_out: u64,
    /// Bytes of them, headers included.
    pub bytes_out: u64,
    /// Packets resent to subscribers.
    pub resends: u64,
    /// Packets that publishers were asked to resend.
    pub nacks: u64,
    /// Packets that publishers resent in time.
    pub repaired: u64,
    /// Packets that publishers were asked for in vain.
    pub given_up: u64,
    /// Probing packets to subscribers.
    pub probes: u64,
    /// Keyframe requests to publishers.
    pub keyframe_requests: u64,
    /// Changes of source or layer of video slots.
    pub switches: u64,
    /// RTCP packets that came in.
    pub rtcp_in: u64,
    /// RTCP packets that went out.
    pub rtcp_out: u64,
}

impl RoomStats {
    pub(crate) fn add_sent(&mut self, sent: SentCounters) {
        self.packets_out += sent.packets;
        self.bytes_out += sent.bytes;
        self.resends += sent.resends;
        self.probes += sent.probes;
    }
}
