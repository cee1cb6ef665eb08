//! RTP and RTCP as browsers send it, and then changed at random.

use proptest::{collection::vec, prelude::*, sample::Index};
use rtc_rtcp::{
    goodbye::Goodbye,
    packet::Packet,
    payload_feedbacks::{
        full_intra_request::{FirEntry, FullIntraRequest},
        picture_loss_indication::PictureLossIndication,
        receiver_estimated_maximum_bitrate::ReceiverEstimatedMaximumBitrate,
    },
    receiver_report::ReceiverReport,
    reception_report::ReceptionReport,
    sender_report::SenderReport,
    transport_feedbacks::{
        transport_layer_cc::{
            PacketStatusChunk, RecvDelta, RunLengthChunk, StatusChunkTypeTcc, SymbolTypeTcc,
            TransportLayerCc,
        },
        transport_layer_nack::{NackPair, TransportLayerNack},
    },
};
use sfu::rtp::{HeaderFields, HeaderWriter};

use crate::peers;

/// Bytes to change: where, and to what.
pub(crate) type Changes = Vec<(Index, u8)>;

pub(crate) fn changes() -> impl Strategy<Value = Changes> {
    prop_oneof![
        4 => Just(Vec::new()),
        1 => vec((any::<Index>(), any::<u8>()), 1..5),
    ]
}

pub(crate) fn change(packet: &mut [u8], changes: &Changes) {
    if packet.is_empty() {
        return;
    }
    for (at, byte) in changes {
        packet[at.index(packet.len())] = *byte;
    }
}

/// One packet of one of a peer's streams.
#[derive(Debug, Clone)]
pub(crate) struct Media {
    /// 0: microphone, 1 to 3: camera layers, 4 to 6: their retransmissions,
    /// 7: screen, 8: its retransmissions, else: an unknown stream.
    pub(crate) stream: u8,
    /// Which of the stream's payload types.
    pub(crate) format: Index,
    /// Step of the sequence number; mostly one.
    pub(crate) step: i16,
    pub(crate) marker: bool,
    pub(crate) names_rid: bool,
    pub(crate) level: u8,
    pub(crate) padding: u8,
    pub(crate) payload: Vec<u8>,
    pub(crate) changes: Changes,
}

pub(crate) fn media() -> impl Strategy<Value = Media> {
    let step = prop_oneof![20 => Just(1), 3 => 2..6i16, 2 => -3..1i16, 1 => any::<i16>()];
    let start = prop_oneof![
        Just(vec![0x10, 0, 0, 0, 0x9d, 0x01, 0x2a]), // VP8 keyframe
        Just(vec![0x90, 0xe0, 0x81, 0x02, 0x03, 0x20, 0x10]), // VP8 with all fields
        Just(vec![0x90, 0x80, 0x05, 0x01]),
        Just(vec![0x8c, 0x81, 0x23, 0x00]), // VP9
        Just(vec![0x78, 0x00, 0x04, 0x67, 0x42, 0xe0, 0x1f]), // H.264 STAP-A
        Just(vec![0x7c, 0x85, 0x88]),       // H.264 FU-A of an IDR
        Just(vec![0x18, 0x0a, 0x0b]),       // AV1 keyframe
        Just(Vec::new()),
    ];
    let flags = (any::<bool>(), prop::bool::weighted(0.7), any::<u8>());
    let padding = prop_oneof![8 => Just(0u8), 1 => 1..20u8];
    let body = (start, vec(any::<u8>(), 0..40));
    (
        0..11u8,
        any::<Index>(),
        step,
        flags,
        padding,
        body,
        changes(),
    )
        .prop_map(
            |(
                stream,
                format,
                step,
                (marker, names_rid, level),
                padding,
                (start, rest),
                changes,
            )| {
                Media {
                    stream,
                    format,
                    step,
                    marker,
                    names_rid,
                    level,
                    padding,
                    payload: [start, rest].concat(),
                    changes,
                }
            },
        )
}

