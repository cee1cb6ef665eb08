//! The line's capacity as remembered from the moments when it was full.

/// Weight of a new sample.
const WEIGHT: f64 = 0.05;

/// Range of the variance, relative to the estimate in kbit/s.
const DEVIATION_MIN: f64 = 0.4;
const DEVIATION_MAX: f64 = 2.5;

/// A running mean of what arrived when the line was overused, with its spread
/// (libwebrtc's link capacity estimator).
#[derive(Debug)]
pub(super) struct LinkCapacity {
    kbps: Option<f64>,
    deviation: f64,
}

impl LinkCapacity {
    pub(super) fn new() -> Self {
        Self {
            kbps: None,
            deviation: DEVIATION_MIN,
        }
    }

    /// The line carried so much, in bits per second, when it was full.
    pub(super) fn on_overuse(&mut self, bps: f64) {
        let sample = bps / 1_000.0;
        if self.is_outside(bps, -1.0) {
            self.forget();
        }
        let before = self.kbps.unwrap_or(sample);
        let error = before - sample;
        let after = before + WEIGHT * (sample - before);
        let spread = error * error / after.max(1.0);
        let deviation = (1.0 - WEIGHT) * self.deviation + WEIGHT * spread;
        self.deviation = deviation.clamp(DEVIATION_MIN, DEVIATION_MAX);
        self.kbps = Some(after);
    }

    /// Forgets the capacity when clearly more than it has arrived.
    pub(super) fn on_delivered(&mut self, bps: f64) {
        if self.is_outside(bps, 1.0) {
            self.forget();
        }
    }

    /// Whether a capacity is known, and so the estimate is near the limit.
    pub(super) fn is_known(&self) -> bool {
        self.kbps.is_some()
    }

    pub(super) fn forget(&mut self) {
        self.kbps = None;
    }

    fn is_outside(&self, bps: f64, side: f64) -> bool {
        self.kbps.is_some_and(|kbps| {
            let bound = kbps + side * 3.0 * (self.deviation * kbps).sqrt();
            side * (bps / 1_000.0 - bound) > 0.0
        })
    }
}
