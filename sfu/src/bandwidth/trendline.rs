//! Whether the queue on the way grows: the slope of the one-way delay against
//! an adaptive threshold.
//!
//! The trendline filter and constants are those of libwebrtc, the detector and
//! its threshold are draft-ietf-rmcat-gcc-02 §5.4 and 5.5.

use std::{collections::VecDeque, time::Instant};

use super::arrival::Spacing;

/// Groups that the line is fitted through.
const WINDOW: usize = 20;
/// Weight of the past in the smoothed delay.
const SMOOTHING: f64 = 0.9;
/// Scales the slope to the range of the threshold.
const GAIN: f64 = 4.0;
/// The slope counts fully after so many groups.
const GROUPS_FULL: u32 = 60;
/// The slope must be steep for so long, in milliseconds of sending time.
const OVERUSE_TIME_MS: f64 = 10.0;
/// The threshold's start and range.
const THRESHOLD_START: f64 = 12.5;
const THRESHOLD_MIN: f64 = 6.0;
const THRESHOLD_MAX: f64 = 600.0;
/// How fast the threshold follows upwards and downwards, per millisecond.
const THRESHOLD_UP: f64 = 0.0087;
const THRESHOLD_DOWN: f64 = 0.039;
/// A slope further than this above the threshold is an outlier (a route
/// change) and does not move it.
const OUTLIER: f64 = 15.0;
/// The threshold moves for at most so many milliseconds at once.
const STEP_MAX_MS: f64 = 100.0;

/// What the queue does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Usage {
    /// It neither grows nor shrinks.
    #[default]
    Normal,
    /// It grows: more is sent than the line carries.
    Over,
    /// It drains.
    Under,
}

/// Estimates the trend of the queueing delay.
#[derive(Debug)]
pub(super) struct Trendline {
    points: VecDeque<(f64, f64)>,
    first_arrival_ms: Option<f64>,
    delay_ms: f64,
    smoothed_ms: f64,
    groups: u32,
    slope: f64,
    steep_ms: Option<f64>,
    steep_groups: u32,
    threshold: f64,
    threshold_moved: Option<Instant>,
    usage: Usage,
}

impl Trendline {
    pub(super) fn new() -> Self {
        Self {
            points: VecDeque::with_capacity(WINDOW + 1),
            first_arrival_ms: None,
            delay_ms: 0.0,
            smoothed_ms: 0.0,
            groups: 0,
            slope: 0.0,
            steep_ms: None,
            steep_groups: 0,
            threshold: THRESHOLD_START,
            threshold_moved: None,
            usage: Usage::Normal,
        }
    }

    pub(super) fn usage(&self) -> Usage {
        self.usage
    }

    pub(super) fn update(&mut self, spacing: Spacing, now: Instant) {
        let first = *self.first_arrival_ms.get_or_insert(spacing.arrival_ms);
        self.groups = self.groups.saturating_add(1);
        self.delay_ms += spacing.received_ms - spacing.sent_ms;
        self.smoothed_ms = SMOOTHING * self.smoothed_ms + (1.0 - SMOOTHING) * self.delay_ms;
        self.points
            .push_back((spacing.arrival_ms - first, self.smoothed_ms));
        if self.points.len() > WINDOW {
            self.points.pop_front();
        }
        let slope = match self.points.len() {
            WINDOW => fit(&self.points).unwrap_or(self.slope),
            _ => self.slope,
        };
        self.detect(slope, spacing.sent_ms, now);
    }

    fn detect(&mut self, slope: f64, sent_ms: f64, now: Instant) {
        if self.groups < 2 {
            return;
        }
        let trend = f64::from(self.groups.min(GROUPS_FULL)) * slope * GAIN;
        if trend > self.threshold {
            self.steepen(slope, sent_ms);
        } else {
            self.steep_ms = None;
            self.steep_groups = 0;
            self.usage = match trend < -self.threshold {
                true => Usage::Under,
                false => Usage::Normal,
            };
        }
        self.slope = slope;
        self.move_threshold(trend.abs(), now);
    }

    fn steepen(&mut self, slope: f64, sent_ms: f64) {
        // the slope was exceeded somewhere within the first group: half of it
        let steep_ms = self.steep_ms.map_or(sent_ms / 2.0, |ms| ms + sent_ms);
        self.steep_ms = Some(steep_ms);
        self.steep_groups += 1;
        if steep_ms > OVERUSE_TIME_MS && self.steep_groups > 1 && slope >= self.slope {
            self.steep_ms = Some(0.0);
            self.steep_groups = 0;
            self.usage = Usage::Over;
        }
    }

    fn move_threshold(&mut self, trend: f64, now: Instant) {
        let last = self.threshold_moved.replace(now).unwrap_or(now);
        if trend > self.threshold + OUTLIER {
            return;
        }
        let speed = match trend < self.threshold {
            true => THRESHOLD_DOWN,
            false => THRESHOLD_UP,
        };
        let elapsed_ms = now.saturating_duration_since(last).as_secs_f64() * 1_000.0;
        let step = speed * (trend - self.threshold) * elapsed_ms.min(STEP_MAX_MS);
        self.threshold = (self.threshold + step).clamp(THRESHOLD_MIN, THRESHOLD_MAX);
    }
}

/// The slope of the least-squares line.
fn fit(points: &VecDeque<(f64, f64)>) -> Option<f64> {
    let count = points.len() as f64;
    let mean_x = points.iter().map(|p| p.0).sum::<f64>() / count;
    let mean_y = points.iter().map(|p| p.1).sum::<f64>() / count;
    let (mut covariance, mut variance) = (0.0, 0.0);
    for (x, y) in points {
        covariance += (x - mean_x) * (y - mean_y);
        variance += (x - mean_x) * (x - mean_x);
    }
    (variance > 0.0).then(|| covariance / variance)
}
