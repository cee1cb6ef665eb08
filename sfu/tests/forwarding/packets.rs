//! Single packets: numbers, extensions, padding, reports.

use sfu::{
    Codec, Egress, Encodings, ExtensionIds, Negotiated, PayloadType, PeerKey, Publication, Room,
    RoomConfig, Slot, SsrcPair,
    rtp::{Header, HeaderFields},
};

use crate::support::{
    client::Spec,
    wire::{DOWN, UP, extension, rtp},
    world::{ALL_ON, World, camera},
};

const TILE: (u32, u32) = (640, 360);

#[test]
fn padding_in_a_stream_leaves_no_hole() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let bob = world.join(2, Spec::viewer(1));
    world.view(bob, &[(alice, TILE.0, TILE.1)]);
    world.run_ms(1_000);
    let packets = world.video(bob, alice).packets;
    for _ in 0..30 {
        let (now, mut padding) = (world.now, Vec::new());
        for _ in 0..5 {
            world.client(alice).encoders[1].pad(0, &mut padding);
        }
        world.client(alice).send(&padding, now);
        world.run_ms(40);
    }
    let stream = world.video(bob, alice);
    stream.assert_continuous();
    assert!(stream.decoded.len() > 50);
    assert!(stream.packets - packets < 200, "padding is not forwarded");
    assert_eq!(world.client(bob).streams["v0"].holes(), 0);
}

#[test]
fn sender_reports_bind_sound_and_picture_to_one_clock() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let bob = world.join(2, Spec::viewer(1));
    world.view(bob, &[(alice, 320, 180)]);
    world.run_ms(3_000);
    world.view(bob, &[(alice, 1_280, 720)]);
    world.run_ms(8_000);
    let reports = &world.client(bob).sender_reports;
    assert!(reports.len() > 8);
    // wall clock and timestamps advance together, over the switch of the layer
    let (first, last) = (&reports[0], &reports[reports.len() - 1]);
    let wall = (last.ntp_time - first.ntp_time) as f64 / f64::from(u32::MAX);
    let media = f64::from(last.rtp_time.wrapping_sub(first.rtp_time)) / 90_000.0;
    assert!((wall - media).abs() < 0.03, "{wall} s against {media} s");
    assert!(last.packet_count > first.packet_count);
}

#[test]
fn a_receiver_without_retransmission_gets_a_keyframe_instead() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let bob = world.join(2, Spec::viewer(1));
    let mut agreed = world.client(bob).negotiated.clone();
    for slot in agreed.slots.iter_mut().filter(|slot| slot.video) {
        (slot.rtx_ssrc, slot.payloads[0].rtx) = (None, None);
    }
    world.room.negotiate(bob, agreed, world.now);
    world.view(bob, &[(alice, 320, 180)]);
    world.run_ms(1_000);
    let keyframes = world.client(alice).encoders[0].keyframes;
    world.client(bob).down.config.loss = 0.5;
    world.run_ms(400);
    world.client(bob).down.config.loss = 0.0;
    world.run_ms(400);
    assert!(world.client(alice).encoders[0].keyframes > keyframes);
    assert_eq!(world.video(bob, alice).resent, 0);
}

/// A room with one publisher of sound and one listener, without lines between.
struct Table {
    room: Room,
    now: std::time::Instant,
    sequence: u16,
}

#[derive(Default)]
struct Sent(Vec<Vec<u8>>);

impl Egress for Sent {
    fn rtp(&mut self, _: PeerKey, header: &[u8], payload: [&[u8]; 2], _: u64) {
        self.0.push([header, payload[0], payload[1]].concat());
    }

    fn rtcp(&mut self, _: PeerKey, _: &[u8]) {}
}

const fn payload(pt: u8, codec: Codec) -> PayloadType {
    PayloadType {
        pt,
        codec,
        rtx: None,
    }
}

