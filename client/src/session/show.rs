//! The derived parts of the model.

use std::time::Duration;

use protocol::{PeerId, Source, TrackRef};

use super::Session;
use crate::{
    Moment,
    model::{NoticeKind, Phase, ScreenShare},
};

/// An outage shorter than this is not worth a word.
const SHORT_OUTAGE: Duration = Duration::from_secs(1);

impl Session {
    /// Brings the derived parts of the model up to date.
    pub(super) fn show(&mut self, at: Moment) {
        self.inputs.show(&mut self.model.devices);
        self.show_language();
        let phase = self.phase();
        let lost = matches!(phase, Phase::Reconnecting { .. });
        match self.outage {
            None if lost => self.outage = Some(at.now),
            Some(since) if phase == Phase::Joined => {
                self.outage = None;
                if at.now.saturating_sub(since) >= SHORT_OUTAGE {
                    self.notify(NoticeKind::Reconnected);
                }
            }
            _ => {}
        }
        self.model.phase = phase;
        self.model.room.videos = self.videos();
    }

    /// Tracks of others that are on and have a slot, and one's own.
    fn videos(&self) -> Vec<TrackRef> {
        let room = &self.model.room;
        let is_on = |track: &TrackRef| {
            let owner = room.participants.iter().find(|p| p.id == track.peer);
            owner.is_some_and(|owner| owner.media.is_on(track.source))
        };
        let others = self.slots.videos().map(|(_, track)| track);
        let mut videos: Vec<TrackRef> = others.filter(|track| is_on(track)).cloned().collect();
        videos.extend(self.own_videos());
        videos.sort_unstable();
        videos.dedup();
        videos
    }

    fn own_videos(&self) -> impl Iterator<Item = TrackRef> + use<'_> {
        let devices = &self.model.devices;
        let shared = matches!(devices.screen, ScreenShare::On { .. });
        let own = [
            (Source::Camera, devices.media.camera),
            (Source::Screen, shared),
        ];
        let me: Option<&PeerId> = self.model.me.as_ref();
        own.into_iter().filter_map(move |(source, on)| {
            let peer = me.filter(|_| on)?.clone();
            Some(TrackRef { peer, source })
        })
    }
}
