//! Settings of the REST API.

use serde::{Deserialize, Serialize};

use super::Problem;

pub(super) const ALLOWED: &[(&str, &str)] = &[
    (
        "api",
        "a section with the keys requests_per_second, statistics_per_second",
    ),
    (
        "api.requests_per_second",
        "a whole number from 1 to 1000: requests a second for each token",
    ),
    (
        "api.statistics_per_second",
        "a whole number from 1 to 1000: requests a second for each token; 4 as usual",
    ),
];

/// The REST API.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ApiConfig {
    /// How many requests a second a token may make, but for statistics and
    /// videos. Default 50.
    pub requests_per_second: u32,
    /// How many requests a second a token may make for statistics and videos.
    /// Default 4, as integrators expect.
    pub statistics_per_second: u32,
}

impl Default for ApiConfig {
    fn default() -> Self {
        Self {
            requests_per_second: 50,
            statistics_per_second: 4,
        }
    }
}

impl ApiConfig {
    pub(super) fn problem(&self) -> Option<Problem> {
        let rates = [
            ("api.requests_per_second", self.requests_per_second),
            ("api.statistics_per_second", self.statistics_per_second),
        ];
        let (key, rate) = rates
            .into_iter()
            .find(|(_, rate)| !(1..=1_000).contains(rate))?;
        Some(Problem::new(key, format!("{rate} is out of range")))
    }
}
