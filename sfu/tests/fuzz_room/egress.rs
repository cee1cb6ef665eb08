//! Checks what leaves the room.

use std::collections::{HashMap, HashSet};

use protocol::{MediaState, Source};
use rtc_rtcp::packet::unmarshal;
use sfu::{Egress, Negotiated, PeerKey, Room, rtp::Header};

/// The largest packet that a path is thought to carry.
const MTU: usize = 1_500;

/// The end of a packet that came from a peer with all sources off.
pub(crate) const SILENCED: &[u8] = b"silenced";

/// What the caller knows of its peers, and what was sent to them.
#[derive(Default)]
pub(crate) struct Checker {
    pub(crate) negotiated: HashMap<PeerKey, Negotiated>,
    pub(crate) connected: HashSet<PeerKey>,
    /// What is on at each peer.
    pub(crate) sources: HashMap<PeerKey, MediaState>,
    /// Who interprets into what, and who listens to what.
    pub(crate) interprets: HashMap<PeerKey, Option<&'static str>>,
    pub(crate) listens: HashMap<PeerKey, Option<&'static str>>,
    /// Who got something of which slot since the last check.
    used: HashSet<(PeerKey, String)>,
    indices: HashSet<(PeerKey, u32, u64)>,
    pub(crate) sent: usize,
}

impl Checker {
    /// Whether all sources of a peer are off.
    pub(crate) fn is_silenced(&self, peer: PeerKey) -> bool {
        self.sources.get(&peer).copied().unwrap_or_default() == MediaState::default()
    }

    /// What was sent since the last time was of sources that are on, and of no
    /// interpreter whom the receiver does not listen to.
    pub(crate) fn check_sources(&mut self, room: &Room) {
        for (to, mid) in self.used.drain() {
            let slots = room.slots(to);
            let slot = slots.iter().find(|(slot, _)| *slot == mid);
            let track = slot.and_then(|(_, track)| *track).expect("it is in use");
            let on = self.sources.get(&track.peer).copied().unwrap_or_default();
            assert!(on.is_on(track.source), "{track:?} is off");
            let interprets = self.interprets.get(&track.peer).copied().flatten();
            if interprets.is_some() && track.source == Source::Microphone {
                let listens = self.listens.get(&to).copied().flatten();
                assert_eq!(listens, interprets, "{to:?} hears a foreign interpreter");
            }
        }
    }

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
        let payload = parsed.payload(&packet).expect("well-formed padding");
        assert!(!payload.ends_with(SILENCED), "sent while all was off");
        let is_probe = payload.is_empty();
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
        if !is_probe {
            self.used.insert((to, slot.mid.clone()));
        }
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
