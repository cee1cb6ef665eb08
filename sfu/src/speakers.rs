//! Who speaks: from the audio levels that publishers put on their packets
//! (RFC 6464), smoothed, with hysteresis.

use std::time::{Duration, Instant};

use crate::{PeerKey, RoomConfig};

/// Louder than this, in decibels above the faintest level, is speech: -45
/// dBov. Less takes keyboards for speech, more overhears quiet voices.
const LOUD: f32 = 82.0;
/// A publisher whose voice detection says "speech" may be fainter: -60 dBov.
const LOUD_VOICE: f32 = 67.0;
/// How many loud intervals in a row make a speaker; one is a door or a cough.
const ONSET: u8 = 3;
/// How much of the new level enters the smoothed one per interval.
const RISE: f32 = 0.5;
const FALL: f32 = 0.15;

/// One microphone.
#[derive(Debug, Clone)]
struct Voice {
    peer: PeerKey,
    /// Loudest level since the last look, 0 to 127.
    peak: f32,
    loud: bool,
    level: f32,
    onset: u8,
    last_loud: Option<Instant>,
    speaking_since: Option<Instant>,
}

impl Voice {
    fn new(peer: PeerKey) -> Self {
        Self {
            peer,
            peak: 0.0,
            loud: false,
            level: 0.0,
            onset: 0,
            last_loud: None,
            speaking_since: None,
        }
    }

    fn step(&mut self, hold: Duration, now: Instant) {
        let part = if self.peak > self.level { RISE } else { FALL };
        self.level += (self.peak - self.level) * part;
        self.onset = if self.loud {
            (self.onset + 1).min(ONSET)
        } else {
            self.onset.saturating_sub(1)
        };
        if self.loud && (self.onset == ONSET || self.speaking_since.is_some()) {
            self.last_loud = Some(now);
            self.speaking_since.get_or_insert(now);
        }
        let heard = |at: Instant| now.saturating_duration_since(at) < hold;
        if !self.last_loud.is_some_and(heard) {
            self.speaking_since = None;
        }
        (self.peak, self.loud) = (0.0, false);
    }
}

/// All microphones of a room.
#[derive(Debug, Default)]
pub(crate) struct Speakers {
    voices: Vec<Voice>,
    announced: Vec<PeerKey>,
    announced_at: Option<Instant>,
}

impl Speakers {
    pub(crate) fn remove(&mut self, peer: PeerKey) {
        self.voices.retain(|voice| voice.peer != peer);
    }

    /// Takes the level of a packet: the extension's byte, if it had one.
    #[inline]
    pub(crate) fn hear(&mut self, peer: PeerKey, level: Option<u8>) {
        let at = self.voices.iter().position(|voice| voice.peer == peer);
        let at = at.unwrap_or_else(|| {
            self.voices.push(Voice::new(peer));
            self.voices.len() - 1
        });
        let Some(level) = level else { return };
        let voice = &mut self.voices[at];
        let above = 127.0 - f32::from(level & 0x7f);
        voice.peak = voice.peak.max(above);
        voice.loud |= above >= LOUD || (level & 0x80 != 0 && above >= LOUD_VOICE);
    }

    /// Looks at what was heard. Returns whether anybody began or ceased to
    /// speak.
    pub(crate) fn step(&mut self, config: &RoomConfig, now: Instant) -> bool {
        let mut changed = false;
        for voice in &mut self.voices {
            let before = voice.speaking_since.is_some();
            voice.step(config.speaker_hold, now);
            changed |= before != voice.speaking_since.is_some();
        }
        changed
    }

    pub(crate) fn is_speaking(&self, peer: PeerKey) -> bool {
        let voice = self.voices.iter().find(|voice| voice.peer == peer);
        voice.is_some_and(|voice| voice.speaking_since.is_some())
    }

