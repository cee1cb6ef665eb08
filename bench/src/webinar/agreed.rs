//! What those agree on who take part in a webinar without SDP, and what they
//! see.

use media::client::{
    AUDIO_LEVEL_ID, CAMERA_RIDS, MID_ID, OPUS_PT, RID_ID, RTX_PT, TRANSPORT_CC_ID, VP8_PT,
};
use protocol::Source;
use sfu::{
    Codec, Encodings, ExtensionIds, Negotiated, PayloadType, PeerKey, Publication, Slot, SsrcPair,
    Tile, TrackKey, View,
};

use super::{SPEAKERS, TILES};

/// As many as a page offers.
pub const AUDIO_SLOTS: u32 = 4;
const VIDEO_SLOTS: u32 = 9;

/// The SSRCs of what somebody may send begin here.
#[must_use]
pub fn published(number: u32) -> u32 {
    100 * (number + 1)
}

/// The SSRC of somebody's slot.
#[must_use]
pub fn slot_ssrc(peer: u32, slot: u32) -> u32 {
    100_000_000 + 100 * peer + 2 * slot
}

/// As a page offers it: everything may be sent, 4 and 9 slots.
#[must_use]
pub fn negotiated(number: u32) -> Negotiated {
    let ssrc = published(number);
    let pair = |primary| SsrcPair { primary, rtx: None };
    let publication = |mid: &str, source: Source, encodings| Publication {
        mid: mid.to_owned(),
        source,
        payloads: payloads(source.is_video()),
        extensions: extensions(),
        encodings,
    };
    let rids = CAMERA_RIDS.map(str::to_owned).to_vec();
    let one = |at| Encodings::Ssrcs(vec![pair(ssrc + at)]);
    Negotiated {
        publications: vec![
            publication("0", Source::Microphone, one(0)),
            publication("1", Source::Camera, Encodings::Rids(rids)),
            publication("2", Source::Screen, one(4)),
            publication("3", Source::ScreenAudio, one(5)),
        ],
        slots: (0..AUDIO_SLOTS + VIDEO_SLOTS)
            .map(|at| slot(number, at))
            .collect(),
    }
}

fn slot(peer: u32, at: u32) -> Slot {
    let video = at >= AUDIO_SLOTS;
    let ssrc = slot_ssrc(peer, at);
    Slot {
        mid: (4 + at).to_string(),
        video,
        ssrc,
        rtx_ssrc: video.then_some(ssrc + 1),
        payloads: payloads(video),
        extensions: extensions(),
    }
}

fn payloads(video: bool) -> Vec<PayloadType> {
    let (pt, codec, rtx) = match video {
        true => (VP8_PT, Codec::Vp8, Some(RTX_PT)),
        false => (OPUS_PT, Codec::Opus, None),
    };
    vec![PayloadType { pt, codec, rtx }]
}

fn extensions() -> ExtensionIds {
    ExtensionIds {
        audio_level: Some(AUDIO_LEVEL_ID),
        transport_cc: Some(TRANSPORT_CC_ID),
        mid: Some(MID_ID),
        rid: Some(RID_ID),
        ..ExtensionIds::default()
    }
}

/// One speaker large, the next ones small.
#[must_use]
pub fn view(viewer: u32) -> View {
    let tile = |at: usize| Tile {
        track: TrackKey {
            peer: PeerKey((viewer + at as u32) % SPEAKERS as u32),
            source: Source::Camera,
        },
        width: if at == 0 { 640 } else { 160 },
        height: if at == 0 { 360 } else { 90 },
    };
    View {
        tiles: (0..TILES).map(tile).collect(),
        max_bitrate: None,
    }
}
