//! Which sources of a peer are on. What is off is taken in for the sake of the
//! transport, and goes no further: it fills no cache, no slot, and nobody is
//! said to speak.

use std::time::Instant;

use protocol::{MediaState, Source};

use super::{Room, schedule::Job, settle::Affected};
use crate::PeerKey;

impl Room {
    /// Says which sources of a peer are on from now on. All are off when it
    /// joins. This outlives offers and transports: it may come before them.
    ///
    /// What goes off leaves all slots at once. What goes on is forwarded from
    /// its next keyframe on, which is asked for at once; a sound from its next
    /// packet on.
    pub fn set_sources(&mut self, peer: PeerKey, media: MediaState, now: Instant) {
        let Some(&index) = self.by_key.get(&peer) else {
            return;
        };
        if self.peers[index].sources == media {
            return;
        }
        self.peers[index].sources = media;
        let mut affected = Affected::default();
        for at in 0..self.peers[index].tracks.len() {
            let track = self.peers[index].tracks[at];
            self.switch(track, media, &mut affected, now);
        }
        self.settle_others(peer, affected, now);
    }

    /// Switches a track on or off as its owner's state says. A sound that goes
    /// on affects nobody before it is heard.
    fn switch(&mut self, index: usize, media: MediaState, affected: &mut Affected, now: Instant) {
        let track = &mut self.tracks[index];
        let on = media.is_on(track.key.source);
        if track.on == on {
            return;
        }
        if on {
            track.switch_on();
            affected.add(track);
            self.live.push(index);
            self.schedule.at(Job::Keyframes, now);
            return;
        }
        affected.add(track);
        track.switch_off();
        let key = track.key;
        self.live.retain(|live| *live != index);
        if key.source == Source::Microphone {
            self.forget_voice(key.peer, now);
        }
    }
}
