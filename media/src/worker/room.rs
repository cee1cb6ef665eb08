//! A room in a worker: the forwarding core, who sits in it, and what its task
//! should hear.

use std::{
    collections::{BTreeMap, HashMap},
    time::Instant,
};

use protocol::{PeerId, QualityScore, TrackRef, View};
use sfu::{Bitrate, Event, PeerKey, RoomConfig, Tile, TrackKey};
use slab::Slab;

use super::{outbox::Outbox, seat::Seat};
use crate::MediaEvent;

/// A room.
pub(super) struct Room {
    pub(super) sfu: sfu::Room,
    pub(super) seats: HashMap<PeerId, usize>,
    pub(super) outbox: Outbox,
    /// The last speakers and quality, for whoever asks again.
    speakers: Vec<PeerId>,
    quality: BTreeMap<PeerId, QualityScore>,
    /// Something happened in this batch.
    pub(super) touched: bool,
    /// When the worker's clock will look at the room.
    pub(super) scheduled: Option<Instant>,
}

impl Room {
    pub(super) fn new(events: tokio::sync::mpsc::Sender<MediaEvent>) -> Self {
        Self {
            sfu: sfu::Room::new(RoomConfig::default()),
            seats: HashMap::new(),
            outbox: Outbox::new(events),
            speakers: Vec::new(),
            quality: BTreeMap::new(),
            touched: false,
            scheduled: None,
        }
    }

    /// Applies a participant's view; tracks of unknown participants wait until
    /// these come.
    pub(super) fn set_view(&mut self, seat: usize, view: &View, now: Instant) {
        let tiles = view.tiles.iter().filter_map(|tile| {
            let peer = *self.seats.get(&tile.track.peer)?;
            Some(Tile {
                track: TrackKey {
                    peer: key(peer),
                    source: tile.track.source,
                },
                width: tile.width,
                height: tile.height,
            })
        });
        let view = sfu::View {
            tiles: tiles.collect(),
            max_bitrate: view.max_bitrate.map(Bitrate::from_bps),
        };
        self.sfu.set_view(key(seat), view, now);
    }

    /// Moves what the forwarding core has to say into the outbox.
    pub(super) fn take_events(&mut self, seats: &mut Slab<Seat>) {
        while let Some(event) = self.sfu.poll_event() {
            match event {
                Event::SlotsAssigned { peer, slots } => self.slots_assigned(seats, peer, slots),
                Event::Speakers(peers) => {
                    self.speakers = peers.iter().filter_map(|p| id(seats, *p)).collect();
                    self.outbox.speakers(self.speakers.clone());
                }
                Event::Quality(changes) => {
                    for (peer, score) in changes {
                        if let Some(peer) = id(seats, peer) {
                            self.outbox.quality(&peer, score);
                            self.quality.insert(peer, score);
                        }
                    }
                }
            }
        }
    }

    fn slots_assigned(
        &mut self,
        seats: &mut Slab<Seat>,
        peer: PeerKey,
        slots: Vec<(String, Option<TrackKey>)>,
    ) {
        for (mid, track) in slots {
            let track = track.and_then(|track| {
                Some(TrackRef {
                    peer: id(seats, track.peer)?,
                    source: track.source,
                })
            });
            let Some(seat) = seats.get_mut(peer.0 as usize) else {
                return;
            };
            seat.slots.insert(mid.clone(), track.clone());
            self.outbox.slot(&seat.peer, mid, track);
        }
    }

    /// Queues the whole state that a participant should know.
    pub(super) fn refresh(&mut self, seat: &Seat) {
        for (mid, track) in &seat.slots {
            self.outbox.slot(&seat.peer, mid.clone(), track.clone());
        }
        self.outbox.speakers(self.speakers.clone());
        for (peer, score) in &self.quality {
            self.outbox.quality(peer, *score);
        }
    }

    /// Forgets a participant who is gone.
    pub(super) fn forget(&mut self, peer: &PeerId) {
        self.seats.remove(peer);
        self.outbox.forget(peer);
        self.quality.remove(peer);
        self.speakers.retain(|speaker| speaker != peer);
    }
}

/// A seat's key in the forwarding core: its place in the slab.
pub(super) fn key(seat: usize) -> PeerKey {
    PeerKey(u32::try_from(seat).expect("a worker has fewer than 2^32 seats"))
}

fn id(seats: &Slab<Seat>, peer: PeerKey) -> Option<PeerId> {
    seats.get(peer.0 as usize).map(|seat| seat.peer.clone())
}
