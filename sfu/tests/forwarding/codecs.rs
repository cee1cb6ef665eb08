//! Formats other than VP8: where they start, and what runs on.

use std::time::{Duration, Instant};

use protocol::Source;
use sfu::{
    Codec, Egress, Encodings, Negotiated, PayloadType, PeerKey, Publication, Room, RoomConfig,
    Slot, SsrcPair, Tile, TrackKey, View,
    rtp::{Header, HeaderFields},
};

use crate::support::{
    wire::{DOWN, UP, extension, rtp},
    world::ALL_ON,
};

const VIEWER: PeerKey = PeerKey(9);
const AV1: Codec = Codec::Av1 { profile: 0 };
const VP9: Codec = Codec::Vp9 { profile: 0 };
const H264: Codec = Codec::H264 {
    profile: 0x42,
    constraints: 0xe0,
    packetization_mode: 1,
};

/// Two publishers of one format and a viewer, without lines between.
struct Table {
    room: Room,
    now: Instant,
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

impl Table {
    fn new(codec: Codec) -> Self {
        let mut table = Self {
            room: Room::new(RoomConfig::default()),
            now: Instant::now(),
            sequence: 700,
        };
        let payloads = |pt| {
            vec![PayloadType {
                pt,
                codec,
                rtx: None,
            }]
        };
        for peer in [1, 2] {
            let publication = Publication {
                mid: "0".into(),
                source: Source::Camera,
                payloads: payloads(45),
                extensions: UP,
                encodings: Encodings::Ssrcs(vec![SsrcPair {
                    primary: peer,
                    rtx: None,
                }]),
            };
            table.join(PeerKey(peer), vec![publication], vec![]);
        }
        let slot = Slot {
            mid: "1".into(),
            video: true,
            ssrc: 77,
            rtx_ssrc: None,
            payloads: payloads(98),
            extensions: DOWN,
        };
        table.join(VIEWER, vec![], vec![slot]);
        table
    }

    fn join(&mut self, peer: PeerKey, publications: Vec<Publication>, slots: Vec<Slot>) {
        self.room.join(peer, self.now);
        self.room.set_sources(peer, ALL_ON, self.now);
        let negotiated = Negotiated {
            publications,
            slots,
        };
        self.room.negotiate(peer, negotiated, self.now);
        self.room.set_connected(peer, true, self.now);
    }

    fn show(&mut self, peer: u32) {
        let track = TrackKey {
            peer: PeerKey(peer),
            source: Source::Camera,
        };
        let tile = Tile {
            track,
            width: 640,
            height: 360,
        };
        let view = View {
            tiles: vec![tile],
            max_bitrate: None,
        };
        self.room.set_view(VIEWER, view, self.now);
    }

    /// Passes a packet in and returns what came out.
    fn pass(&mut self, peer: u32, dependency: &[u8], payload: &[u8]) -> Option<Vec<u8>> {
        self.now += Duration::from_millis(40);
        let fields = HeaderFields {
            payload_type: 45,
            marker: true,
            padding: false,
            sequence: self.sequence,
            timestamp: u32::from(self.sequence) * 3_600,
            ssrc: peer,
        };
        let id = UP.dependency_descriptor.expect("agreed");
        let extensions = [(id, dependency)];
        let extensions = if dependency.is_empty() {
            &[][..]
        } else {
            &extensions
        };
        let packet = rtp(&fields, extensions, payload);
        let header = Header::parse(&packet).expect("well-formed");
        let index = u64::from(self.sequence);
        self.room
            .receive_rtp(PeerKey(peer), &header, &packet, index, self.now);
        self.sequence += 1;
        let mut sent = Sent::default();
        self.room.flush(self.now, &mut sent);
        sent.0.pop()
    }
}

fn payload(packet: &[u8]) -> &[u8] {
    let header = Header::parse(packet).expect("well-formed");
    header.payload(packet).expect("well-formed")
}

#[test]
fn frame_numbers_of_dependency_descriptors_run_on_over_a_change_of_the_source() {
    const KEY: [u8; 2] = [0x18, 0];
    const DELTA: [u8; 2] = [0x10, 0];
    let mut table = Table::new(AV1);
    table.show(1);
    let first = table
        .pass(1, &[0xc0, 0x12, 0x34], &KEY)
        .expect("a keyframe starts it");
    let kept = |packet: &[u8]| extension(packet, DOWN.dependency_descriptor).map(<[u8]>::to_vec);
    assert_eq!(kept(&first), Some(vec![0xc0, 0x12, 0x34]));
    table.pass(1, &[0xc1, 0x12, 0x37], &DELTA);
    table.show(2);
    assert_eq!(
        table.pass(2, &[0xc1, 0xff, 0xff], &DELTA),
        None,
        "waits for a keyframe"
    );
    let second = table
        .pass(2, &[0xc0, 0xff, 0xfe, 9], &KEY)
        .expect("a keyframe");
    assert_eq!(kept(&second), Some(vec![0xc0, 0x12, 0x38, 9]));
    let third = table.pass(2, &[0xc1, 0x00, 0x01], &DELTA).expect("goes on");
    assert_eq!(kept(&third), Some(vec![0xc1, 0x12, 0x3b]));
}

#[test]
fn a_long_dependency_descriptor_takes_the_two_byte_form() {
    let mut table = Table::new(AV1);
    table.show(1);
    let mut descriptor = vec![0xc0, 0, 1];
    descriptor.resize(80, 7);
    let packet = {
        let fields = HeaderFields {
            payload_type: 45,
            marker: true,
            padding: false,
            sequence: 1,
            timestamp: 0,
            ssrc: 1,
        };
        let mut header = sfu::rtp::HeaderWriter::two_byte(&fields);
        assert!(header.extension(UP.dependency_descriptor.expect("agreed"), &descriptor));
        [header.finish(), &[0x18, 0]].concat()
    };
    let header = Header::parse(&packet).expect("well-formed");
    table
        .room
        .receive_rtp(PeerKey(1), &header, &packet, 1, table.now);
    let mut sent = Sent::default();
    table.room.flush(table.now, &mut sent);
    let out = sent.0.pop().expect("forwarded");
    assert_eq!(
        extension(&out, DOWN.dependency_descriptor),
        Some(&descriptor[..])
    );
    assert!(extension(&out, DOWN.transport_cc).is_some());
}

#[test]
fn vp9_picture_ids_run_on_over_a_change_of_the_source() {
    let key = |id: u8| [0x88, id, 1];
    let mut table = Table::new(VP9);
    table.show(1);
    let first = table.pass(1, &[], &key(5)).expect("a keyframe");
    assert_eq!(payload(&first), [0x88, 0x80, 5, 1]);
    table.show(2);
    let second = table.pass(2, &[], &key(99)).expect("a keyframe");
    assert_eq!(payload(&second), [0x88, 0x80, 6, 1]);
}

#[test]
fn h264_starts_with_its_parameter_sets() {
    const SPS: [u8; 3] = [0x67, 0x42, 0xe0];
    const IDR: [u8; 2] = [0x65, 1];
    const SLICE: [u8; 2] = [0x61, 1];
    let mut table = Table::new(H264);
    table.show(1);
    assert_eq!(table.pass(1, &[], &SLICE), None);
    assert_eq!(table.pass(1, &[], &IDR), None, "not decodable without them");
    let first = table.pass(1, &[], &SPS).expect("starts");
    assert_eq!(payload(&first), SPS);
    assert!(table.pass(1, &[], &IDR).is_some());
    assert!(table.pass(1, &[], &SLICE).is_some());
}
