//! The receive-only m-lines of a connection: streams of the server.

use std::time::Duration;

use web_sys::{
    MediaStreamTrack, RtcPeerConnection, RtcRtpTransceiver, RtcRtpTransceiverDirection,
    RtcRtpTransceiverInit,
};

use super::{
    codecs::{Preferences, Use},
    js,
};
use crate::session::SlotCounts;

/// Slots only ever grow: an unused one costs a few lines of SDP. How long
/// frames wait before they are played is left to the browser, which adapts it
/// to the network better than a constant can; only where pictures have to come
/// with their sound are they asked to wait longer.
#[derive(Default)]
pub(crate) struct SlotLines {
    audio: Vec<RtcRtpTransceiver>,
    video: Vec<RtcRtpTransceiver>,
    wait: Option<Duration>,
}

impl SlotLines {
    /// Adds what is missing.
    pub(crate) fn grow(&mut self, peer: &RtcPeerConnection, counts: SlotCounts) {
        add(peer, "audio", counts.audio, &mut self.audio);
        let before = self.video.len();
        add(peer, "video", counts.video, &mut self.video);
        self.wait_from(before);
    }

    /// How long pictures wait at least before they are shown, in these slots and
    /// in all that are added.
    pub(crate) fn delay_pictures(&mut self, wait: Duration) {
        if self.wait.replace(wait) != Some(wait) {
            self.wait_from(0);
        }
    }

    fn wait_from(&self, first: usize) {
        let Some(wait) = self.wait else { return };
        for line in self.video.iter().skip(first) {
            let wait = wait.as_secs_f64() * 1_000.0;
            js::set(&line.receiver(), "jitterBufferTarget", wait);
        }
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
