//! RTP header extensions (RFC 8285): which URIs we accept, and where the
//! forwarding core wants to know their ids.

use sfu::ExtensionIds;

const MID: &str = "urn:ietf:params:rtp-hdrext:sdes:mid";
const RID: &str = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
const REPAIRED_RID: &str = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
const AUDIO_LEVEL: &str = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
const TRANSPORT_CC: &str =
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
const ABS_SEND_TIME: &str = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
const ABS_CAPTURE_TIME: &str = "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time";
const VIDEO_ORIENTATION: &str = "urn:3gpp:video-orientation";
const PLAYOUT_DELAY: &str = "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay";
const DEPENDENCY_DESCRIPTOR: &str =
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";

/// An `a=extmap` that we accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OfferedExtension {
    pub(super) id: u8,
    pub(super) uri: &'static str,
    /// Who may use it, if the offer restricts that (RFC 8285 §5): our side of
    /// it, for the answer.
    pub(super) direction: &'static str,
}

impl OfferedExtension {
    /// Reads the value of an `a=extmap`; nothing for what we do not know, and
    /// for ids that stand for something else.
    pub(super) fn parse(value: &str) -> Option<Self> {
        let mut words = value.split_ascii_whitespace();
        let mut number = words.next()?.split('/');
        let uri = words.next()?;
        let id: u8 = number.next()?.parse().ok()?;
        let direction = match number.next() {
            None => "",
            Some("sendonly") => "/recvonly",
            Some("recvonly") => "/sendonly",
            Some("sendrecv") => "/sendrecv",
            Some(_) => "/inactive",
        };
        if id == 0 || id == 15 {
            return None;
        }
        let known = [
            MID,
            RID,
            REPAIRED_RID,
            AUDIO_LEVEL,
            TRANSPORT_CC,
            ABS_SEND_TIME,
            ABS_CAPTURE_TIME,
            VIDEO_ORIENTATION,
            PLAYOUT_DELAY,
            DEPENDENCY_DESCRIPTOR,
        ];
        let uri = known.into_iter().find(|known| *known == uri)?;
        Some(Self { id, uri, direction })
    }
}

/// The ids that the forwarding core reads in what the client sends.
pub(super) fn received_ids(extensions: &[OfferedExtension]) -> ExtensionIds {
    ids(extensions, |extension| extension.direction != "/sendonly")
}

/// The ids that the forwarding core may write in what the client receives.
pub(super) fn sent_ids(extensions: &[OfferedExtension]) -> ExtensionIds {
    ids(extensions, |extension| extension.direction != "/recvonly")
}

fn ids(
    extensions: &[OfferedExtension],
    allowed: impl Fn(&OfferedExtension) -> bool,
) -> ExtensionIds {
    let id = |uri| {
        extensions
            .iter()
            .filter(|extension| extension.direction != "/inactive" && allowed(extension))
            .find(|extension| extension.uri == uri)
            .map(|extension| extension.id)
    };
    ExtensionIds {
        mid: id(MID),
        rid: id(RID),
        repaired_rid: id(REPAIRED_RID),
        audio_level: id(AUDIO_LEVEL),
        transport_cc: id(TRANSPORT_CC),
        abs_capture_time: id(ABS_CAPTURE_TIME),
        video_orientation: id(VIDEO_ORIENTATION),
        dependency_descriptor: id(DEPENDENCY_DESCRIPTOR),
        playout_delay: id(PLAYOUT_DELAY),
    }
}
