//! The receive-only m-lines of a connection: streams of the server.

use web_sys::{
    MediaStreamTrack, RtcPeerConnection, RtcRtpTransceiver, RtcRtpTransceiverDirection,
    RtcRtpTransceiverInit,
};

use super::codecs::{Preferences, Use};
use crate::session::SlotCounts;

/// Slots only ever grow: an unused one costs a few lines of SDP. How long
/// frames wait before they are played is left to the browser, which adapts it
/// to the network better than a constant can.
#[derive(Default)]
pub(crate) struct SlotLines {
    audio: Vec<RtcRtpTransceiver>,
    video: Vec<RtcRtpTransceiver>,
}

impl SlotLines {
    /// Adds what is missing.
    pub(crate) fn grow(&mut self, peer: &RtcPeerConnection, counts: SlotCounts) {
        add(peer, "audio", counts.audio, &mut self.audio);
        add(peer, "video", counts.video, &mut self.video);
    }

    /// With the `a=mid` of each, which is there after the first offer.
    pub(crate) fn audio_tracks(&self) -> Vec<(Option<String>, MediaStreamTrack)> {
        self.audio
            .iter()
            .map(|line| (line.mid(), line.receiver().track()))
            .collect()
    }

    pub(crate) fn video_track(&self, mid: &str) -> Option<MediaStreamTrack> {
        let line = self
            .video
            .iter()
            .find(|line| line.mid().as_deref() == Some(mid))?;
        Some(line.receiver().track())
    }
}

fn add(peer: &RtcPeerConnection, kind: &str, count: u32, lines: &mut Vec<RtcRtpTransceiver>) {
    let missing = usize::try_from(count)
        .unwrap_or(usize::MAX)
        .saturating_sub(lines.len());
    if missing == 0 {
        return;
    }
    let preferences = Preferences::new(match kind {
        "audio" => Use::ReceiveAudio,
        _ => Use::ReceiveVideo,
    });
    let init = RtcRtpTransceiverInit::new();
    init.set_direction(RtcRtpTransceiverDirection::Recvonly);
    for _ in 0..missing {
        let line = peer.add_transceiver_with_str_and_init(kind, &init);
        preferences.apply(&line);
        lines.push(line);
    }
}
