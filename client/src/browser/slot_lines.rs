//! The receive-only m-lines of a connection: streams of the server.

use web_sys::{
    MediaStreamTrack, RtcPeerConnection, RtcRtpTransceiver, RtcRtpTransceiverDirection,
    RtcRtpTransceiverInit,
};

use super::codecs::{Use, prefer};
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
        let to = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
        while self.audio.len() < to(counts.audio) {
            self.audio.push(add(peer, "audio", Use::ReceiveAudio));
        }
        while self.video.len() < to(counts.video) {
            self.video.push(add(peer, "video", Use::ReceiveVideo));
        }
    }

    pub(crate) fn audio_tracks(&self) -> Vec<MediaStreamTrack> {
        self.audio
            .iter()
            .map(|line| line.receiver().track())
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

fn add(peer: &RtcPeerConnection, kind: &str, purpose: Use) -> RtcRtpTransceiver {
    let init = RtcRtpTransceiverInit::new();
    init.set_direction(RtcRtpTransceiverDirection::Recvonly);
    let line = peer.add_transceiver_with_str_and_init(kind, &init);
    prefer(&line, purpose);
    line
}
