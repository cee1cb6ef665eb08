//! A published track: its layers, its payload types, and who gets it.

use std::time::{Duration, Instant};

use slab::Slab;

use super::Layer;
use crate::{Codec, Encodings, Publication, RoomConfig, TrackKey, peer::Peer};

/// Names a track within its room; never used again after the track is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TrackId {
    pub(crate) index: usize,
    pub(crate) serial: u64,
}

/// A slot that carries a track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Subscriber {
    /// The peer's index in the room.
    pub(crate) peer: usize,
    /// The slot's index at the peer.
    pub(crate) slot: usize,
}

/// What an incoming payload type means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PayloadRole {
    Media(Codec),
    /// Retransmissions of this payload type.
    Rtx(u8),
}

/// A track as it comes in.
#[derive(Debug)]
pub(crate) struct Track {
    pub(crate) id: TrackId,
    pub(crate) key: TrackKey,
    /// Index of the peer that publishes it.
    pub(crate) owner: usize,
    pub(crate) publication: Publication,
    /// Lowest quality first.
    pub(crate) layers: Vec<Layer>,
    pub(crate) subscribers: Vec<Subscriber>,
    /// The format of the latest packet.
    pub(crate) codec: Option<Codec>,
    /// Packets came since the last flush.
    pub(crate) dirty: bool,
    /// It is a sound, and is sent at present.
    pub(crate) heard: bool,
    /// Its source is on. What is off is not forwarded.
    pub(crate) on: bool,
    /// It was switched on, and nothing has come since.
    pub(crate) opening: bool,
}

impl Track {
    pub(crate) fn new(
        id: TrackId,
        key: TrackKey,
        owner: usize,
        publication: Publication,
        config: &RoomConfig,
        now: Instant,
    ) -> Self {
        let rate = if key.source.is_video() {
            90_000
        } else {
            48_000
        };
        let layer = |rid| Layer::new(rid, rate, config, now);
        let layers = match &publication.encodings {
            Encodings::Rids(rids) if !rids.is_empty() => {
                rids.iter().map(|rid| layer(Some(rid.clone()))).collect()
            }
            Encodings::Ssrcs(pairs) if pairs.len() > 1 => {
                pairs.iter().map(|_| layer(None)).collect()
            }
            Encodings::Rids(_) | Encodings::Ssrcs(_) => vec![layer(None)],
        };
        Self {
            id,
            key,
            owner,
            publication,
            layers,
            subscribers: Vec::new(),
            codec: None,
            dirty: false,
            heard: false,
            on: false,
            opening: false,
        }
    }

    /// Its source goes on. Keyframes are asked for even before a slot waits for
    /// one: a still screen would send nothing else.
    pub(crate) fn switch_on(&mut self) {
        self.on = true;
        self.opening = self.is_video();
        if self.opening {
            let layers = self.layers.iter_mut();
            layers.for_each(|layer| layer.keyframes.want());
        }
    }

    /// Its source goes off: what came is not sent any more, and what comes is
    /// not kept. Its streams are still known, so that it can go on again.
    pub(crate) fn switch_off(&mut self) {
        self.on = false;
        self.opening = false;
        self.heard = false;
        self.layers.iter_mut().for_each(Layer::silence);
    }

    pub(crate) fn is_video(&self) -> bool {
        self.key.source.is_video()
    }

    /// Ticks of its timestamps per second.
    pub(crate) fn clock_rate(&self) -> u32 {
        if self.is_video() { 90_000 } else { 48_000 }
    }

    #[inline]
    pub(crate) fn role(&self, payload_type: u8) -> Option<PayloadRole> {
        self.publication.payloads.iter().find_map(|payload| {
            if payload.pt == payload_type {
                Some(PayloadRole::Media(payload.codec))
            } else if payload.rtx == Some(payload_type) {
                Some(PayloadRole::Rtx(payload.pt))
            } else {
                None
            }
        })
    }

    /// Whether a receiver with these formats can play it: by the format that
    /// it has, or before its first packet by those that it may have.
    pub(crate) fn is_playable(&self, mut decodes: impl FnMut(Codec) -> bool) -> bool {
        match self.codec {
            Some(codec) => decodes(codec),
            None => self.publication.payloads.iter().any(|p| decodes(p.codec)),
        }
    }

    /// Whether a publication is this track.
    pub(crate) fn is(&self, publication: &Publication) -> bool {
        let rids = |encodings: &Encodings| match encodings {
            Encodings::Rids(rids) => rids.len(),
            Encodings::Ssrcs(pairs) => pairs.len().max(1),
        };
        self.publication.mid == publication.mid
            && self.publication.source == publication.source
            && rids(&self.publication.encodings).max(1) == rids(&publication.encodings).max(1)
    }

    /// The layer with this rid; the only layer when there is but one.
    pub(crate) fn layer_by_rid(&self, rid: Option<&[u8]>) -> Option<usize> {
        if self.layers.len() == 1 {
            return Some(0);
        }
        let rid = rid?;
        let is = |layer: &Layer| layer.rid.as_deref().is_some_and(|r| r.as_bytes() == rid);
        self.layers.iter().position(is)
    }

    /// Whether any packet ever came.
    pub(crate) fn has_begun(&self) -> bool {
        self.layers.iter().any(Layer::has_begun)
    }

    /// Whether any slot sends a layer or waits for it.
    pub(crate) fn is_needed(&self, layer: usize, peers: &Slab<Peer>) -> bool {
        self.subscribers.iter().any(|subscriber| {
            let peer = peers.get(subscriber.peer).filter(|peer| peer.connected);
            let slot = peer.and_then(|peer| peer.slots.get(subscriber.slot));
            slot.is_some_and(|slot| slot.needs(self.id, layer))
        })
    }

    /// Whether any layer sent within `silence`.
    pub(crate) fn is_active(&self, silence: Duration, now: Instant) -> bool {
        self.layers
            .iter()
            .any(|layer| layer.is_active(silence, now))
    }

    /// Height of a layer's picture: what it told, or what follows from the
    /// others, each twice the one below, or from a camera of 720 lines.
    pub(crate) fn height(&self, layer: usize) -> u32 {
        let told = |layer: &Layer| layer.resolution.map(|r| u32::from(r.height.min(r.width)));
        if let Some(height) = self.layers.get(layer).and_then(told) {
            return height;
        }
        let known = self.layers.iter().enumerate().rev();
        let known = known
            .filter_map(|(at, layer)| Some((at, told(layer)?)))
            .next();
        let (at, height) = known.unwrap_or((self.layers.len() - 1, 720));
        if at >= layer {
            (height >> (at - layer)).max(1)
        } else {
            height << (layer - at).min(4)
        }
    }
}
