//! Counters of a room, for metrics, tests and benchmarks.

use std::ops::AddAssign;

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
    /// RTP packets of sources that are off.
    pub packets_off: u64,
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
    /// Packets that subscribers asked for again.
    pub nacks_in: u64,
    /// Packets of publishers that did not come, retransmissions left out.
    pub lost_in: u64,
    /// Packets to subscribers that did not come, as these report it.
    pub lost_out: u64,
    /// Probing packets to subscribers.
    pub probes: u64,
    /// Keyframe requests to publishers.
    pub keyframe_requests: u64,
    /// Keyframe requests of subscribers (PLI and FIR).
    pub keyframe_requests_in: u64,
    /// Changes of source or layer of video slots.
    pub switches: u64,
    /// RTCP packets that came in.
    pub rtcp_in: u64,
    /// RTCP packets that went out.
    pub rtcp_out: u64,
}

impl RoomStats {
    /// Without what is there now: what remains of a room that is gone.
    #[must_use]
    pub fn of_the_past(self) -> Self {
        Self {
            peers: 0,
            tracks: 0,
            ..self
        }
    }

    pub(crate) fn add_sent(&mut self, sent: SentCounters) {
        self.packets_out += sent.packets;
        self.bytes_out += sent.bytes;
        self.resends += sent.resends;
        self.probes += sent.probes;
    }
}

impl AddAssign for RoomStats {
    fn add_assign(&mut self, other: Self) {
        // every field is named, so that none is forgotten
        let Self {
            peers,
            tracks,
            packets_in,
            bytes_in,
            packets_unknown,
            packets_off,
            packets_late,
            packets_out,
            bytes_out,
            resends,
            nacks,
            repaired,
            given_up,
            nacks_in,
            lost_in,
            lost_out,
            probes,
            keyframe_requests,
            keyframe_requests_in,
            switches,
            rtcp_in,
            rtcp_out,
        } = other;
        self.peers += peers;
        self.tracks += tracks;
        self.packets_in += packets_in;
        self.bytes_in += bytes_in;
        self.packets_unknown += packets_unknown;
        self.packets_off += packets_off;
        self.packets_late += packets_late;
        self.packets_out += packets_out;
        self.bytes_out += bytes_out;
        self.resends += resends;
        self.nacks += nacks;
        self.repaired += repaired;
        self.given_up += given_up;
        self.nacks_in += nacks_in;
        self.lost_in += lost_in;
        self.lost_out += lost_out;
        self.probes += probes;
        self.keyframe_requests += keyframe_requests;
        self.keyframe_requests_in += keyframe_requests_in;
        self.switches += switches;
        self.rtcp_in += rtcp_in;
        self.rtcp_out += rtcp_out;
    }
}
