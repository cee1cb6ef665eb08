//! A room: the door to this crate, and who owns what behind it.
//!
//! Each file beside this one is one thing that a room does: `members` lets
//! peers in and out, `receive` takes media, `feedback` takes RTCP, `forward`
//! sends, `sources` switches sources on and off, `assign` fills slots,
//! `settle` says whose, `subscriptions` notes what they carry, `sounds` says which sounds
//! are worth one, `interpretation` knows who listens to whom, `adapt` chooses
//! layers, `upkeep` does what time asks for.

mod adapt;
mod assign;
mod feedback;
mod forward;
mod interpretation;
mod members;
mod receive;
mod schedule;
mod settle;
mod sounds;
mod sources;
mod subscriptions;
mod upkeep;

use std::{collections::VecDeque, time::Instant};

use ahash::AHashMap;
use protocol::QualityScore;
use slab::Slab;

use crate::{
    Event, PeerKey, RoomConfig, RoomStats, TrackKey,
    egress::Tracks,
    ingress::{Track, TrackId},
    language::Languages,
    peer::Peer,
    rtcp::Compound,
    speakers::Speakers,
};
use schedule::Schedule;
use settle::Unsettled;

/// Forwarding state of one meeting room.
#[derive(Debug)]
pub struct Room {
    config: RoomConfig,
    peers: Slab<Peer>,
    by_key: AHashMap<PeerKey, usize>,
    tracks: Tracks,
    /// Tracks made so far.
    serial: u64,
    /// The voices of the original.
    speakers: Speakers,
    /// The voices of interpreters, who are never said to speak.
    interpreters: Speakers,
    languages: Languages,
    schedule: Schedule,
    events: VecDeque<Event>,
    stats: RoomStats,
    /// Tracks with packets that were not sent on yet.
    dirty_tracks: Vec<usize>,
    /// Peers with something to send.
    dirty_peers: Vec<usize>,
    compound: Compound,
    /// What began: slots or layers are to be chosen before the next packet goes
    /// out.
    unsettled: Unsettled,
    /// Indices of the tracks whose source is on: few among all that could be.
    live: Vec<usize>,
}

impl Room {
    /// An empty room.
    #[must_use]
    pub fn new(config: RoomConfig) -> Self {
        Self {
            config,
            peers: Slab::new(),
            by_key: AHashMap::new(),
            tracks: Slab::new(),
            serial: 0,
            speakers: Speakers::default(),
            interpreters: Speakers::default(),
            languages: Languages::default(),
            schedule: Schedule::default(),
            events: VecDeque::new(),
            stats: RoomStats::default(),
            dirty_tracks: Vec::new(),
            dirty_peers: Vec::new(),
            compound: Compound::default(),
            unsettled: Unsettled::default(),
            live: Vec::new(),
        }
    }

    /// When [`Room::handle_timeout`] wants to be called. It may lie in the
    /// past.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        if self.peers.is_empty() {
            return None;
        }
        self.schedule.next()
    }

    /// The next thing that others should know.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Whether nobody is in the room.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.peers.is_empty()
    }

    /// What the room has done so far.
    #[must_use]
    pub fn stats(&self) -> RoomStats {
        let sent = self.peers.iter().map(|(_, peer)| peer.sent);
        let mut stats = RoomStats {
            peers: self.peers.len(),
            tracks: self.live_tracks().filter(|track| track.has_begun()).count(),
            ..self.stats
        };
        sent.for_each(|sent| stats.add_sent(sent));
        stats
    }

    /// What each slot of a peer carries now, in the order of the offer.
    #[must_use]
    pub fn slots(&self, peer: PeerKey) -> Vec<(String, Option<TrackKey>)> {
        let Some(peer) = self.peer(peer) else {
            return Vec::new();
        };
        let slots = peer.slots.iter();
        slots
            .map(|slot| (slot.agreed.mid.clone(), slot.announced))
            .collect()
    }

    /// Who speaks now, loudest first.
    #[must_use]
    pub fn speakers(&self) -> Vec<PeerKey> {
        self.speakers.speaking()
    }

    /// The connections that were judged so far.
    #[must_use]
    pub fn quality(&self) -> Vec<(PeerKey, QualityScore)> {
        let scored = |(_, peer): (usize, &Peer)| Some((peer.key, peer.quality.score()?));
        self.peers.iter().filter_map(scored).collect()
    }

    fn peer(&self, key: PeerKey) -> Option<&Peer> {
        self.peers.get(*self.by_key.get(&key)?)
    }

    /// The tracks whose source is on.
    fn live_tracks(&self) -> impl Iterator<Item = &Track> {
        self.live.iter().filter_map(|at| self.tracks.get(*at))
    }

    fn track_by_key(&self, key: TrackKey) -> Option<&Track> {
        let owner = self.peer(key.peer)?;
        let mut tracks = owner.tracks.iter().filter_map(|at| self.tracks.get(*at));
        tracks.find(|track| track.key == key)
    }

    fn next_track_id(&mut self) -> TrackId {
        self.serial += 1;
        TrackId {
            index: self.tracks.vacant_key(),
            serial: self.serial,
        }
    }
}
