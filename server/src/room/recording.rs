//! The recording as the room knows it: what everybody sees of it, and the
//! moderators' wish to start or stop it.
//!
//! Recordings themselves are `crate::recording`'s.

use protocol::{
    ErrorCode, ErrorDetails, NoRecording, PeerId, Recording, RoomEvent, ServerMessage, WireError,
};

use super::{
    Audience, Effect, RoomState, SessionId,
    requests::Asker,
    seat::Seat,
    state::{ok, send},
};

impl RoomState {
    /// A moderator starts the recording or stops it. The answer follows when
    /// the recorder has its word.
    pub(super) fn record(asker: Asker<'_>, on: bool) -> Vec<Effect> {
        vec![Effect::Record {
            session: asker.session,
            re: asker.re,
            on,
        }]
    }

    /// Tells everybody how far the recording is, if that is news.
    pub(super) fn recording_changed(&mut self, recording: Option<Recording>) -> Vec<Effect> {
        if self.recording == recording {
            return Vec::new();
        }
        self.recording.clone_from(&recording);
        vec![self.event(RoomEvent::RecordingChanged { recording }, Audience::All)]
    }

    /// Tells those who may start recordings that they can, or why not.
    pub(super) fn no_recording_changed(&mut self, why: Option<NoRecording>) -> Vec<Effect> {
        if self.no_recording == why {
            return Vec::new();
        }
        self.no_recording = why;
        let moderators = self
            .tally
            .moderators()
            .filter_map(|peer| self.seats.get(peer));
        let peers: Vec<PeerId> = moderators
            .filter(|seat| seat.may_record())
            .map(Seat::peer)
            .cloned()
            .collect();
        peers
            .iter()
            .filter_map(|peer| self.tell_you(peer))
            .collect()
    }
}

/// The answer to the moderator.
pub(super) fn recorded(session: SessionId, re: u32, done: Result<(), NoRecording>) -> Effect {
    let Err(why) = done else {
        return ok(session, re);
    };
    let text = match why {
        NoRecording::Off => "Recording is switched off on this server",
        NoRecording::NoBrowser => "This server has no browser to record with",
        NoRecording::NoFfmpeg => "This server has no ffmpeg to make videos with",
        NoRecording::Busy => "As many recordings run as the server can carry",
        NoRecording::DiskFull => "There is too little space left on the disk",
        NoRecording::Unknown => "This server cannot record",
    };
    let error = WireError::new(ErrorCode::RecordingUnavailable, text).with(ErrorDetails {
        no_recording: Some(why),
        ..ErrorDetails::default()
    });
    send(session, Some(re), ServerMessage::Error(error))
}
