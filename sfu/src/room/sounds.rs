//! Which sounds go into the audio slots of whom: the original, and the
//! interpreters of the language that somebody listens to.

use std::time::{Duration, Instant};

use protocol::Source;

use super::Room;
use crate::{
    PeerKey, TrackKey,
    ingress::{Track, TrackId},
    language::LanguageId,
};

/// A sound that sent nothing for so long needs no slot. Opus sends something
/// every 400 ms even in silence (DTX).
const SOUND_SILENCE: Duration = Duration::from_secs(3);

/// A sound that can be heard.
#[derive(Debug, Clone, Copy)]
struct Sound {
    track: TrackId,
    /// Index of the peer that makes it.
    owner: usize,
}

/// An interpreter's microphone.
#[derive(Debug, Clone, Copy)]
struct Interpreter {
    sound: Sound,
    language: LanguageId,
    speaks: bool,
}

/// All that can be heard in a room, most worth hearing first.
#[derive(Debug, Default)]
pub(super) struct Sounds {
    originals: Vec<Sound>,
    interpreters: Vec<Interpreter>,
}

/// Who listens, and with how much.
#[derive(Debug, Clone, Copy)]
struct Listener {
    index: usize,
    language: Option<LanguageId>,
    slots: usize,
}

impl Sounds {
    /// What a listener hears. The interpreters of the language who speak come
    /// first, and one more slot is kept for the one who spoke last, so that no
    /// word is lost when they go on; but one slot is left to the original.
    fn heard_by(&self, listener: Listener, wanted: &mut Vec<TrackId>) {
        wanted.clear();
        let others = |sound: &Sound| sound.owner != listener.index;
        let of_language = self.interpreters.iter().filter(|interpreter| {
            Some(interpreter.language) == listener.language && others(&interpreter.sound)
        });
        let speaking = of_language.clone().filter(|i| i.speaks).count();
        let reserved = match listener.slots {
            0 | 1 => speaking.min(listener.slots),
            several => speaking.clamp(1, several - 1),
        };
        wanted.extend(of_language.take(reserved).map(|i| i.sound.track));
        let originals = self.originals.iter().filter(|sound| others(sound));
        let left = listener.slots - wanted.len();
        wanted.extend(originals.take(left).map(|sound| sound.track));
    }
}

impl Room {
    /// Fills the audio slots of one peer.
    pub(super) fn assign_audio_of(&mut self, index: usize, sounds: &Sounds) {
        let slots = self.slot_numbers(index, false);
        let listener = Listener {
            index,
            language: self.peers[index].listens,
            slots: slots.len(),
        };
        let mut wanted = Vec::new();
        sounds.heard_by(listener, &mut wanted);
        self.fill(index, &slots, &wanted);
    }

    /// What can be heard: of the originals first what is shared, then the
    /// microphones by rank.
    pub(super) fn sounds(&self) -> Sounds {
        let shared = self.tracks.iter().map(|(_, track)| track);
        let shared = shared.filter(|track| track.heard && track.key.source == Source::ScreenAudio);
        let ranked = self.speakers.ranking().into_iter();
        let ranked = ranked.filter_map(|peer| self.heard_microphone(peer));
        let sound = |track: &Track| Sound {
            track: track.id,
            owner: track.owner,
        };
        let interpreters = self.interpreters.ranking().into_iter();
        let interpreters = interpreters.filter_map(|peer| {
            let track = self.heard_microphone(peer)?;
            Some(Interpreter {
                sound: sound(track),
                language: self.peers[track.owner].interprets?,
                speaks: self.interpreters.is_speaking(peer),
            })
        });
        Sounds {
            originals: shared.chain(ranked).map(sound).collect(),
            interpreters: interpreters.collect(),
        }
    }

    fn heard_microphone(&self, peer: PeerKey) -> Option<&Track> {
        let microphone = TrackKey {
            peer,
            source: Source::Microphone,
        };
        self.track_by_key(microphone).filter(|track| track.heard)
    }

    /// Notes which sounds are sent at all. Returns whether that changed.
    pub(super) fn note_heard(&mut self, now: Instant) -> bool {
        let mut changed = false;
        for at in &self.live {
            let Some(track) = self.tracks.get_mut(*at) else {
                continue;
            };
            let heard = !track.is_video() && track.is_active(SOUND_SILENCE, now);
            changed |= std::mem::replace(&mut track.heard, heard) != heard;
        }
        changed
    }

    /// Takes up sounds again after a pause of the connection.
    pub(super) fn restart_sound(&mut self, index: usize) {
        for slot in &mut self.peers[index].slots {
            let track = slot.assigned.and_then(|(id, _)| self.tracks.get(id.index));
            if let Some(track) = track.filter(|track| !track.is_video()) {
                slot.listen(track);
            }
        }
    }
}
