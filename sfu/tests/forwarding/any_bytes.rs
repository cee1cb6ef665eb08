//! No bytes from anybody bring a room down.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use protocol::Source;
use sfu::{Egress, PeerKey, Room, RoomConfig, Tile, TrackKey, View, rtp::Header};

use crate::support::world::{Spec, agreement};

struct Nowhere;

impl Egress for Nowhere {
    fn rtp(&mut self, _: PeerKey, header: &[u8], _: [&[u8]; 2], index: u64) {
        let header = Header::parse(header).expect("what goes out is well-formed");
        assert_eq!(header.sequence, index as u16);
    }

    fn rtcp(&mut self, _: PeerKey, _: &[u8]) {}
}

#[derive(Debug, Clone)]
enum Input {
    Rtp {
        bytes: Vec<u8>,
        index: u64,
    },
    Media {
        layer: u8,
        pt: u8,
        sequence: u16,
        index: u64,
        payload: Vec<u8>,
    },
    Rtcp(Vec<u8>),
    Feedback {
        format: u8,
        kind: u8,
        body: Vec<u8>,
    },
    View(Vec<(u8, u32, u32)>),
    Leave,
    Join,
    Reset,
    Connected(bool),
    Time(u32),
}

fn bytes(max: usize) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..max)
}

fn input() -> impl Strategy<Value = Input> {
    let payload_type = prop_oneof![Just(96u8), Just(97), Just(111), any::<u8>()];
    let index = prop_oneof![0u64..70_000, any::<u64>().prop_map(|n| n >> 16)];
    prop_oneof![
        4 => (bytes(60), any::<u64>()).prop_map(|(bytes, index)| Input::Rtp { bytes, index: index >> 16 }),
        20 => (0u8..4, payload_type, any::<u16>(), index, bytes(40)).prop_map(
            |(layer, pt, sequence, index, payload)| Input::Media { layer, pt, sequence, index, payload }
        ),
        2 => bytes(80).prop_map(Input::Rtcp),
        8 => (0u8..32, 200u8..208, bytes(60)).prop_map(
            |(format, kind, body)| Input::Feedback { format, kind, body }
        ),
        1 => proptest::collection::vec((0u8..4, any::<u32>(), any::<u32>()), 0..6).prop_map(Input::View),
        1 => Just(Input::Leave),
        3 => Just(Input::Join),
        1 => Just(Input::Reset),
        2 => any::<bool>().prop_map(Input::Connected),
        6 => (0u32..3_000).prop_map(Input::Time),
    ]
}

/// An input for a room in which peers 0 to 3 come and go.
fn apply(room: &mut Room, peer: PeerKey, input: Input, now: &mut Instant) {
    match input {
        Input::Rtp { bytes, index } => receive(room, peer, &bytes, index, *now),
        Input::Media {
            layer,
            pt,
            sequence,
            index,
            payload,
        } => {
            let ssrc = 1_000 * peer.0 + 10 * u32::from(layer) + 1;
            let mut packet = vec![0x90, pt & 0x7f];
            packet.extend(sequence.to_be_bytes());
            packet.extend([0, 0, 3, 7]);
            packet.extend(ssrc.to_be_bytes());
            let rid = b"qhfx"[usize::from(layer)];
            packet.extend([0xbe, 0xde, 0, 1, 2 << 4, rid, 0, 0]);
            packet.extend(payload);
            receive(
                room,
                peer,
                &packet,
                index & !0xffff | u64::from(sequence),
                *now,
            );
        }
        Input::Rtcp(bytes) => drop(room.receive_rtcp(peer, &bytes, *now)),
        Input::Feedback {
            format,
            kind,
            mut body,
        } => {
            body.resize(body.len().next_multiple_of(4), 0);
            let mut packet = vec![0x80 | format, kind, 0, (body.len() / 4) as u8];
            // about a stream that there is
            if body.len() >= 8 {
                body[4..8].copy_from_slice(&600_000u32.to_be_bytes());
            }
            packet.extend(body);
            drop(room.receive_rtcp(peer, &packet, *now));
        }
        Input::View(tiles) => {
            let tile = |(peer, width, height): (u8, u32, u32)| Tile {
                track: TrackKey {
                    peer: PeerKey(peer.into()),
                    source: Source::Camera,
                },
                width,
                height,
            };
            let tiles = tiles.into_iter().map(tile).collect();
            room.set_view(
                peer,
                View {
                    tiles,
                    max_bitrate: None,
                },
                *now,
            );
        }
        Input::Leave => room.leave(peer, *now),
        Input::Join => join(room, peer, *now),
        Input::Reset => room.reset_transport(peer, *now),
        Input::Connected(connected) => room.set_connected(peer, connected, *now),
        Input::Time(ms) => {
            *now += Duration::from_millis(ms.into());
            room.handle_timeout(*now, &mut Nowhere);
        }
    }
    room.flush(*now, &mut Nowhere);
    while room.poll_event().is_some() {}
}

