//! How fast a client may send: a bucket of tokens that refills with time.

use std::time::Instant;

use crate::limits::SessionLimits;

/// One client's allowance.
#[derive(Debug)]
pub(super) struct Allowance {
    tokens: f64,
    /// Messages refused since the last one that was let through.
    refused: u32,
    filled: Instant,
    burst: f64,
    per_second: f64,
    patience: u32,
}

/// What becomes of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is let through.
    Pass,
    /// It is refused.
    Refuse,
    /// It is refused, and so many were before that the connection ends.
    End,
}

impl Allowance {
    pub(super) fn new(limits: &SessionLimits, now: Instant) -> Self {
        Self {
            tokens: f64::from(limits.burst),
            refused: 0,
            filled: now,
            burst: f64::from(limits.burst),
            per_second: f64::from(limits.per_second),
            patience: limits.refused,
        }
    }

    /// A message has come.
    pub(super) fn take(&mut self, now: Instant) -> Verdict {
        let passed = now.saturating_duration_since(self.filled).as_secs_f64();
        self.filled = now;
        self.tokens = (self.tokens + passed * self.per_second).min(self.burst);
        if self.tokens >= 1.0 {
            self.tokens -= 1.0;
            self.refused = 0;
            return Verdict::Pass;
        }
        self.refused += 1;
        if self.refused > self.patience {
            Verdict::End
        } else {
            Verdict::Refuse
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn limits() -> SessionLimits {
        SessionLimits {
            burst: 3,
            per_second: 2,
            refused: 2,
            ..SessionLimits::default()
        }
    }

    #[test]
    fn a_burst_passes_and_then_the_long_run_counts() {
        let start = Instant::now();
        let mut allowance = Allowance::new(&limits(), start);
        for _ in 0..3 {
            assert_eq!(allowance.take(start), Verdict::Pass);
        }
        assert_eq!(allowance.take(start), Verdict::Refuse);
        let later = start + Duration::from_millis(500);
        assert_eq!(allowance.take(later), Verdict::Pass);
        assert_eq!(allowance.take(later), Verdict::Refuse);
    }

    #[test]
    fn an_idle_client_saves_no_more_than_a_burst() {
        let start = Instant::now();
        let mut allowance = Allowance::new(&limits(), start);
        let later = start + Duration::from_secs(3_600);
        let passed = (0..10).filter(|_| allowance.take(later) == Verdict::Pass);
        assert_eq!(passed.count(), 3);
    }

    #[test]
    fn a_client_that_does_not_stop_is_cut_off() {
        let start = Instant::now();
        let mut allowance = Allowance::new(&limits(), start);
        let verdicts: Vec<Verdict> = (0..6).map(|_| allowance.take(start)).collect();
        assert_eq!(verdicts[3..5], [Verdict::Refuse, Verdict::Refuse]);
        assert_eq!(verdicts[5], Verdict::End);
    }
}
