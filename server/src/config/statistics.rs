//! Settings of the statistics.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Problem;

/// A hundred years.
const DAYS_MAX: u32 = 36_500;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

pub(super) const ALLOWED: &[(&str, &str)] = &[
    ("statistics", "a section with the key keep_days"),
    (
        "statistics.keep_days",
        "a number of days from 1 to 36500, or 0 for ever",
    ),
];

/// What is kept of who was in which room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StatisticsConfig {
    /// How many days after its end a visit is forgotten; 0 is never. Default
    /// 400: a year can be compared with the one before.
    pub keep_days: u32,
}

impl Default for StatisticsConfig {
    fn default() -> Self {
        Self { keep_days: 400 }
    }
}

impl StatisticsConfig {
    /// How long visits are kept; nothing is for ever.
    #[must_use]
    pub fn keep(&self) -> Option<Duration> {
        (self.keep_days > 0).then(|| DAY * self.keep_days)
    }

    pub(super) fn problem(&self) -> Option<Problem> {
        let what = format!("{} days are too many", self.keep_days);
        (self.keep_days > DAYS_MAX).then(|| Problem::new("statistics.keep_days", what))
    }
}
