//! Videos of recordings, as `GET /streaming/videos/:id` tells them and the
//! player's page reads them.

use serde::{Deserialize, Serialize};

use crate::{RecordingState, RoomId};

/// A video: one volume of a recording. Addresses are absolute, signed for a
/// while, and absent as long as there is nothing behind them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Video {
    /// Its id.
    pub id: String,
    /// What it is called; has the room's id in it.
    pub name: String,
    /// The recorded room.
    pub room_id: RoomId,
    /// The recording whose volume it is.
    pub recording_id: String,
    /// Which volume, from 1.
    pub volume: u32,
    /// How far it is.
    pub state: RecordingState,
    /// How much is processed, in percent; only while it is being processed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<u8>,
    /// What keeps a video that is made from getting to its place; the server
    /// tries again and again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delayed: Option<StoreTrouble>,
    /// When its first picture was taken: milliseconds since 1970-01-01 UTC.
    pub created: u64,
    /// Its length in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// Seconds that are missing in it, because what recorded it had to be
    /// started again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<f64>,
    /// Bytes of the MP4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The HLS playlist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hls_url: Option<String>,
    /// Host, with its port, of the MP4.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_host: Option<String>,
    /// Path and query of the MP4 on that host, without the first slash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_resource: Option<String>,
    /// The MP4 as a whole address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub download: Option<String>,
    /// A picture for the player.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster: Option<String>,
    /// All volumes of the recording, this one included, in their order.
    #[serde(default)]
    pub volumes: Vec<VideoVolume>,
}

/// A volume, as the others of its recording name it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VideoVolume {
    /// The video's id.
    pub id: String,
    /// Which volume, from 1.
    pub volume: u32,
    /// How far it is.
    pub state: RecordingState,
    /// Its length in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// The query with which its page can be opened, signed for a while; empty
    /// where none is needed.
    #[serde(default)]
    pub query: String,
}

/// Why videos cannot be brought to the store that the operator chose, or got
/// from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreTrouble {
    /// Nobody answers there, or too late.
    StoreUnreachable,
    /// It does not take the key, or the key may not do this.
    StoreDenied,
    /// It has no such bucket.
    StoreNoBucket,
    /// It answers, but not as it should.
    StoreFailed,
    /// The settings name another store than the one that the video is in.
    StoreElsewhere,
    /// A trouble of a newer server.
    #[serde(other)]
    Unknown,
}
