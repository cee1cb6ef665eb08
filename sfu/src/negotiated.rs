//! What an offer and its answer agreed on, as plain values. Whoever reads SDP
//! makes them; this crate never sees SDP.

use protocol::Source;

/// A media format. Two are compatible when a stream of the one may be given to
/// a decoder of the other: see [`Codec::decodes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Codec {
    /// Opus (RFC 7587).
    Opus,
    /// Redundant Opus (RFC 2198): a packet repeats the sound before it.
    Red,
    /// VP8 (RFC 7741).
    Vp8,
    /// VP9 (RFC 9628).
    Vp9 {
        /// The `profile-id`; 0 when none is given.
        profile: u8,
    },
    /// H.264 (RFC 6184).
    H264 {
        /// `profile_idc`: first byte of the `profile-level-id`.
        profile: u8,
        /// Constraint flags: second byte of the `profile-level-id`.
        constraints: u8,
        /// The `packetization-mode`; 0 when none is given.
        packetization_mode: u8,
    },
    /// AV1 (AOM RTP payload specification 1.0).
    Av1 {
        /// The `profile`; 0 when none is given.
        profile: u8,
    },
}

impl Codec {
    /// Ticks of the RTP timestamp per second.
    #[must_use]
    pub const fn clock_rate(self) -> u32 {
        match self {
            Self::Opus | Self::Red => 48_000,
            Self::Vp8 | Self::Vp9 { .. } | Self::H264 { .. } | Self::Av1 { .. } => 90_000,
        }
    }

    /// Whether it carries a picture.
    #[must_use]
    pub const fn is_video(self) -> bool {
        !matches!(self, Self::Opus | Self::Red)
    }

    /// Whether a receiver of this format can play a stream of `stream`. H.264
    /// constrained baseline (0x42 with constraint_set1, as browsers write it)
    /// is contained in baseline, main and high; levels are asymmetric.
    #[must_use]
    pub fn decodes(self, stream: Self) -> bool {
        match (self, stream) {
            (
                Self::H264 {
                    profile,
                    constraints,
                    packetization_mode,
                },
                Self::H264 {
                    profile: p,
                    constraints: c,
                    packetization_mode: m,
                },
            ) => {
                let constrained_baseline = p == 0x42 && c & 0x40 != 0;
                let same = profile == p && constraints & 0x40 == c & 0x40;
                packetization_mode == m && (same || constrained_baseline)
            }
            _ => self == stream,
        }
    }
}

/// One payload type of an m-line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayloadType {
    /// The number, 0 to 127.
    pub pt: u8,
    /// What it means.
    pub codec: Codec,
    /// The payload type of its retransmissions (RFC 4588), if agreed.
    pub rtx: Option<u8>,
}

/// The ids (1 to 14, or to 255 in the two-byte form) that RTP header
/// extensions (RFC 8285) have on one m-line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExtensionIds {
    /// `urn:ietf:params:rtp-hdrext:sdes:mid` (RFC 9143).
    pub mid: Option<u8>,
    /// `urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id` (RFC 8852).
    pub rid: Option<u8>,
    /// `urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id` (RFC 8852).
    pub repaired_rid: Option<u8>,
    /// `urn:ietf:params:rtp-hdrext:ssrc-audio-level` (RFC 6464).
    pub audio_level: Option<u8>,
    /// `http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01`.
    pub transport_cc: Option<u8>,
    /// `http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time`.
    pub abs_capture_time: Option<u8>,
    /// `urn:3gpp:video-orientation`.
    pub video_orientation: Option<u8>,
    /// `https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension`.
    pub dependency_descriptor: Option<u8>,
    /// `http://www.webrtc.org/experiments/rtp-hdrext/playout-delay`.
    pub playout_delay: Option<u8>,
}

/// How the streams of a publication are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Encodings {
    /// Simulcast: the `rid`s, lowest quality first. SSRCs are learnt from the
    /// first packets, which carry rid or repaired-rid.
    Rids(Vec<String>),
    /// SSRCs named in the SDP, lowest quality first; usually one. Empty when
    /// the SDP names none: then the mid extension tells.
    Ssrcs(Vec<SsrcPair>),
}

/// A stream and its retransmissions (`a=ssrc-group:FID`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SsrcPair {
    /// The stream.
    pub primary: u32,
    /// Its retransmissions.
    pub rtx: Option<u32>,
}

/// A sending m-line of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The m-line's `a=mid`.
    pub mid: String,
    /// What is sent there.
    pub source: Source,
    /// The agreed payload types.
    pub payloads: Vec<PayloadType>,
    /// The agreed header extensions.
    pub extensions: ExtensionIds,
    /// The streams.
    pub encodings: Encodings,
}

/// A receive-only m-line of the client: one outgoing stream of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slot {
    /// The m-line's `a=mid`.
    pub mid: String,
    /// Video or audio.
    pub video: bool,
    /// The stream's SSRC; never changes while the connection lives.
    pub ssrc: u32,
    /// The SSRC of retransmissions, if agreed.
    pub rtx_ssrc: Option<u32>,
    /// The agreed payload types.
    pub payloads: Vec<PayloadType>,
    /// The agreed header extensions.
    pub extensions: ExtensionIds,
}

/// All that one offer and answer agreed on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Negotiated {
    /// What the peer sends.
    pub publications: Vec<Publication>,
    /// What the peer can receive. At most [`crate::MAX_SLOTS`] are used.
    pub slots: Vec<Slot>,
}
