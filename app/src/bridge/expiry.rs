//! When the end of a token is told: early enough for the embedding page to
//! fetch another one.

use std::time::Duration;

/// So long before the end it is told; of tokens that are shorter, at once.
const AHEAD: Duration = Duration::from_secs(120);

/// Timers of browsers are short of memory: after so long they count anew.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// What is to be done about an end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Look {
    /// Tell it: so many milliseconds are left.
    Tell(u64),
    /// Look again after this.
    Again(Duration),
}

/// Looks at a token's end; both in milliseconds since 1970-01-01 UTC.
pub(super) fn look(ends_at: u64, now: u64) -> Look {
    let left = ends_at.saturating_sub(now);
    match Duration::from_millis(left).checked_sub(AHEAD) {
        None | Some(Duration::ZERO) => Look::Tell(left),
        Some(wait) => Look::Again(wait.min(LONGEST)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_told_two_minutes_ahead() {
        let hour = 3_600_000;
        assert_eq!(look(hour, 0), Look::Again(Duration::from_secs(3_480)));
        assert_eq!(look(hour, 3_480_000), Look::Tell(120_000));
        assert_eq!(look(hour, 3_590_000), Look::Tell(10_000));
        assert_eq!(look(hour, 3_700_000), Look::Tell(0));
    }

    #[test]
    fn a_far_end_is_looked_at_every_day() {
        assert_eq!(look(u64::MAX, 0), Look::Again(LONGEST));
    }
}
