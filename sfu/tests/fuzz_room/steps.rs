//! What may happen to a room, and the caller that lets it happen.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use proptest::{collection::vec, prelude::*};
use protocol::{MediaState, Source};
use sfu::{
    Bitrate, Language, Negotiated, PeerKey, Room, RoomConfig, Tile, TrackKey, View, rtp::Header,
};

use crate::{
    egress::{Checker, SILENCED},
    packets::{Media, clip, media, rtcp},
    peers::negotiated,
};

const PEERS: u32 = 4;

#[derive(Debug, Clone)]
pub(crate) enum Step {
    Join(u32),
    Leave(u32),
    Negotiate {
        peer: u32,
        video_slots: u8,
    },
    ResetTransport(u32),
    Sources {
        peer: u32,
        media: MediaState,
    },
    Interpret {
        peer: u32,
        language: Option<&'static str>,
    },
    Listen {
        peer: u32,
        language: Option<&'static str>,
    },
    Connect {
        peer: u32,
        connected: bool,
    },
    View {
        peer: u32,
        tiles: Vec<(u32, bool, u16)>,
        limit: Option<u32>,
    },
    Media {
        peer: u32,
        burst: Vec<Media>,
    },
    Rtcp {
        peer: u32,
        packet: Vec<u8>,
    },
    Garbage {
        peer: u32,
        packet: Vec<u8>,
    },
    Wait(u16),
}

pub(crate) fn step() -> impl Strategy<Value = Step> {
    let peer = 0..PEERS;
    let tile = (0..PEERS, any::<bool>(), 0..2_000u16);
    let view = (
        peer.clone(),
        vec(tile, 0..6),
        prop::option::of(any::<u32>()),
    );
    prop_oneof![
        3 => peer.clone().prop_map(Step::Join),
        1 => peer.clone().prop_map(Step::Leave),
        3 => (peer.clone(), 0..5u8)
            .prop_map(|(peer, video_slots)| Step::Negotiate { peer, video_slots }),
        1 => peer.clone().prop_map(Step::ResetTransport),
        3 => (peer.clone(), sources())
            .prop_map(|(peer, media)| Step::Sources { peer, media }),
        2 => (peer.clone(), language())
            .prop_map(|(peer, language)| Step::Interpret { peer, language }),
        2 => (peer.clone(), language())
            .prop_map(|(peer, language)| Step::Listen { peer, language }),
        3 => (peer.clone(), prop::bool::weighted(0.9))
            .prop_map(|(peer, connected)| Step::Connect { peer, connected }),
        4 => view.prop_map(|(peer, tiles, limit)| Step::View { peer, tiles, limit }),
        10 => (peer.clone(), vec(media(), 1..12))
            .prop_map(|(peer, burst)| Step::Media { peer, burst }),
        20 => (peer.clone(), clip()).prop_map(|(peer, burst)| Step::Media { peer, burst }),
        8 => (peer.clone(), rtcp()).prop_map(|(peer, packet)| Step::Rtcp { peer, packet }),
        1 => (peer, vec(any::<u8>(), 0..80)).prop_map(|(peer, packet)| Step::Garbage { peer, packet }),
        8 => (0..1_500u16).prop_map(Step::Wait),
    ]
}

const ALL_ON: MediaState = MediaState {
    microphone: true,
    camera: true,
    screen: true,
    screen_audio: true,
};

fn language() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![Just(None), Just(Some("de")), Just(Some("fr"))]
}

fn tag(language: Option<&str>) -> Option<Language> {
    language.map(|tag| Language::parse(tag).expect("a tag"))
}

fn sources() -> impl Strategy<Value = MediaState> {
    let any = any::<[bool; 3]>().prop_map(|[microphone, camera, screen]| MediaState {
        microphone,
        camera,
        screen,
        screen_audio: false,
    });
    prop_oneof![1 => Just(MediaState::default()), 3 => Just(ALL_ON), 2 => any]
}

/// One stream as its sender counts it.
struct Stream {
    index: u64,
    timestamp: u32,
}

pub(crate) struct World {
    room: Room,
    checker: Checker,
    now: Instant,
    streams: HashMap<u32, Stream>,
    transport_cc: u16,
}

impl World {
    pub(crate) fn new() -> Self {
        let mut world = Self {
            room: Room::new(RoomConfig::default()),
            checker: Checker::default(),
            now: Instant::now(),
            streams: HashMap::new(),
            transport_cc: 65_000,
        };
        for peer in 0..2 {
            world.apply(Step::Join(peer));
        }
        world
    }

    pub(crate) fn apply(&mut self, step: Step) {
        self.now += Duration::from_millis(1);
        match step {
            Step::Join(peer) => self.join(peer),
            Step::Leave(peer) => self.leave(peer),
            Step::Negotiate { peer, video_slots } => self.negotiate(peer, video_slots),
            Step::ResetTransport(peer) => self.reset_transport(peer),
            Step::Sources { peer, media } => self.sources(peer, media),
            Step::Interpret { peer, language } => self.interpret(peer, language),
            Step::Listen { peer, language } => self.listen(peer, language),
            Step::Connect { peer, connected } => self.connect(peer, connected),
            Step::View { peer, tiles, limit } => self.view(peer, tiles, limit),
            Step::Media { peer, burst } => burst.iter().for_each(|media| self.media(peer, media)),
            Step::Rtcp { peer, packet } => {
                // a refusal is as good as anything, as long as it is no panic
                let _ = self.room.receive_rtcp(PeerKey(peer), &packet, self.now);
            }
            Step::Garbage { peer, packet } => self.receive(peer, &packet, 7),
            Step::Wait(millis) => self.wait(millis),
        }
        self.settle();
    }

