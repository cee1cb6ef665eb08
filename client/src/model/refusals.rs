//! What was refused.
//!
//! Notices are for people: the same is told once until it is seen. Who asks by
//! program wants to know of each time.

use protocol::{ErrorCode, Source};

/// The most that are kept; the oldest make room.
const KEPT: usize = 32;

/// The latest refusals.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusals {
    /// How many there were.
    count: u32,
    /// The latest, oldest first.
    latest: Vec<Refusal>,
}

/// Something was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub code: ErrorCode,
    /// What was to be switched on, if that was it.
    pub source: Option<Source>,
}

impl Refusals {
    /// How many there were.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.count
    }

    /// Those after so many, oldest first.
    pub fn since(&self, count: u32) -> impl DoubleEndedIterator<Item = &Refusal> {
        let new = usize::try_from(self.count.saturating_sub(count)).unwrap_or(KEPT);
        let old = self.latest.len().saturating_sub(new);
        self.latest.iter().skip(old)
    }

    /// One more.
    pub fn add(&mut self, refusal: Refusal) {
        self.count = self.count.saturating_add(1);
        if self.latest.len() >= KEPT {
            self.latest.remove(0);
        }
        self.latest.push(refusal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_kept_and_each_is_told_apart() {
        let mut refusals = Refusals::default();
        let refusal = |code| Refusal { code, source: None };
        for _ in 0..KEPT {
            refusals.add(refusal(ErrorCode::Forbidden));
        }
        let before = refusals.count();
        assert_eq!(refusals.since(before).count(), 0);
        refusals.add(refusal(ErrorCode::Forbidden));
        refusals.add(refusal(ErrorCode::RateLimited));
        let codes: Vec<_> = refusals.since(before).map(|one| one.code).collect();
        assert_eq!(codes, [ErrorCode::Forbidden, ErrorCode::RateLimited]);
        assert_eq!(refusals.since(0).count(), KEPT);
    }
}
