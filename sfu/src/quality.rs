//! How good a peer's connection is, from what is measured on both its ways.

use std::time::Duration;

use protocol::QualityScore;

/// What was measured on a connection lately.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Measured {
    /// Part of the packets lost on the worse of both ways, 0 to 1.
    pub(crate) loss: f64,
    /// Variation of the time on the way.
    pub(crate) jitter: Duration,
    /// There and back.
    pub(crate) rtt: Duration,
}

/// Limits of what is good and what is still fair: loss, jitter, round trip.
const GOOD: (f64, Duration, Duration) =
    (0.03, Duration::from_millis(40), Duration::from_millis(350));
const FAIR: (f64, Duration, Duration) =
    (0.10, Duration::from_millis(100), Duration::from_millis(700));

/// Loss among fewer packets than this says less. Somebody who is silent sends
/// two or three a second, and one of them lost is no loss of a third.
const PACKETS_ENOUGH: u32 = 50;

/// A loss, 0 to 1, by how much it says when so many packets were sent.
pub(crate) fn weighed(loss: f64, packets: u32) -> f64 {
    loss * f64::from(packets.min(PACKETS_ENOUGH)) / f64::from(PACKETS_ENOUGH)
}

impl Measured {
    fn score(&self) -> QualityScore {
        if self.is_within(GOOD) {
            QualityScore::Good
        } else if self.is_within(FAIR) {
            QualityScore::Fair
        } else {
            QualityScore::Poor
        }
    }

    fn is_within(&self, (loss, jitter, rtt): (f64, Duration, Duration)) -> bool {
        self.loss <= loss && self.jitter <= jitter && self.rtt <= rtt
    }
}

/// The judgement on one connection. Worse is believed at once, better when it
/// is seen twice.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Quality {
    score: Option<QualityScore>,
    better: Option<QualityScore>,
}

impl Quality {
    /// What was said last.
    pub(crate) fn score(&self) -> Option<QualityScore> {
        self.score
    }

    /// Judges anew. Returns the score if it changed.
    pub(crate) fn judge(&mut self, measured: &Measured) -> Option<QualityScore> {
        let score = measured.score();
        let known = self.score.filter(|known| *known != QualityScore::Lost);
        let improves = known.is_some_and(|known| score > known);
        if improves && self.better.is_none_or(|better| better > score) {
            self.better = Some(score);
            return None;
        }
        self.better = None;
        self.set(score)
    }

    /// The connection is lost. Returns the score if it changed.
    pub(crate) fn lose(&mut self) -> Option<QualityScore> {
        self.better = None;
        self.score?;
        self.set(QualityScore::Lost)
    }

    fn set(&mut self, score: QualityScore) -> Option<QualityScore> {
        (self.score.replace(score) != Some(score)).then_some(score)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(loss: f64) -> Measured {
        Measured {
            loss,
            ..Measured::default()
        }
    }

    #[test]
    fn worse_is_believed_at_once_and_better_when_seen_twice() {
        let mut quality = Quality::default();
        assert_eq!(quality.judge(&loss(0.0)), Some(QualityScore::Good));
        assert_eq!(quality.judge(&loss(0.2)), Some(QualityScore::Poor));
        assert_eq!(quality.judge(&loss(0.0)), None);
        assert_eq!(quality.judge(&loss(0.0)), Some(QualityScore::Good));
    }

    #[test]
    fn one_packet_lost_in_silence_says_nothing_and_many_do() {
        assert_eq!(loss(weighed(0.5, 2)).score(), QualityScore::Good);
        assert_eq!(loss(weighed(1.0, 12)).score(), QualityScore::Poor);
        assert_eq!(loss(weighed(0.2, 100)).score(), QualityScore::Poor);
    }

    #[test]
    fn a_lost_connection_that_returns_is_judged_at_once() {
        let mut quality = Quality::default();
        assert_eq!(quality.lose(), None, "it has not been there yet");
        quality.judge(&loss(0.0));
        assert_eq!(quality.lose(), Some(QualityScore::Lost));
        assert_eq!(quality.judge(&loss(0.05)), Some(QualityScore::Fair));
    }
}
