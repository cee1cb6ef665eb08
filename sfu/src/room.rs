//! A room: the door to this crate.

use std::time::Instant;

use crate::{Egress, Event, Negotiated, PeerKey, RoomConfig, RoomStats, View, rtp};

/// Why an RTCP packet was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RtcpError {
    /// Not even the first header can be read.
    #[error("not an RTCP packet")]
    Malformed,
    /// The sender is not in the room.
    #[error("the peer is not in the room")]
    UnknownPeer,
}

/// Forwarding state of one meeting room.
#[derive(Debug)]
pub struct Room {
    stats: RoomStats,
}

#[expect(unused_variables, missing_docs, reason = "being written")]
impl Room {
    #[must_use]
    pub fn new(config: RoomConfig) -> Self {
        Self {
            stats: RoomStats::default(),
        }
    }
    pub fn join(&mut self, peer: PeerKey, now: Instant) {}
    pub fn leave(&mut self, peer: PeerKey, now: Instant) {}
    pub fn negotiate(&mut self, peer: PeerKey, negotiated: Negotiated, now: Instant) {}
    pub fn reset_transport(&mut self, peer: PeerKey, now: Instant) {}
    pub fn set_connected(&mut self, peer: PeerKey, connected: bool, now: Instant) {}
    pub fn set_view(&mut self, peer: PeerKey, view: View, now: Instant) {}
    pub fn receive_rtp(
        &mut self,
        peer: PeerKey,
        header: &rtp::Header,
        packet: &[u8],
        index: u64,
        now: Instant,
    ) {
    }
    pub fn receive_rtcp(
        &mut self,
        peer: PeerKey,
        packet: &[u8],
        now: Instant,
    ) -> Result<(), RtcpError> {
        Ok(())
    }
    pub fn flush(&mut self, now: Instant, egress: &mut impl Egress) {}
    pub fn handle_timeout(&mut self, now: Instant, egress: &mut impl Egress) {}
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        None
    }
    pub fn poll_event(&mut self) -> Option<Event> {
        None
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        true
    }
    #[must_use]
    pub fn stats(&self) -> RoomStats {
        self.stats
    }
}