impl Table {
    fn new(up: Vec<PayloadType>, down: Vec<PayloadType>) -> Self {
        let now = std::time::Instant::now();
        let mut room = Room::new(RoomConfig::default());
        let publication = Publication {
            mid: "0".into(),
            source: protocol::Source::Microphone,
            payloads: up,
            extensions: UP,
            encodings: Encodings::Ssrcs(vec![SsrcPair {
                primary: 7,
                rtx: None,
            }]),
        };
        let slot = Slot {
            mid: "1".into(),
            video: false,
            ssrc: 77,
            rtx_ssrc: None,
            payloads: down,
            extensions: DOWN,
        };
        for (peer, publications, slots) in [(1, vec![publication], vec![]), (2, vec![], vec![slot])]
        {
            room.join(PeerKey(peer), now);
            room.set_sources(PeerKey(peer), ALL_ON, now);
            let negotiated = Negotiated {
                publications,
                slots,
            };
            room.negotiate(PeerKey(peer), negotiated, now);
            room.set_connected(PeerKey(peer), true, now);
        }
        Self {
            room,
            now,
            sequence: 10,
        }
    }

    fn pass(&mut self, payload_type: u8, payload: &[u8]) -> Vec<u8> {
        let fields = HeaderFields {
            payload_type,
            marker: true,
            padding: false,
            sequence: self.sequence,
            timestamp: 960,
            ssrc: 7,
        };
        let level = UP.audio_level.expect("agreed");
        let packet = rtp(&fields, &[(level, &[0x80 | 33])], payload);
        let header = Header::parse(&packet).expect("well-formed");
        let index = u64::from(self.sequence);
        self.room
            .receive_rtp(PeerKey(1), &header, &packet, index, self.now);
        self.sequence += 1;
        let mut sent = Sent::default();
        self.room.flush(self.now, &mut sent);
        sent.0.pop().expect("forwarded")
    }
}

#[test]
fn header_extensions_get_the_ids_of_the_receiver() {
    let mut table = Table::new(
        vec![payload(111, Codec::Opus)],
        vec![payload(96, Codec::Opus)],
    );
    let packet = table.pass(111, &[1, 2, 3]);
    let header = Header::parse(&packet).expect("well-formed");
    assert_eq!(
        (header.payload_type, header.ssrc, header.marker),
        (96, 77, true)
    );
    assert_eq!(extension(&packet, DOWN.audio_level), Some(&[0x80 | 33][..]));
    assert_eq!(extension(&packet, DOWN.transport_cc), Some(&[0, 0][..]));
    assert_eq!(
        extension(&packet, ExtensionIds::default().mid.or(Some(1))),
        None
    );
    assert_eq!(header.payload(&packet), Ok(&[1, 2, 3][..]));
}

#[test]
fn redundant_sound_is_renumbered_or_stripped() {
    let red = [0x80 | 111, 0, 0, 2, 111, 8, 9, 1, 2, 3];
    let up = vec![payload(63, Codec::Red), payload(111, Codec::Opus)];
    let plain = vec![payload(96, Codec::Opus)];
    let both = vec![payload(96, Codec::Opus), payload(97, Codec::Red)];
    let packet = Table::new(up.clone(), plain).pass(63, &red);
    let header = Header::parse(&packet).expect("well-formed");
    assert_eq!(header.payload_type, 96);
    assert_eq!(header.payload(&packet), Ok(&[1, 2, 3][..]));
    let packet = Table::new(up, both).pass(63, &red);
    let header = Header::parse(&packet).expect("well-formed");
    assert_eq!(header.payload_type, 97);
    let renumbered = [0x80 | 96, 0, 0, 2, 96, 8, 9, 1, 2, 3];
    assert_eq!(header.payload(&packet), Ok(&renumbered[..]));
}

#[test]
fn publishers_get_transport_wide_feedback() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    world.run_ms(2_000);
    let heard = world.client(alice).feedback_heard;
    assert!((15..=45).contains(&heard), "{heard} in two seconds");
}

#[test]
fn streams_are_known_by_rid_and_stay_known_when_it_is_no_longer_sent() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let bob = world.join(2, Spec::viewer(1));
    world.view(bob, &[(alice, TILE.0, TILE.1)]);
    world.run_ms(5_000);
    let agreed = world.client(alice).negotiated.clone();
    world.room.negotiate(alice, agreed, world.now);
    let from = world.now;
    world.run_ms(1_000);
    assert_eq!(world.room.stats().packets_unknown, 0);
    let freeze = world.video(bob, alice).longest_freeze(from, world.now);
    assert!(freeze.as_millis() <= 80, "froze for {freeze:?}");
    assert!(world.slot(bob, camera(alice)).is_some());
}
