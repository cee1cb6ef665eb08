//! The room with everybody in it, on a virtual clock that moves in
//! milliseconds.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use protocol::{MediaState, QualityScore, Source};
use sfu::{Egress, Event, PeerKey, Room, RoomConfig, Tile, TrackKey, View, rtp::Header};

use super::{
    client::{Client, Spec, named_ssrcs, video_slot},
    receiver::Stream,
    wire::Datagram,
};

const STEP: Duration = Duration::from_millis(1);
/// Everything that a peer sends is forwarded.
pub(crate) const ALL_ON: MediaState = MediaState {
    microphone: true,
    camera: true,
    screen: true,
    screen_audio: true,
};

/// A meeting.
pub(crate) struct World {
    pub(crate) now: Instant,
    pub(crate) room: Room,
    pub(crate) clients: BTreeMap<PeerKey, Client>,
    /// What the slots of each peer carry, as the peer was told.
    pub(crate) slots: BTreeMap<(PeerKey, String), TrackKey>,
    pub(crate) assignments: u32,
    pub(crate) speakers: Vec<PeerKey>,
    pub(crate) quality: BTreeMap<PeerKey, QualityScore>,
    epoch: Instant,
}

#[derive(Default)]
struct Outbox(Vec<(PeerKey, Datagram)>);

impl Egress for Outbox {
    fn rtp(&mut self, to: PeerKey, header: &[u8], payload: [&[u8]; 2], index: u64) {
        let bytes = [header, payload[0], payload[1]].concat();
        self.0.push((to, Datagram::Rtp { bytes, index }));
    }

    fn rtcp(&mut self, to: PeerKey, packet: &[u8]) {
        self.0.push((to, Datagram::Rtcp(packet.to_vec())));
    }
}

pub(crate) fn camera(peer: PeerKey) -> TrackKey {
    TrackKey {
        peer,
        source: Source::Camera,
    }
}

impl World {
    pub(crate) fn new() -> Self {
        let now = Instant::now();
        Self {
            now,
            room: Room::new(RoomConfig::default()),
            clients: BTreeMap::new(),
            slots: BTreeMap::new(),
            assignments: 0,
            speakers: Vec::new(),
            quality: BTreeMap::new(),
            epoch: now,
        }
    }

    #[expect(clippy::needless_pass_by_value, reason = "a spec is made for one peer")]
    pub(crate) fn join(&mut self, number: u8, spec: Spec) -> PeerKey {
        let key = PeerKey(u32::from(number));
        let client = Client::new(number, &spec, self.now);
        self.room.join(key, self.now);
        self.room.set_sources(key, ALL_ON, self.now);
        self.room
            .negotiate(key, client.negotiated.clone(), self.now);
        self.room.set_connected(key, true, self.now);
        self.clients.insert(key, client);
        self.take_events();
        key
    }

    pub(crate) fn leave(&mut self, peer: PeerKey) {
        self.room.leave(peer, self.now);
        self.clients.remove(&peer);
        self.take_events();
    }

    /// Shows the cameras of these peers in tiles of these sizes.
    pub(crate) fn view(&mut self, viewer: PeerKey, tiles: &[(PeerKey, u32, u32)]) {
        let tile = |(peer, width, height): &(PeerKey, u32, u32)| Tile {
            track: camera(*peer),
            width: *width,
            height: *height,
        };
        let view = View {
            tiles: tiles.iter().map(tile).collect(),
            max_bitrate: None,
        };
        self.room.set_view(viewer, view, self.now);
        self.take_events();
    }

    pub(crate) fn client(&mut self, peer: PeerKey) -> &mut Client {
        self.clients.get_mut(&peer).expect("in the meeting")
    }

    /// One more offer, with more video slots.
    pub(crate) fn add_video_slots(&mut self, peer: PeerKey, more: usize) {
        let now = self.now;
        let client = self.client(peer);
        let video = client.negotiated.slots.iter().filter(|slot| slot.video);
        let at = video.count();
        for slot in (at..at + more).map(video_slot) {
            client.streams.insert(slot.mid.clone(), Stream::new(true));
            client.ssrcs.extend(named_ssrcs(&slot));
            client.negotiated.slots.push(slot);
        }
        let agreed = client.negotiated.clone();
        self.room.negotiate(peer, agreed, now);
        self.take_events();
    }

    /// The peer shares a sound: its microphone's stream under another name.
    pub(crate) fn share_sound(&mut self, peer: PeerKey) {
        let now = self.now;
        let mut agreed = self.client(peer).negotiated.clone();
        for publication in &mut agreed.publications {
            publication.source = Source::ScreenAudio;
        }
        self.room.negotiate(peer, agreed, now);
        self.take_events();
    }

    /// The peer makes a new connection, with new streams in both directions.
    pub(crate) fn reset_transport(&mut self, peer: PeerKey) {
        let now = self.now;
        self.room.reset_transport(peer, now);
        self.take_events();
        let client = self.client(peer);
        client.renew(now);
        let agreed = client.negotiated.clone();
        self.room.negotiate(peer, agreed, now);
        self.room.set_connected(peer, true, now);
        self.take_events();
    }

    /// The stream of the slot that carries a camera.
    pub(crate) fn video(&self, viewer: PeerKey, publisher: PeerKey) -> &Stream {
        let slot = self
            .slot(viewer, camera(publisher))
            .expect("a slot carries it");
        &self.clients[&viewer].streams[&slot]
    }

    pub(crate) fn slot(&self, viewer: PeerKey, track: TrackKey) -> Option<String> {
        let mut slots = self.slots.iter();
        let found = slots.find(|((peer, _), carried)| *peer == viewer && **carried == track);
        found.map(|((_, slot), _)| slot.clone())
    }

    pub(crate) fn run(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now += STEP;
            self.step();
        }
    }

    pub(crate) fn run_ms(&mut self, ms: u64) {
        self.run(Duration::from_millis(ms));
    }

    fn step(&mut self) {
        let (now, epoch) = (self.now, self.epoch);
        let mut outbox = Outbox::default();
        for (key, client) in &mut self.clients {
            client.produce(epoch, now);
            while let Some(datagram) = client.up.receive(now) {
                match datagram {
                    Datagram::Rtp { bytes, index } => {
                        let header = Header::parse(&bytes).expect("well-formed");
                        self.room.receive_rtp(*key, &header, &bytes, index, now);
                    }
                    Datagram::Rtcp(bytes) => {
                        self.room
                            .receive_rtcp(*key, &bytes, now)
                            .expect("well-formed");
                    }
                }
            }
        }
        self.room.flush(now, &mut outbox);
        if self.room.poll_timeout().is_some_and(|due| due <= now) {
            self.room.handle_timeout(now, &mut outbox);
        }
        for (to, datagram) in outbox.0 {
            if let Some(client) = self.clients.get_mut(&to) {
                client.down.send(datagram.len(), datagram, now);
            }
        }
        for client in self.clients.values_mut() {
            client.consume(now);
        }
        self.take_events();
    }

    pub(crate) fn take_events(&mut self) {
        while let Some(event) = self.room.poll_event() {
            match event {
                Event::SlotsAssigned { peer, slots } => {
                    for (slot, track) in slots {
                        self.assignments += 1;
                        match track {
                            Some(track) => self.slots.insert((peer, slot), track),
                            None => self.slots.remove(&(peer, slot)),
                        };
                    }
                }
                Event::Speakers(peers) => self.speakers = peers,
                Event::Quality(changes) => self.quality.extend(changes),
            }
        }
    }
}
