//! One participant: what they publish, what they see, and their transport.

use std::time::{Duration, Instant};

use ahash::AHashMap;
use protocol::MediaState;

use crate::{
    Bitrate, MAX_SLOTS, Negotiated, PeerKey, RoomConfig, Slot, View,
    bandwidth::{Downlink, TwccRecorder},
    egress::{OutSlot, ResendBudget, SentCounters},
    ingress::ExtensionTable,
    language::LanguageId,
    quality::Quality,
};

/// The round trip that is assumed before one is measured.
const FIRST_RTT: Duration = Duration::from_millis(100);
/// The most streams of one peer: four sources with three layers, and as many
/// of retransmissions, are 24.
const STREAMS_MAX: usize = 64;

/// The most slots that one transport has in its life, those out of use
/// included. Further ones stay empty.
const SLOTS_EVER_MAX: usize = 8 * MAX_SLOTS;

/// What an incoming SSRC carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct StreamRef {
    /// Index of the track in the room.
    pub(crate) track: usize,
    pub(crate) layer: usize,
}

/// All state of one peer that goes with its transport.
#[derive(Debug)]
pub(crate) struct Transport {
    pub(crate) streams: AHashMap<u32, StreamRef>,
    pub(crate) extensions: Box<ExtensionTable>,
    pub(crate) recorder: Option<TwccRecorder>,
    pub(crate) downlink: Downlink,
    pub(crate) budget: ResendBudget,
    rtt: Option<Duration>,
    /// The receiver sends its own estimate.
    has_remb: bool,
}

impl Transport {
    fn new(config: &RoomConfig, now: Instant) -> Self {
        Self {
            streams: AHashMap::new(),
            extensions: Box::default(),
            recorder: None,
            downlink: Downlink::new(config.bandwidth.clone(), now),
            budget: ResendBudget::new(now),
            rtt: None,
            has_remb: false,
        }
    }

    /// Learns what an SSRC carries. Beyond the bound nothing is learnt.
    pub(crate) fn learn(&mut self, ssrc: u32, stream: StreamRef) {
        if self.streams.len() < STREAMS_MAX {
            self.streams.insert(ssrc, stream);
        }
    }

    /// Takes the receiver's own estimate.
    pub(crate) fn note_remb(&mut self, rate: Bitrate) {
        self.has_remb = true;
        self.downlink.on_remb(rate);
    }

    /// The measured round trip, smoothed, or a guess.
    pub(crate) fn rtt(&self) -> Duration {
        self.rtt.or(self.downlink.rtt()).unwrap_or(FIRST_RTT)
    }

    pub(crate) fn measured_rtt(&self) -> Option<Duration> {
        self.rtt
    }

    pub(crate) fn note_rtt(&mut self, rtt: Duration) {
        // RFC 6298 §2.3
        self.rtt = Some(self.rtt.map_or(rtt, |known| (known * 7 + rtt) / 8));
    }
}

/// A participant.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) key: PeerKey,
    pub(crate) connected: bool,
    /// Which of its sources may be forwarded.
    pub(crate) sources: MediaState,
    /// Whose language its microphone speaks, if it is an interpreter's.
    pub(crate) interprets: Option<LanguageId>,
    /// The language that it listens to besides the original.
    pub(crate) listens: Option<LanguageId>,
    pub(crate) view: View,
    pub(crate) slots: Vec<OutSlot>,
    /// Slots that are out of use. One that comes back goes on where it was: an
    /// SSRC that began anew under the same key would use the cipher's nonces
    /// twice (RFC 3711 §9.1).
    retired: Vec<OutSlot>,
    /// Indices of the tracks that it publishes.
    pub(crate) tracks: Vec<usize>,
    pub(crate) transport: Transport,
    pub(crate) quality: Quality,
    pub(crate) sent: SentCounters,
    /// The worst loss of what it sent since its quality was judged, 0 to 1.
    pub(crate) uplink_loss: f64,
    /// Slots with something to send, a bit each.
    pub(crate) pending: u64,
}

// one bit of `pending` for each slot
const _: () = assert!(MAX_SLOTS <= u64::BITS as usize);

impl Peer {
    pub(crate) fn new(key: PeerKey, config: &RoomConfig, now: Instant) -> Self {
        Self {
            key,
            connected: false,
            sources: MediaState::default(),
            interprets: None,
            listens: None,
            view: View::default(),
            slots: Vec::new(),
            retired: Vec::new(),
            tracks: Vec::new(),
            transport: Transport::new(config, now),
            quality: Quality::default(),
            sent: SentCounters::default(),
            uplink_loss: 0.0,
            pending: 0,
        }
    }

    /// Forgets all that goes with the transport.
    pub(crate) fn reset_transport(&mut self, config: &RoomConfig, now: Instant) {
        self.transport = Transport::new(config, now);
        self.slots.clear();
        self.retired.clear();
        self.pending = 0;
        self.connected = false;
    }

    /// Takes the agreed slots and returns those that are gone, for
    /// [`Self::retire`]. One whose mid and SSRC were there before keeps its
    /// streams.
    pub(crate) fn set_slots(&mut self, agreed: Vec<Slot>) -> Vec<OutSlot> {
        let mut old = std::mem::take(&mut self.slots);
        for slot in agreed.into_iter().take(MAX_SLOTS) {
            let known = take_slot(&mut old, &slot).or_else(|| take_slot(&mut self.retired, &slot));
            let all = self.slots.len() + self.retired.len() + old.len();
            match known {
                Some(mut kept) => {
                    kept.renegotiate(slot);
                    self.slots.push(kept);
                }
                None if all < SLOTS_EVER_MAX => self.slots.push(OutSlot::new(slot)),
                None => {}
            }
        }
        self.pending = 0;
        old
    }

    /// Keeps slots that are out of use until the transport is.
    pub(crate) fn retire(&mut self, gone: Vec<OutSlot>) {
        self.retired.extend(gone.into_iter().map(|mut slot| {
            slot.assign(None);
            slot.announced = None;
            slot
        }));
    }

    /// Learns the header extensions of all that is sent.
    pub(crate) fn learn_extensions(&mut self, negotiated: &Negotiated) {
        let mut table = ExtensionTable::default();
        for publication in &negotiated.publications {
            table.learn(&publication.extensions);
        }
        *self.transport.extensions = table;
    }

    /// Whether what its downlink carries can be found out: by transport-wide
    /// feedback or by estimates of its own.
    pub(crate) fn is_measurable(&self) -> bool {
        let transport_cc = |slot: &OutSlot| slot.agreed.extensions.transport_cc.is_some();
        self.transport.has_remb || self.slots.iter().any(transport_cc)
    }

    pub(crate) fn slot_by_ssrc(&mut self, ssrc: u32) -> Option<&mut OutSlot> {
        self.slots.iter_mut().find(|slot| slot.agreed.ssrc == ssrc)
    }
}

/// Takes the slot out that was agreed on under the same name and SSRC.
fn take_slot(slots: &mut Vec<OutSlot>, agreed: &Slot) -> Option<OutSlot> {
    let same = |o: &OutSlot| o.agreed.mid == agreed.mid && o.agreed.ssrc == agreed.ssrc;
    slots.iter().position(same).map(|at| slots.swap_remove(at))
}
