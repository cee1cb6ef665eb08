//! The offer of a native client.

use std::fmt::Write;

use protocol::{OfferedTrack, Source};

use crate::sdp::{Fingerprint, IceCredentials};

/// Payload type of Opus.
pub const OPUS_PT: u8 = 111;
/// Payload type of VP8.
pub const VP8_PT: u8 = 96;
/// Payload type of retransmitted VP8.
pub const RTX_PT: u8 = 97;
/// Id of the audio level extension.
pub const AUDIO_LEVEL_ID: u8 = 1;
/// Id of the transport-wide sequence number extension.
pub const TRANSPORT_CC_ID: u8 = 3;
/// Id of the mid extension.
pub const MID_ID: u8 = 4;
/// Id of the rid extension.
pub const RID_ID: u8 = 10;
/// Id of the repaired rid extension.
pub const REPAIRED_RID_ID: u8 = 11;

/// The rids of a camera with simulcast, lowest quality first.
pub const CAMERA_RIDS: [&str; 3] = ["q", "h", "f"];

const AUDIO: &str = "a=rtpmap:111 opus/48000/2\r\n\
    a=rtcp-fb:111 transport-cc\r\n\
    a=fmtp:111 minptime=10;useinbandfec=1\r\n";

const VIDEO: &str = "a=rtpmap:96 VP8/90000\r\n\
    a=rtcp-fb:96 transport-cc\r\n\
    a=rtcp-fb:96 ccm fir\r\n\
    a=rtcp-fb:96 nack\r\n\
    a=rtcp-fb:96 nack pli\r\n\
    a=rtpmap:97 rtx/90000\r\n\
    a=fmtp:97 apt=96\r\n";

const EXTENSIONS: [(u8, &str); 5] = [
    (
        AUDIO_LEVEL_ID,
        "urn:ietf:params:rtp-hdrext:ssrc-audio-level",
    ),
    (
        TRANSPORT_CC_ID,
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
    ),
    (MID_ID, "urn:ietf:params:rtp-hdrext:sdes:mid"),
    (RID_ID, "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"),
    (
        REPAIRED_RID_ID,
        "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
    ),
];

/// A sending m-line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sending {
    /// What is sent.
    pub source: Source,
    /// The m-line's mid.
    pub mid: String,
    /// The stream's SSRC; a simulcast camera has none in its offer.
    pub ssrc: u32,
    /// The SSRC of retransmissions, of video.
    pub rtx_ssrc: u32,
    /// Whether the three [`CAMERA_RIDS`] are offered instead of SSRCs.
    pub simulcast: bool,
}

/// All that an offer says.
pub(super) struct OfferText<'a> {
    pub(super) version: u32,
    pub(super) ice: &'a IceCredentials,
    pub(super) fingerprint: Fingerprint,
    pub(super) sending: &'a [Sending],
    pub(super) audio_slots: usize,
    pub(super) video_slots: usize,
}

impl OfferText<'_> {
    pub(super) fn tracks(&self) -> Vec<OfferedTrack> {
        let sending = self.sending.iter();
        let tracks = sending.map(|sending| OfferedTrack {
            mid: sending.mid.clone(),
            source: sending.source,
        });
        tracks.collect()
    }

    pub(super) fn sdp(&self) -> String {
        let lines = self.sending.len() + self.audio_slots + self.video_slots;
        let mids: Vec<String> = (0..lines).map(|mid| mid.to_string()).collect();
        let mut sdp = format!(
            "v=0\r\no=- 1 {} IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {}\r\n",
            self.version,
            mids.join(" ")
        );
        let mut mids = mids.iter();
        for (sending, mid) in self.sending.iter().zip(mids.by_ref()) {
            self.section(&mut sdp, mid, sending.source.is_video(), "sendonly");
            sending.streams(&mut sdp);
        }
        for (slot, mid) in mids.enumerate() {
            self.section(&mut sdp, mid, slot >= self.audio_slots, "recvonly");
        }
        sdp
    }

    fn section(&self, sdp: &mut String, mid: &str, video: bool, direction: &str) {
        let (media, formats) = if video {
            ("video 9 UDP/TLS/RTP/SAVPF 96 97", VIDEO)
        } else {
            ("audio 9 UDP/TLS/RTP/SAVPF 111", AUDIO)
        };
        let IceCredentials { ufrag, password } = self.ice;
        let fingerprint = self.fingerprint;
        line(
            sdp,
            format_args!(
                "m={media}\r\nc=IN IP4 0.0.0.0\r\na=ice-ufrag:{ufrag}\r\na=ice-pwd:{password}\r\n\
                 a=fingerprint:{fingerprint}\r\na=setup:actpass\r\na=mid:{mid}\r\n\
                 a={direction}\r\na=rtcp-mux\r\na=rtcp-rsize"
            ),
        );
        for (id, uri) in EXTENSIONS {
            line(sdp, format_args!("a=extmap:{id} {uri}"));
        }
        sdp.push_str(formats);
    }
}

impl Sending {
    fn streams(&self, sdp: &mut String) {
        let Self { ssrc, rtx_ssrc, .. } = self;
        if self.simulcast {
            for rid in CAMERA_RIDS {
                line(sdp, format_args!("a=rid:{rid} send"));
            }
            line(
                sdp,
                format_args!("a=simulcast:send {}", CAMERA_RIDS.join(";")),
            );
        } else if self.source.is_video() {
            line(
                sdp,
                format_args!(
                    "a=ssrc-group:FID {ssrc} {rtx_ssrc}\r\na=ssrc:{ssrc} cname:c\r\n\
                     a=ssrc:{rtx_ssrc} cname:c"
                ),
            );
        } else {
            line(sdp, format_args!("a=ssrc:{ssrc} cname:c"));
        }
    }
}

fn line(sdp: &mut String, text: std::fmt::Arguments<'_>) {
    sdp.write_fmt(text).expect("a string takes any text");
    sdp.push_str("\r\n");
}
