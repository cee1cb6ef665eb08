//! Peers come and go, and agree on what they send and receive.

use std::time::Instant;

use super::{Room, settle::Affected};
use crate::{
    Encodings, Event, Negotiated, PeerKey, Publication, TrackKey, View,
    egress::OutSlot,
    ingress::{Layer, Track},
    peer::{Peer, StreamRef},
};

impl Room {
    /// Lets a peer in. One that is in already stays as it is.
    pub fn join(&mut self, peer: PeerKey, now: Instant) {
        if self.by_key.contains_key(&peer) {
            return;
        }
        if self.peers.is_empty() {
            self.schedule.start(now);
        }
        let index = self.peers.insert(Peer::new(peer, &self.config, now));
        self.by_key.insert(peer, index);
    }

    /// Lets a peer go and frees all that was kept for it.
    pub fn leave(&mut self, peer: PeerKey, now: Instant) {
        let Some(index) = self.by_key.remove(&peer) else {
            return;
        };
        let affected = self.remove_tracks(index, |_| true);
        self.unsubscribe_all(index);
        let gone = self.peers.remove(index);
        self.stats.add_sent(gone.sent);
        self.dirty_peers.retain(|dirty| *dirty != index);
        self.forget_voice(peer, now);
        self.languages.release(gone.interprets);
        self.languages.release(gone.listens);
        if self.peers.is_empty() {
            self.dirty_tracks.clear();
            return;
        }
        self.settle_others(peer, affected, now);
    }

    /// Takes the outcome of an offer and its answer. Tracks and slots that
    /// stay keep their state; those that are not named any more are gone.
    pub fn negotiate(&mut self, peer: PeerKey, negotiated: Negotiated, now: Instant) {
        let Some(&index) = self.by_key.get(&peer) else {
            return;
        };
        self.peers[index].learn_extensions(&negotiated);
        let stays = |track: &Track| {
            let mut publications = negotiated.publications.iter();
            publications.any(|publication| track.is(publication))
        };
        let mut affected = self.remove_tracks(index, |track| !stays(track));
        for publication in negotiated.publications {
            self.publish(index, publication, now);
        }
        self.unsubscribe_all(index);
        let gone = self.peers[index].set_slots(negotiated.slots);
        self.drop_slots(index, &gone);
        self.peers[index].retire(gone);
        self.subscribe_all(index);
        let tracks = self.peers[index].tracks.iter();
        tracks.for_each(|at| affected.add(&self.tracks[*at]));
        self.settle_peer(index, now);
        self.settle_others(peer, affected, now);
    }

    /// The peer gets a new transport, with new keys and a new offer to follow:
    /// all its streams start afresh, in both directions.
    pub fn reset_transport(&mut self, peer: PeerKey, now: Instant) {
        let Some(&index) = self.by_key.get(&peer) else {
            return;
        };
        let affected = self.remove_tracks(index, |_| true);
        self.unsubscribe_all(index);
        let gone = std::mem::take(&mut self.peers[index].slots);
        self.drop_slots(index, &gone);
        self.peers[index].reset_transport(&self.config, now);
        self.dirty_peers.retain(|dirty| *dirty != index);
        self.forget_voice(peer, now);
        self.settle_others(peer, affected, now);
    }

    /// Says whether media can flow to and from the peer at the moment.
    pub fn set_connected(&mut self, peer: PeerKey, connected: bool, now: Instant) {
        let Some(&index) = self.by_key.get(&peer) else {
            return;
        };
        let peer = &mut self.peers[index];
        if peer.connected == connected {
            return;
        }
        peer.connected = connected;
        if !connected {
            peer.slots.iter_mut().for_each(OutSlot::pause);
            if let Some(score) = peer.quality.lose() {
                let change = vec![(peer.key, score)];
                self.events.push_back(Event::Quality(change));
            }
        } else {
            self.restart_sound(index);
            self.choose_layers(index, now);
        }
    }

    /// Takes what the peer sees from now on.
    pub fn set_view(&mut self, peer: PeerKey, view: View, now: Instant) {
        let Some(&index) = self.by_key.get(&peer) else {
            return;
        };
        self.peers[index]
            .transport
            .downlink
            .set_cap(view.max_bitrate);
        self.peers[index].view = view;
        self.assign_video(index);
        self.choose_layers(index, now);
        self.announce_slots(index);
    }

    /// Adds a publication, or takes over what changed in a known one.
    fn publish(&mut self, owner: usize, publication: Publication, now: Instant) {
        let peer = &self.peers[owner];
        let known = peer.tracks.iter().copied();
        let known = known.clone().find(|at| self.tracks[*at].is(&publication));
        if let Some(at) = known {
            self.tracks[at].publication = publication;
            self.bind_ssrcs(owner, at);
            return;
        }
        let key = TrackKey {
            peer: peer.key,
            source: publication.source,
        };
        let on = peer.sources.is_on(publication.source);
        let id = self.next_track_id();
        let mut track = Track::new(id, key, owner, publication, &self.config, now);
        track.on = on;
        let index = self.tracks.insert(track);
        self.peers[owner].tracks.push(index);
        if on {
            self.live.push(index);
        }
        self.bind_ssrcs(owner, index);
    }

    /// Learns the SSRCs that the SDP named.
    fn bind_ssrcs(&mut self, owner: usize, index: usize) {
        let track = &mut self.tracks[index];
        let Encodings::Ssrcs(pairs) = &track.publication.encodings else {
            return;
        };
        let transport = &mut self.peers[owner].transport;
        for (layer, pair) in pairs.iter().enumerate().take(track.layers.len()) {
            let stream = StreamRef {
                track: index,
                layer,
            };
            Layer::rebind(&mut track.layers[layer], pair.primary);
            transport.learn(pair.primary, stream);
            if let Some(rtx) = pair.rtx {
                transport.learn(rtx, stream);
            }
        }
    }

    /// Removes tracks of a peer, and takes them out of all slots. Returns whom
    /// that affects.
    fn remove_tracks(&mut self, owner: usize, goes: impl Fn(&Track) -> bool) -> Affected {
        let mut affected = Affected::default();
        let (gone, kept): (Vec<usize>, Vec<usize>) = self.peers[owner]
            .tracks
            .iter()
            .partition(|at| goes(&self.tracks[**at]));
        self.peers[owner].tracks = kept;
        for index in gone {
            let track = self.tracks.remove(index);
            affected.add(&track);
            for subscriber in &track.subscribers {
                if let Some(peer) = self.peers.get_mut(subscriber.peer) {
                    peer.slots[subscriber.slot].assign(None);
                }
            }
            let streams = &mut self.peers[owner].transport.streams;
            streams.retain(|_, stream| stream.track != index);
            self.dirty_tracks.retain(|dirty| *dirty != index);
            self.live.retain(|live| *live != index);
        }
        affected
    }
}