    /// All who have a microphone, most worth hearing first: who speaks, in the
    /// order in which they began, so that a newcomer takes nobody's slot; then
    /// who spoke last.
    pub(crate) fn ranking(&self) -> Vec<PeerKey> {
        let mut voices: Vec<&Voice> = self.voices.iter().collect();
        voices.sort_by(|a, b| match (a.speaking_since, b.speaking_since) {
            (Some(a), Some(b)) => a.cmp(&b),
            (None, None) => b.last_loud.cmp(&a.last_loud),
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
        voices.iter().map(|voice| voice.peer).collect()
    }

    /// Who speaks now, loudest first.
    pub(crate) fn speaking(&self) -> Vec<PeerKey> {
        let speaks = |voice: &&Voice| voice.speaking_since.is_some();
        let mut voices: Vec<&Voice> = self.voices.iter().filter(speaks).collect();
        voices.sort_by(|a, b| b.level.total_cmp(&a.level));
        voices.iter().map(|voice| voice.peer).collect()
    }

    /// Who speaks now, if that is other than what was said last, and some time
    /// has passed since.
    pub(crate) fn announce(&mut self, config: &RoomConfig, now: Instant) -> Option<Vec<PeerKey>> {
        let wait = config.speaker_event_interval;
        let early = |at: Instant| now.saturating_duration_since(at) < wait;
        let speaking = self.speaking();
        if self.announced_at.is_some_and(early) || !self.is_news(&speaking) {
            return None;
        }
        self.announced = speaking.clone();
        self.announced_at = Some(now);
        Some(speaking)
    }

    /// Whether somebody speaks, or others do not know yet that nobody does.
    pub(crate) fn has_news(&self) -> bool {
        !self.announced.is_empty() || !self.speaking().is_empty()
    }

    /// Other people, or another loudest one.
    fn is_news(&self, speaking: &[PeerKey]) -> bool {
        speaking.len() != self.announced.len()
            || speaking.first() != self.announced.first()
            || !speaking.iter().all(|peer| self.announced.contains(peer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: PeerKey = PeerKey(1);
    const B: PeerKey = PeerKey(2);
    const LOUD_LEVEL: Option<u8> = Some(0x80 | 30);
    const SILENT: Option<u8> = Some(127);

    struct Room {
        speakers: Speakers,
        config: RoomConfig,
        now: Instant,
    }

    impl Room {
        fn new() -> Self {
            Self {
                speakers: Speakers::default(),
                config: RoomConfig::default(),
                now: Instant::now(),
            }
        }

        fn hear(&mut self, steps: u32, levels: &[(PeerKey, Option<u8>)]) {
            for _ in 0..steps {
                for (peer, level) in levels {
                    self.speakers.hear(*peer, *level);
                }
                self.now += self.config.speaker_interval;
                self.speakers.step(&self.config, self.now);
            }
        }
    }

    #[test]
    fn a_cough_makes_no_speaker() {
        let mut room = Room::new();
        room.hear(1, &[(A, LOUD_LEVEL)]);
        room.hear(4, &[(A, SILENT)]);
        assert_eq!(room.speakers.speaking(), []);
    }

    #[test]
    fn a_speaker_stays_one_over_a_pause_for_breath() {
        let mut room = Room::new();
        room.hear(5, &[(A, LOUD_LEVEL)]);
        room.hear(10, &[(A, SILENT)]);
        assert_eq!(room.speakers.speaking(), [A]);
        room.hear(30, &[(A, SILENT)]);
        assert_eq!(room.speakers.speaking(), []);
    }

    #[test]
    fn who_began_first_ranks_first_and_the_loudest_is_named_first() {
        let mut room = Room::new();
        room.hear(5, &[(A, Some(0x80 | 40)), (B, SILENT)]);
        room.hear(10, &[(A, Some(0x80 | 40)), (B, Some(0x80 | 10))]);
        assert_eq!(room.speakers.ranking(), [A, B]);
        assert_eq!(room.speakers.speaking(), [B, A]);
    }

    #[test]
    fn news_are_told_at_most_five_times_a_second() {
        let mut room = Room::new();
        room.hear(5, &[(A, LOUD_LEVEL)]);
        let told = room.speakers.announce(&room.config, room.now);
        assert_eq!(told, Some(vec![A]));
        room.speakers.remove(A);
        assert_eq!(room.speakers.announce(&room.config, room.now), None);
        let later = room.now + Duration::from_millis(200);
        assert_eq!(room.speakers.announce(&room.config, later), Some(vec![]));
    }
}
