//! Checks what leaves the room.

use std::collections::{HashMap, HashSet};

use rtc_rtcp::packet::unmarshal;
use sfu::{Egress, Negotiated, PeerKey, rtp::Header};

/// The largest packet that a path is thought to carry.
const MTU: usize = 1_500;

/// What the caller knows of its peers, and what was sent to them.
#[derive(Default)]
pub(crate) struct Checker {
    pub(crate) negotiated: HashMap<PeerKey, Negotiated>,
    pub(crate) connected: HashSet<PeerKey>,
    indices: HashSet<(PeerKey, u32, u64)>,
    pub(crate) sent: usize,
}

impl Checker {
    /// New keys: indices may start anew.
    pub(crate) fn forget_indices(&mut self, peer: PeerKey) {
        self.indices.retain(|(owner, ..)| *owner != peer);
    }
}

impl Egress for Checker {
    fn rtp(&mut self, to: PeerKey, header: &[u8], payload: [&[u8]; 2], index: u64) {
        assert!(self.connected.contains(&to), "{to:?} is not connected");
        let packet = [header, payload[0], payload[1]].concat();
        assert!(packet.len() <= MTU, "{} bytes", packet.len());
        let parsed = Header::parse(&packet).expect("a well-formed header");
        assert_eq!(parsed.length, header.len());
        parsed.payload(&packet).expect("well-formed padding");
        assert_eq!(parsed.sequence, index as u16, "index and sequence differ");
        let fresh = self.indices.insert((to, parsed.ssrc, index));
        assert!(fresh, "index {index} of {} is used twice", parsed.ssrc);
        let slot = self.negotiated[&to]
            .slots
            .iter()
            .find(|slot| parsed.ssrc == slot.ssrc || Some(parsed.ssrc) == slot.rtx_ssrc)
            .expect("the stream of a slot");
        let is_rtx = parsed.ssrc != slot.ssrc;
        let known = slot.payloads.iter().any(|payload| match is_rtx {
            true => payload.rtx == Some(parsed.payload_type),
            false => payload.pt == parsed.payload_type,
        });
        assert!(known, "payload type {} was not agreed", parsed.payload_type);
        self.sent += 1;
    }

    fn rtcp(&mut self, to: PeerKey, packet: &[u8]) {
        assert!(self.connected.contains(&to), "{to:?} is not connected");
        assert!(packet.len() <= MTU, "{} bytes", packet.len());
        let mut bytes = packet;
        let parts = unmarshal(&mut bytes).expect("a well-formed compound packet");
        assert!(!parts.is_empty());
    }
}