/// Packets of one stream in order, as a browser sends them: a keyframe, then
/// pictures that depend on it.
pub(crate) fn clip() -> impl Strategy<Value = Vec<Media>> {
    let stream = prop_oneof![1 => Just(0u8), 3 => 1..4u8, 1 => Just(7u8)];
    (stream, any::<Index>(), 2..16usize).prop_map(|(stream, format, packets)| {
        let starts: [(&[u8], &[u8]); 4] = [
            (
                &[0x90, 0xe0, 0x81, 2, 3, 0x20, 0x10, 0, 0, 0x9d, 1, 0x2a],
                &[0x90, 0xe0, 0x81, 3, 4, 0x20, 0x11, 0, 0],
            ),
            (&[0x8a, 0x81, 0x23, 0x10, 0x00], &[0xca, 0x81, 0x24, 0x01]),
            (&[0x65, 0x88, 0x84], &[0x41, 0x9a, 0x02]),
            (&[0x18, 0x0a, 0x0b, 0x00], &[0x10, 0x32, 0x01]),
        ];
        let (keyframe, later) = starts[format.index(starts.len())];
        let media = |number| Media {
            stream,
            format,
            step: 1,
            marker: true,
            names_rid: true,
            level: 10,
            padding: 0,
            payload: if number == 0 { keyframe } else { later }.to_vec(),
            changes: Vec::new(),
        };
        (0..packets).map(media).collect()
    })
}

impl Media {
    pub(crate) fn ssrc(&self, peer: u32) -> u32 {
        let stream = usize::from(self.stream);
        peers::base(peer)
            + match self.stream {
                0 => peers::MICROPHONE,
                1..=3 => peers::CAMERA[stream - 1],
                4..=6 => peers::CAMERA_RTX[stream - 4],
                7 => peers::SCREEN,
                8 => peers::SCREEN_RTX,
                _ => 900 + u32::from(self.stream),
            }
    }

    fn payload_type(&self) -> u8 {
        let (pt, rtx, _) = peers::VIDEO[self.format.index(peers::VIDEO.len())];
        match self.stream {
            0 => [peers::OPUS, peers::RED][self.format.index(2)],
            4..=6 | 8 => rtx,
            _ => pt,
        }
    }

    pub(crate) fn packet(&self, peer: u32, sequence: u16, timestamp: u32, number: u16) -> Vec<u8> {
        let mut writer = HeaderWriter::new(&HeaderFields {
            payload_type: self.payload_type(),
            marker: self.marker,
            padding: self.padding > 0,
            sequence,
            timestamp,
            ssrc: self.ssrc(peer),
        });
        writer.extension(peers::TRANSPORT_CC, &number.to_be_bytes());
        match self.stream {
            0 => drop(writer.extension(peers::AUDIO_LEVEL, &[self.level])),
            1..=6 if self.names_rid => self.name(&mut writer),
            _ => {}
        }
        let mut packet = writer.finish().to_vec();
        if matches!(self.stream, 4..=6 | 8) {
            packet.extend(sequence.wrapping_sub(5).to_be_bytes());
        }
        packet.extend(&self.payload);
        if self.padding > 0 {
            packet.extend(std::iter::repeat_n(self.padding, self.padding.into()));
        }
        change(&mut packet, &self.changes);
        packet
    }

    fn name(&self, writer: &mut HeaderWriter) {
        let id = match self.stream {
            1..=3 => peers::RID,
            _ => peers::REPAIRED_RID,
        };
        writer.extension(peers::MID, b"1");
        let rid = peers::RIDS[usize::from(self.stream - 1) % 3];
        writer.extension(id, rid.as_bytes());
    }
}

/// A compound packet about some streams.
pub(crate) fn rtcp() -> impl Strategy<Value = Vec<u8>> {
    (vec(part(), 1..4), changes()).prop_map(|(parts, changes)| {
        let mut packet = parts.concat();
        change(&mut packet, &changes);
        packet
    })
}

fn bytes(packet: &impl Packet) -> Vec<u8> {
    let mut bytes = vec![0; packet.marshal_size()];
    packet.marshal_to(&mut bytes).expect("encodes");
    bytes
}

