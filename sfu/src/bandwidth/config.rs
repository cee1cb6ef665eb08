//! Tuning of the downlink's bandwidth estimate.

use std::time::Duration;

use super::Bitrate;

/// What bounds the estimate and how eagerly more is looked for.
#[derive(Debug, Clone)]
pub struct BandwidthConfig {
    /// The estimate before anything was measured. More shows a sharp picture
    /// at once and floods a slow line for its first second; less is careful,
    /// and costs a fast line nothing but the few probes (some 100 ms each)
    /// that lead from here to what the view needs.
    pub start: Bitrate,
    /// The estimate never falls below it: less than this cannot carry the
    /// voices, so falling further would not help anybody.
    pub min: Bitrate,
    /// The estimate never rises above it. More serves larger grids of large
    /// tiles; it bounds what one subscriber can cost.
    pub max: Bitrate,
    /// Time between a probe and the next while more is wanted and the last
    /// probe found more. Shorter finds free bandwidth earlier and sends more
    /// padding.
    pub probe_interval: Duration,
    /// The longest time between probes. It doubles from `probe_interval` with
    /// each probe that found nothing.
    pub probe_interval_max: Duration,
    /// How long one probe lasts. Longer measures better and queues more on a
    /// line that cannot take it.
    pub probe_length: Duration,
}

impl Default for BandwidthConfig {
    fn default() -> Self {
        Self {
            start: Bitrate::from_kbps(600),
            min: Bitrate::from_kbps(50),
            max: Bitrate::from_kbps(20_000),
            probe_interval: Duration::from_secs(2),
            probe_interval_max: Duration::from_secs(8),
            probe_length: Duration::from_millis(20),
        }
    }
}
