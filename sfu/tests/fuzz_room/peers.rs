//! What peers negotiate.

use protocol::Source;
use sfu::{Codec, Encodings, ExtensionIds, Negotiated, PayloadType, Publication, Slot, SsrcPair};

/// SSRCs of a peer's streams: base of the peer plus these.
pub(crate) const MICROPHONE: u32 = 1;
pub(crate) const CAMERA: [u32; 3] = [11, 12, 13];
pub(crate) const CAMERA_RTX: [u32; 3] = [21, 22, 23];
pub(crate) const SCREEN: u32 = 31;
pub(crate) const SCREEN_RTX: u32 = 32;
pub(crate) const RIDS: [&str; 3] = ["q", "h", "f"];

pub(crate) const MID: u8 = 1;
pub(crate) const RID: u8 = 2;
pub(crate) const REPAIRED_RID: u8 = 3;
pub(crate) const AUDIO_LEVEL: u8 = 4;
pub(crate) const TRANSPORT_CC: u8 = 5;
const DEPENDENCY_DESCRIPTOR: u8 = 6;

pub(crate) const OPUS: u8 = 111;
pub(crate) const RED: u8 = 63;

/// Payload type, retransmissions and codec of the video formats.
pub(crate) const VIDEO: [(u8, u8, Codec); 4] = [
    (96, 97, Codec::Vp8),
    (98, 99, Codec::Vp9 { profile: 0 }),
    (
        102,
        103,
        Codec::H264 {
            profile: 0x42,
            constraints: 0xe0,
            packetization_mode: 1,
        },
    ),
    (45, 46, Codec::Av1 { profile: 0 }),
];

pub(crate) fn base(peer: u32) -> u32 {
    (peer + 1) * 1_000
}

fn extensions() -> ExtensionIds {
    ExtensionIds {
        mid: Some(MID),
        rid: Some(RID),
        repaired_rid: Some(REPAIRED_RID),
        audio_level: Some(AUDIO_LEVEL),
        transport_cc: Some(TRANSPORT_CC),
        dependency_descriptor: Some(DEPENDENCY_DESCRIPTOR),
        ..ExtensionIds::default()
    }
}

fn audio_payloads() -> Vec<PayloadType> {
    [(OPUS, Codec::Opus), (RED, Codec::Red)]
        .map(|(pt, codec)| PayloadType {
            pt,
            codec,
            rtx: None,
        })
        .to_vec()
}

fn video_payloads() -> Vec<PayloadType> {
    VIDEO
        .map(|(pt, rtx, codec)| PayloadType {
            pt,
            codec,
            rtx: Some(rtx),
        })
        .to_vec()
}

/// What a browser-like peer offers, with some video slots.
pub(crate) fn negotiated(peer: u32, video_slots: u8) -> Negotiated {
    let publication = |mid: &str, source: Source, encodings| Publication {
        mid: mid.to_owned(),
        source,
        payloads: match source.is_video() {
            true => video_payloads(),
            false => audio_payloads(),
        },
        extensions: extensions(),
        encodings,
    };
    let ssrcs = |primary, rtx| Encodings::Ssrcs(vec![SsrcPair { primary, rtx }]);
    let base = base(peer);
    let rids = RIDS.map(str::to_owned).to_vec();
    Negotiated {
        publications: vec![
            publication("0", Source::Microphone, ssrcs(base + MICROPHONE, None)),
            publication("1", Source::Camera, Encodings::Rids(rids)),
            publication(
                "2",
                Source::Screen,
                ssrcs(base + SCREEN, Some(base + SCREEN_RTX)),
            ),
        ],
        slots: (0..2 + video_slots)
            .map(|n| slot(base, n, n >= 2))
            .collect(),
    }
}

fn slot(base: u32, number: u8, video: bool) -> Slot {
    let ssrc = base + 100 + u32::from(number);
    Slot {
        mid: format!("s{number}"),
        video,
        ssrc,
        rtx_ssrc: video.then_some(ssrc + 100),
        payloads: match video {
            true => video_payloads(),
            false => audio_payloads(),
        },
        extensions: extensions(),
    }
}