fn receive(room: &mut Room, peer: PeerKey, packet: &[u8], index: u64, now: Instant) {
    if let Ok(header) = Header::parse(packet) {
        room.receive_rtp(peer, &header, packet, index, now);
    }
}

fn join(room: &mut Room, peer: PeerKey, now: Instant) {
    let mut spec = Spec::publisher();
    (spec.audio_slots, spec.video_slots) = (2, 3);
    room.join(peer, now);
    room.negotiate(peer, agreement(peer.0 as u8, &spec, now), now);
    room.set_connected(peer, true, now);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_packets_from_anybody_make_a_room_panic(
        inputs in proptest::collection::vec((0u32..4, input()), 1..200),
    ) {
        let mut now = Instant::now();
        let mut room = Room::new(RoomConfig::default());
        for peer in 0..3 {
            join(&mut room, PeerKey(peer), now);
        }
        for (peer, input) in inputs {
            apply(&mut room, PeerKey(peer), input, &mut now);
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_the_header_parser_panic(packet in bytes(80)) {
        if let Ok(header) = Header::parse(&packet) {
            prop_assert!(header.length <= packet.len());
            for extension in header.extensions(&packet) {
                let end = extension.offset + extension.value.len();
                prop_assert_eq!(&packet[extension.offset..end], extension.value);
            }
            drop(header.payload(&packet));
        }
    }

    #[test]
    fn extension_blocks_of_both_forms_are_walked_without_panic(
        form in prop_oneof![Just(0xbedeu16), 0x1000u16..0x1010], block in bytes(64),
    ) {
        let mut packet = vec![0x90, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1];
        packet.extend(form.to_be_bytes());
        packet.extend((block.len() as u16 / 4).to_be_bytes());
        packet.extend(&block);
        let header = Header::parse(&packet).expect("well-formed");
        prop_assert!(header.extensions(&packet).count() <= block.len());
    }

    #[test]
    fn what_is_written_is_read_again(
        sequence in any::<u16>(), timestamp in any::<u32>(), ssrc in any::<u32>(), pt in 0u8..128, marker in any::<bool>(),
        values in proptest::collection::vec((1u8..15, proptest::collection::vec(any::<u8>(), 1..17)), 0..6),
    ) {
        let fields = sfu::rtp::HeaderFields { payload_type: pt, marker, padding: false, sequence, timestamp, ssrc };
        let mut writer = sfu::rtp::HeaderWriter::new(&fields);
        for (id, value) in &values {
            prop_assert!(writer.extension(*id, value));
        }
        let bytes = writer.finish().to_vec();
        let header = Header::parse(&bytes).expect("well-formed");
        prop_assert_eq!(header.length, bytes.len());
        prop_assert_eq!((header.sequence, header.timestamp, header.ssrc), (sequence, timestamp, ssrc));
        prop_assert_eq!((header.payload_type, header.marker), (pt, marker));
        let read: Vec<(u8, Vec<u8>)> = header.extensions(&bytes).map(|e| (e.id, e.value.to_vec())).collect();
        prop_assert_eq!(read, values);
    }
}
