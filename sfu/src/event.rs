//! What the rest of the server learns, and where packets leave.

use protocol::QualityScore;

use crate::{PeerKey, TrackKey};

/// Something that others should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// What slots of a peer carry from now on. Only slots that changed.
    SlotsAssigned {
        /// Whose slots.
        peer: PeerKey,
        /// The slot's mid and what it carries, or nothing.
        slots: Vec<(String, Option<TrackKey>)>,
    },
    /// Who speaks now, loudest first. At most five per second.
    Speakers(Vec<PeerKey>),
    /// Connections whose quality changed.
    Quality(Vec<(PeerKey, QualityScore)>),
}

/// Where packets leave. The caller copies, seals in place and sends.
pub trait Egress {
    /// One RTP packet: a complete header with its extensions, then the payload
    /// in two pieces, either of which may be empty. `index` is the SRTP packet
    /// index (RFC 3711 §3.3.1, `roc << 16 | sequence`) within its SSRC. A
    /// stream never uses an index twice.
    fn rtp(&mut self, to: PeerKey, header: &[u8], payload: [&[u8]; 2], index: u64);

    /// One plain compound RTCP packet.
    fn rtcp(&mut self, to: PeerKey, packet: &[u8]);
}
