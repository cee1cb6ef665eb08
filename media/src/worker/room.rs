//! A room in a worker: the forwarding core, who sits in it, and what its task
//! should hear.

use std::{
    collections::{HashMap, HashSet},
    time::Instant,
};

use protocol::{PeerId, TrackRef, View};
use sfu::{Bitrate, Event, PeerKey, RoomConfig, Tile, TrackKey};
use slab::Slab;

use super::{outbox::Outbox, seat::Seat};
use crate::MediaEvent;

/// A room.
pub(super) struct Room {
    pub(super) sfu: sfu::Room,
    pub(super) seats: HashMap<PeerId, usize>,
    pub(super) outbox: Outbox,
    /// The seats whose pages show somebody, who need not be here yet.
    watched: HashMap<PeerId, HashSet<usize>>,
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
            watched: HashMap::new(),
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

    /// Notes whom a page shows instead of those whom it showed before.
    pub(super) fn watch(&mut self, seat: usize, before: &View, view: &View) {
        for tile in &before.tiles {
            if let Some(seats) = self.watched.get_mut(&tile.track.peer) {
                seats.remove(&seat);
                if seats.is_empty() {
                    self.watched.remove(&tile.track.peer);
                }
            }
        }
        for tile in &view.tiles {
            let peer = &tile.track.peer;
            match self.watched.get_mut(peer) {
                Some(seats) => drop(seats.insert(seat)),
                None => drop(self.watched.insert(peer.clone(), HashSet::from([seat]))),
            }
        }
    }

    /// The seats whose pages show somebody.
    pub(super) fn watchers(&self, peer: &PeerId) -> Vec<usize> {
        let seats = self.watched.get(peer);
        seats.into_iter().flatten().copied().collect()
    }

    /// Moves what the forwarding core has to say into the outbox.
    pub(super) fn take_events(&mut self, seats: &mut Slab<Seat>) {
        while let Some(event) = self.sfu.poll_event() {
            match event {
                Event::SlotsAssigned { peer, slots } => self.slots_assigned(seats, peer, slots),
                Event::Speakers(peers) => {
                    let peers = peers.iter().filter_map(|peer| id(seats, *peer));
                    self.outbox.speakers(peers.collect());
                }
                Event::Quality(changes) => {
                    for (peer, score) in changes {
                        if let Some(peer) = id(seats, peer) {
                            self.outbox.quality(&peer, score);
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

    /// Queues all that a participant's slots carry.
    pub(super) fn refresh(&mut self, seat: &Seat) {
        for (mid, track) in &seat.slots {
            self.outbox.slot(&seat.peer, mid.clone(), track.clone());
        }
    }

    /// Forgets a participant who is gone.
    pub(super) fn forget(&mut self, place: usize, seat: &Seat) {
        let peer = &seat.peer;
        self.watch(place, &seat.view, &View::default());
        self.seats.remove(peer);
        self.outbox.forget(peer);
    }
}

/// A seat's key in the forwarding core: its place in the slab.
pub(super) fn key(seat: usize) -> PeerKey {
    PeerKey(u32::try_from(seat).expect("a worker has fewer than 2^32 seats"))
}

fn id(seats: &Slab<Seat>, peer: PeerKey) -> Option<PeerId> {
    seats.get(peer.0 as usize).map(|seat| seat.peer.clone())
}
