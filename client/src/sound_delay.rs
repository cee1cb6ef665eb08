//! How long pictures have to wait so that they come with their sound.
//!
//! A browser keeps sound back longer than pictures, the more so the less evenly
//! it arrives. It would bring both together only if one server stream belonged
//! to one person for good; slots do not. So the wait follows from what the
//! browser counts (`jitterBufferDelay` of W3C's webrtc-stats).

use std::{collections::HashMap, time::Duration};

/// What a browser has counted of one sound so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Counters {
    /// Seconds that all samples together have waited.
    pub(crate) waited: f64,
    /// How many samples that were.
    pub(crate) samples: f64,
    /// Packets that arrived.
    pub(crate) packets: f64,
}

/// How much longer sound takes behind its buffer than pictures behind theirs:
/// it passes the output device, and in a recorder another buffer, from which it
/// is captured. Measured with flashes and beeps. More shows lips too late.
const OUTPUT: Duration = Duration::from_millis(50);
/// Smaller changes are not worth a change of the wait.
const NOTICEABLE: Duration = Duration::from_millis(15);
/// Nothing waits longer: who hears a sound later has other troubles.
const LONGEST: Duration = Duration::from_secs(1);

/// Watches the sounds of one page.
#[derive(Debug, Default)]
pub(crate) struct SoundDelay {
    before: HashMap<String, Counters>,
    wait: Duration,
}

impl SoundDelay {
    /// Takes the counters of all sounds by their ids. Gives how long pictures
    /// have to wait, while there is sound to tell by: also when that is as before,
    /// for a new connection does not know it.
    pub(crate) fn counted(&mut self, now: HashMap<String, Counters>) -> Option<Duration> {
        let before = std::mem::replace(&mut self.before, now);
        let (mut waited, mut packets) = (0.0, 0.0);
        for (id, now) in &self.before {
            let since = now.since(before.get(id).copied().unwrap_or_default());
            // who speaks sends many packets, who is silent a few
            if since.samples > 0.0 && since.packets > 0.0 {
                waited += since.waited / since.samples * since.packets;
                packets += since.packets;
            }
        }
        if packets <= 0.0 {
            return None;
        }
        let sound = Duration::try_from_secs_f64(waited / packets).unwrap_or_default();
        let wait = (sound + OUTPUT).min(LONGEST);
        if wait.abs_diff(self.wait) >= NOTICEABLE {
            self.wait = wait;
        }
        Some(self.wait)
    }
}

impl Counters {
    /// A counter that went back has started anew.
    fn since(self, before: Self) -> Self {
        if self.samples < before.samples {
            return self;
        }
        Self {
            waited: self.waited - before.waited,
            samples: self.samples - before.samples,
            packets: self.packets - before.packets,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A second of sound whose samples waited so many milliseconds.
    fn second(so_far: Counters, wait: f64, packets: f64) -> Counters {
        Counters {
            waited: so_far.waited + 48_000.0 * wait / 1_000.0,
            samples: so_far.samples + 48_000.0,
            packets: so_far.packets + packets,
        }
    }

    fn of(counters: &[Counters]) -> HashMap<String, Counters> {
        let named = counters.iter().enumerate();
        named.map(|(id, one)| (id.to_string(), *one)).collect()
    }

    #[test]
    fn pictures_wait_as_long_as_the_sound() {
        let mut delay = SoundDelay::default();
        let mut sound = second(Counters::default(), 120.0, 50.0);
        let wait = Some(Duration::from_millis(170));
        assert_eq!(delay.counted(of(&[sound])), wait);
        sound = second(sound, 125.0, 50.0);
        assert_eq!(delay.counted(of(&[sound])), wait, "hardly another");
        sound = second(sound, 420.0, 50.0);
        let wait = Some(Duration::from_millis(470));
        assert_eq!(delay.counted(of(&[sound])), wait);
    }

    #[test]
    fn who_speaks_counts_for_more_than_who_is_silent() {
        let mut delay = SoundDelay::default();
        let speaks = second(Counters::default(), 60.0, 48.0);
        let silent = second(Counters::default(), 560.0, 2.0);
        let wait = Some(Duration::from_millis(130));
        assert_eq!(delay.counted(of(&[speaks, silent])), wait);
    }

    #[test]
    fn silence_tells_nothing_and_a_new_connection_the_same() {
        let mut delay = SoundDelay::default();
        let sound = second(Counters::default(), 120.0, 50.0);
        let wait = delay.counted(of(&[sound]));
        assert!(wait.is_some());
        assert_eq!(delay.counted(of(&[sound])), None);
        assert_eq!(delay.counted(HashMap::new()), None);
        let anew = second(Counters::default(), 120.0, 50.0);
        assert_eq!(delay.counted(of(&[anew])), wait);
    }

    #[test]
    fn nothing_waits_for_ever() {
        let mut delay = SoundDelay::default();
        let sound = second(Counters::default(), 9_000.0, 50.0);
        assert_eq!(delay.counted(of(&[sound])), Some(LONGEST));
    }
}
