//! How long it is until something, in digits.

use crate::browser::clock::duration;

/// The time until `then`, both in milliseconds, as a clock shows it: `3:05:09`
/// or `4:30`; with whole days before it, if there are any. A second that has
/// begun counts as a whole one, so that zero means that the time has come.
pub(crate) fn remaining(now: u64, then: u64) -> Remaining {
    let seconds = then.saturating_sub(now).div_ceil(1_000);
    Remaining {
        days: seconds / 86_400,
        seconds: seconds % 86_400,
    }
}

/// Days and seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Remaining {
    /// Whole days.
    pub(crate) days: u64,
    /// Seconds beyond them.
    seconds: u64,
}

impl Remaining {
    /// The time has come.
    pub(crate) fn is_over(self) -> bool {
        self.days == 0 && self.seconds == 0
    }

    /// What is left beyond whole days, as a clock shows it.
    pub(crate) fn clock(self) -> String {
        match duration(self.seconds) {
            clock if self.days > 0 && self.seconds < 3_600 => format!("0:{clock:0>5}"),
            clock => clock,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_and_hours_look_like_a_clock() {
        assert_eq!(remaining(0, 269_500).clock(), "4:30");
        assert_eq!(remaining(0, 11_109_000).clock(), "3:05:09");
    }

    #[test]
    fn days_are_told_apart() {
        let left = remaining(0, 2 * 86_400_000 + 5_000);
        assert_eq!((left.days, left.clock()), (2, "0:00:05".to_owned()));
    }

    #[test]
    fn the_last_second_counts_until_it_is_over() {
        assert!(!remaining(999, 1_000).is_over());
        assert!(remaining(1_000, 1_000).is_over());
        assert!(remaining(2_000, 1_000).is_over());
    }
}