    pub(crate) fn leave_all(&mut self) {
        (0..PEERS).for_each(|peer| self.leave(peer));
        self.settle();
        assert!(self.room.is_empty());
    }

    /// RTP packets that left.
    pub(crate) fn sent(&self) -> usize {
        self.checker.sent
    }

    /// A peer that joins as browsers do it: negotiates, connects, looks at
    /// everybody.
    fn join(&mut self, peer: u32) {
        if self.checker.negotiated.contains_key(&PeerKey(peer)) {
            return;
        }
        self.room.join(PeerKey(peer), self.now);
        let nothing_yet = Negotiated::default();
        self.checker.negotiated.insert(PeerKey(peer), nothing_yet);
        self.sources(peer, ALL_ON);
        self.negotiate(peer, 3);
        self.connect(peer, true);
        let others = (0..PEERS).filter(|other| *other != peer);
        self.view(
            peer,
            others.map(|other| (other, false, 640)).collect(),
            None,
        );
    }

    fn leave(&mut self, peer: u32) {
        let key = PeerKey(peer);
        self.room.leave(key, self.now);
        self.checker.negotiated.remove(&key);
        self.checker.connected.remove(&key);
        self.checker.sources.remove(&key);
        self.checker.interprets.remove(&key);
        self.checker.listens.remove(&key);
        self.checker.forget_indices(key);
    }

    fn negotiate(&mut self, peer: u32, video_slots: u8) {
        let agreed = negotiated(peer, video_slots);
        if let Some(known) = self.checker.negotiated.get_mut(&PeerKey(peer)) {
            known.clone_from(&agreed);
        }
        // those who are not in the room try, too
        self.room.negotiate(PeerKey(peer), agreed, self.now);
    }

    fn reset_transport(&mut self, peer: u32) {
        let key = PeerKey(peer);
        if !self.checker.negotiated.contains_key(&key) {
            return;
        }
        self.room.reset_transport(key, self.now);
        self.checker.connected.remove(&key);
        self.checker.forget_indices(key);
        self.checker.negotiated.insert(key, Negotiated::default());
    }

    fn connect(&mut self, peer: u32, connected: bool) {
        let key = PeerKey(peer);
        if !self.checker.negotiated.contains_key(&key) {
            return;
        }
        match connected {
            true => self.checker.connected.insert(key),
            false => self.checker.connected.remove(&key),
        };
        self.room.set_connected(key, connected, self.now);
    }

    fn sources(&mut self, peer: u32, media: MediaState) {
        let key = PeerKey(peer);
        if self.checker.negotiated.contains_key(&key) {
            self.checker.sources.insert(key, media);
        }
        self.room.set_sources(key, media, self.now);
    }

    fn interpret(&mut self, peer: u32, language: Option<&'static str>) {
        let key = PeerKey(peer);
        if self.checker.negotiated.contains_key(&key) {
            self.checker.interprets.insert(key, language);
        }
        self.room.set_interpreter(key, tag(language), self.now);
    }

    fn listen(&mut self, peer: u32, language: Option<&'static str>) {
        let key = PeerKey(peer);
        if self.checker.negotiated.contains_key(&key) {
            self.checker.listens.insert(key, language);
        }
        self.room.set_language(key, tag(language));
    }

    fn view(&mut self, peer: u32, tiles: Vec<(u32, bool, u16)>, limit: Option<u32>) {
        let tiles = tiles.into_iter().map(|(owner, is_screen, width)| Tile {
            track: TrackKey {
                peer: PeerKey(owner),
                source: match is_screen {
                    true => Source::Screen,
                    false => Source::Camera,
                },
            },
            width: width.into(),
            height: u32::from(width) * 9 / 16,
        });
        let view = View {
            tiles: tiles.collect(),
            max_bitrate: limit.map(|bps| Bitrate::from_bps(bps.into())),
        };
        self.room.set_view(PeerKey(peer), view, self.now);
    }

    fn media(&mut self, peer: u32, media: &Media) {
        let first = Stream {
            index: 65_500,
            timestamp: u32::MAX - 50_000,
        };
        let stream = self.streams.entry(media.ssrc(peer)).or_insert(first);
        stream.index = stream.index.saturating_add_signed(media.step.into());
        if media.marker {
            stream.timestamp = stream.timestamp.wrapping_add(3_000);
        }
        self.transport_cc = self.transport_cc.wrapping_add(1);
        let (index, timestamp) = (stream.index, stream.timestamp);
        let mut packet = media.packet(peer, index as u16, timestamp, self.transport_cc);
        if self.checker.is_silenced(PeerKey(peer)) && media.padding == 0 {
            packet.extend(SILENCED);
        }
        self.receive(peer, &packet, index);
    }

    /// As a worker does it: only what decrypts gets here, so the index belongs
    /// to the packet's own sequence number.
    fn receive(&mut self, peer: u32, packet: &[u8], index: u64) {
        let Ok(header) = Header::parse(packet) else {
            return;
        };
        let index = index & !0xffff | u64::from(header.sequence);
        self.room
            .receive_rtp(PeerKey(peer), &header, packet, index, self.now);
    }

    fn wait(&mut self, millis: u16) {
        let until = self.now + Duration::from_millis(millis.into());
        for _ in 0..1_000 {
            let Some(due) = self.room.poll_timeout().filter(|due| *due <= until) else {
                break;
            };
            self.now = self.now.max(due);
            self.room.handle_timeout(self.now, &mut self.checker);
        }
        self.now = until;
        self.room.handle_timeout(self.now, &mut self.checker);
    }

    fn settle(&mut self) {
        self.room.flush(self.now, &mut self.checker);
        self.checker.check_sources(&self.room);
        while self.room.poll_event().is_some() {}
    }
}
