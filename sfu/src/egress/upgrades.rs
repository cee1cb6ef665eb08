//! When a slot may go up to a better layer: some time after it had to go down,
//! and later each time if what it went up to did not last. A picture that
//! changes its sharpness every few seconds is worse than one that stays a
//! little less sharp.

use std::time::{Duration, Instant};

/// An upgrade that lasts so long was right.
const LASTING: Duration = Duration::from_secs(10);

/// The longest wait is the first one, doubled so many times.
const DOUBLINGS_MAX: u32 = 3;

/// The upgrades of one slot.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Upgrades {
    held_until: Option<Instant>,
    went_up: Option<Instant>,
    failed: u32,
}

impl Upgrades {
    /// Whether it is too early for one.
    pub(crate) fn are_held(&self, now: Instant) -> bool {
        self.held_until.is_some_and(|until| now < until)
    }

    /// No upgrade for so long at least.
    pub(crate) fn hold(&mut self, pause: Duration, now: Instant) {
        let until = now + pause;
        self.held_until = Some(self.held_until.map_or(until, |later| later.max(until)));
    }

    /// The slot goes up.
    pub(crate) fn went_up(&mut self, now: Instant) {
        self.went_up = Some(now);
    }

    /// The slot has to go down; `pause` is the least wait. Further steps down
    /// are part of the same fall.
    pub(crate) fn went_down(&mut self, pause: Duration, now: Instant) {
        let lasted = |since: Instant| now.saturating_duration_since(since) >= LASTING;
        match self.went_up.take().map(lasted) {
            Some(false) => {
                self.hold(pause * (1 << self.failed), now);
                self.failed = (self.failed + 1).min(DOUBLINGS_MAX);
            }
            Some(true) => {
                self.failed = 0;
                self.hold(pause, now);
            }
            None => self.hold(pause, now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAUSE: Duration = Duration::from_secs(3);
    const SECOND: Duration = Duration::from_secs(1);

    /// Goes up as soon as it may, and down again a second after.
    fn wait_for_next(upgrades: &mut Upgrades, now: &mut Instant, lasts: Duration) -> u64 {
        upgrades.went_up(*now);
        *now += lasts;
        upgrades.went_down(PAUSE, *now);
        let from = *now;
        while upgrades.are_held(*now) {
            *now += SECOND;
        }
        now.duration_since(from).as_secs()
    }

    #[test]
    fn upgrades_that_do_not_last_come_later_each_time() {
        let (mut upgrades, mut now) = (Upgrades::default(), Instant::now());
        let waits = [SECOND; 5].map(|lasts| wait_for_next(&mut upgrades, &mut now, lasts));
        assert_eq!(waits, [3, 6, 12, 24, 24]);
    }

    #[test]
    fn one_that_lasts_makes_up_for_those_before() {
        let (mut upgrades, mut now) = (Upgrades::default(), Instant::now());
        let waits = [SECOND, SECOND, LASTING, SECOND];
        let waits = waits.map(|lasts| wait_for_next(&mut upgrades, &mut now, lasts));
        assert_eq!(waits, [3, 6, 3, 3]);
    }

    #[test]
    fn several_steps_down_are_one_fall() {
        let (mut upgrades, now) = (Upgrades::default(), Instant::now());
        upgrades.went_up(now);
        upgrades.went_down(PAUSE, now + SECOND);
        upgrades.went_down(PAUSE, now + SECOND);
        assert!(!upgrades.are_held(now + SECOND + PAUSE));
    }
}