/// Streams that exist, mostly: of publishers and of slots.
fn ssrc() -> impl Strategy<Value = u32> {
    prop_oneof![
        (1..5u32, 0..40u32).prop_map(|(peer, n)| peer * 1_000 + n),
        (1..5u32, 100..110u32).prop_map(|(peer, n)| peer * 1_000 + n),
        (1..5u32, 200..210u32).prop_map(|(peer, n)| peer * 1_000 + n),
        any::<u32>(),
    ]
}

fn part() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        (ssrc(), vec((any::<u16>(), any::<u16>()), 0..10)).prop_map(|(media_ssrc, pairs)| {
            let nacks = pairs.into_iter().map(|(packet_id, lost)| NackPair {
                packet_id,
                lost_packets: lost,
            });
            bytes(&TransportLayerNack {
                sender_ssrc: 1,
                media_ssrc,
                nacks: nacks.collect(),
            })
        }),
        ssrc().prop_map(|media_ssrc| {
            bytes(&PictureLossIndication {
                sender_ssrc: 1,
                media_ssrc,
            })
        }),
        (ssrc(), any::<u8>()).prop_map(|(ssrc, sequence_number)| {
            bytes(&FullIntraRequest {
                sender_ssrc: 1,
                media_ssrc: 0,
                fir: vec![FirEntry {
                    ssrc,
                    sequence_number,
                }],
            })
        }),
        (0f32..1e9, vec(ssrc(), 0..4)).prop_map(|(bitrate, ssrcs)| {
            bytes(&ReceiverEstimatedMaximumBitrate {
                sender_ssrc: 1,
                bitrate,
                ssrcs,
            })
        }),
        transport_cc(),
        reports(),
        vec(ssrc(), 0..3).prop_map(|sources| {
            bytes(&Goodbye {
                sources,
                ..Goodbye::default()
            })
        }),
        vec(any::<u8>(), 0..60),
    ]
}

fn transport_cc() -> impl Strategy<Value = Vec<u8>> {
    (any::<u16>(), 1..200u16, any::<u32>(), 0..0x00ff_ffffu32).prop_map(
        |(base_sequence_number, count, delta, reference_time)| {
            bytes(&TransportLayerCc {
                sender_ssrc: 1,
                media_ssrc: 2,
                base_sequence_number,
                packet_status_count: count,
                reference_time,
                fb_pkt_count: 0,
                packet_chunks: vec![PacketStatusChunk::RunLengthChunk(RunLengthChunk {
                    type_tcc: StatusChunkTypeTcc::RunLengthChunk,
                    packet_status_symbol: SymbolTypeTcc::PacketReceivedSmallDelta,
                    run_length: count,
                })],
                recv_deltas: (0..count)
                    .map(|_| RecvDelta {
                        type_tcc_packet: SymbolTypeTcc::PacketReceivedSmallDelta,
                        delta: i64::from(delta % 256) * 250,
                    })
                    .collect(),
            })
        },
    )
}

fn reports() -> impl Strategy<Value = Vec<u8>> {
    let report = (ssrc(), any::<[u32; 5]>(), any::<u8>()).prop_map(|(ssrc, n, fraction_lost)| {
        ReceptionReport {
            ssrc,
            fraction_lost,
            total_lost: n[0] & 0x00ff_ffff,
            last_sequence_number: n[1],
            jitter: n[2],
            last_sender_report: n[3],
            delay: n[4],
        }
    });
    let own = (ssrc(), any::<u64>(), any::<[u32; 3]>());
    (own, vec(report, 0..4), any::<bool>()).prop_map(|((ssrc, ntp_time, n), reports, sends)| {
        match sends {
            true => bytes(&SenderReport {
                ssrc,
                ntp_time,
                rtp_time: n[0],
                packet_count: n[1],
                octet_count: n[2],
                reports,
                ..SenderReport::default()
            }),
            false => bytes(&ReceiverReport {
                ssrc,
                reports,
                ..ReceiverReport::default()
            }),
        }
    })
}
