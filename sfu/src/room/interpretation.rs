//! Interpreters and their listeners. Whose voice that puts into which slot is
//! decided in `sounds`.

use std::time::Instant;

use super::{Room, schedule::Job};
use crate::{Language, PeerKey};

impl Room {
    /// Makes a peer an interpreter of a language, or nobody's interpreter any
    /// more. Its microphone is heard by those alone who listen to the language,
    /// and it is never said to speak: it says what somebody else says.
    pub fn set_interpreter(&mut self, peer: PeerKey, language: Option<Language>, now: Instant) {
        let Some(&index) = self.by_key.get(&peer) else {
            return;
        };
        let language = language.map(|language| self.languages.acquire(language));
        let before = std::mem::replace(&mut self.peers[index].interprets, language);
        self.languages.release(before);
        if before == language {
            return;
        }
        self.forget_voice(peer, now);
        self.settle_sound();
    }

    /// Lets a peer listen to the interpreters of a language besides the
    /// original, or to the original alone.
    pub fn set_language(&mut self, peer: PeerKey, language: Option<Language>) {
        let Some(&index) = self.by_key.get(&peer) else {
            return;
        };
        let language = language.map(|language| self.languages.acquire(language));
        let before = std::mem::replace(&mut self.peers[index].listens, language);
        self.languages.release(before);
        if before == language {
            return;
        }
        let sounds = self.sounds();
        self.assign_audio_of(index, &sounds);
        self.announce_slots(index);
    }

    /// A microphone is not what it was: what was heard of it counts no more.
    pub(super) fn forget_voice(&mut self, peer: PeerKey, now: Instant) {
        self.speakers.remove(peer);
        self.interpreters.remove(peer);
        self.schedule.at(Job::Speakers, now);
    }
}
