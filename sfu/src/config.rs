//! Tuning constants of a room, with what more or less of each costs.

use std::time::Duration;

use crate::bandwidth::BandwidthConfig;

/// How a room forwards.
#[derive(Debug, Clone)]
pub struct RoomConfig {
    /// Least time between two keyframe requests for one layer. Less makes
    /// bursts of keyframes, more lets newcomers wait; browsers ignore requests
    /// within 300 ms of a keyframe.
    pub keyframe_interval: Duration,
    /// How long retransmissions stay possible. More costs memory.
    pub cache_depth: Duration,
    /// The most bytes that the cache of one layer may take.
    pub cache_bytes: usize,
    /// How long a missing packet may be merely late before it is asked for.
    pub reorder_tolerance: Duration,
    /// How often a missing packet is asked for before it is given up.
    pub nack_tries: u8,
    /// How often reports (RFC 3550 §6) are sent.
    pub report_interval: Duration,
    /// How often layers are chosen anew.
    pub layer_interval: Duration,
    /// A camera layer that has sent nothing for so long is silent, and the
    /// next one takes over.
    pub layer_silence: Duration,
    /// After a slot had to go down, so long it stays there; longer each time
    /// when what it had gone up to did not last. More is calmer, less is
    /// sharper.
    pub upgrade_hold: Duration,
    /// An upgrade needs this share of its cost, in percent, as spare bitrate
    /// on top. More is calmer.
    pub upgrade_margin: u32,
    /// How downlinks are measured.
    pub bandwidth: BandwidthConfig,
    /// How often loudness is looked at.
    pub speaker_interval: Duration,
    /// Least time between two [`crate::Event::Speakers`].
    pub speaker_event_interval: Duration,
    /// How long a speaker stays one after their last loud packet.
    pub speaker_hold: Duration,
    /// How often the quality of connections is judged.
    pub quality_interval: Duration,
}

impl Default for RoomConfig {
    fn default() -> Self {
        Self {
            keyframe_interval: Duration::from_millis(300),
            cache_depth: Duration::from_millis(1_000),
            cache_bytes: 1 << 20,
            reorder_tolerance: Duration::from_millis(10),
            nack_tries: 10,
            report_interval: Duration::from_secs(1),
            layer_interval: Duration::from_millis(200),
            layer_silence: Duration::from_millis(600),
            upgrade_hold: Duration::from_secs(3),
            upgrade_margin: 15,
            bandwidth: BandwidthConfig::default(),
            speaker_interval: Duration::from_millis(50),
            speaker_event_interval: Duration::from_millis(200),
            speaker_hold: Duration::from_millis(1_200),
            quality_interval: Duration::from_secs(2),
        }
    }
}
