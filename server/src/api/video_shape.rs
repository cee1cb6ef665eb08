//! What the OpenAPI document tells of [`protocol::Video`], which the pages share
//! and which knows nothing of documents. A test compares the two.

use utoipa::ToSchema;

/// A video: one volume of a recording. Addresses are absolute, signed for a
/// while, and absent as long as there is nothing behind them.
#[derive(ToSchema)]
#[schema(as = Video)]
#[expect(dead_code, reason = "describes the wire")]
pub(super) struct VideoShape {
    /// Its id.
    #[schema(example = "17")]
    id: String,
    /// What it is called; has the room's id in it.
    name: String,
    /// The recorded room.
    #[schema(example = "lesson-7")]
    room_id: String,
    /// The recording whose volume it is, the same id as in webhooks.
    recording_id: String,
    /// Which volume, from 1: one for each four hours.
    #[schema(minimum = 1)]
    volume: u32,
    /// How far it is.
    state: VideoState,
    /// How much is processed, in percent; only while it is being processed.
    #[schema(nullable = false, maximum = 100)]
    progress: Option<u8>,
    /// What keeps a video that is made from getting to its place; the server
    /// tries again and again.
    #[schema(nullable = false, example = "store_unreachable")]
    delayed: Option<String>,
    /// When its first picture was taken: milliseconds since 1970-01-01 UTC.
    created: u64,
    /// Its length in seconds.
    #[schema(nullable = false)]
    duration: Option<f64>,
    /// Seconds that are missing in it, because what recorded it had to be
    /// started again.
    #[schema(nullable = false)]
    missing: Option<f64>,
    /// Bytes of the MP4.
    #[schema(nullable = false)]
    size: Option<u64>,
    /// The HLS playlist.
    #[schema(nullable = false)]
    hls_url: Option<String>,
    /// Host, with its port, of the MP4.
    #[schema(nullable = false, example = "meet.example.org")]
    origin_host: Option<String>,
    /// Path of the MP4 on that host, without the first slash.
    #[schema(nullable = false)]
    origin_resource: Option<String>,
    /// The MP4 as a whole address.
    #[schema(nullable = false)]
    download: Option<String>,
    /// A picture for the player.
    #[schema(nullable = false)]
    poster: Option<String>,
    /// All volumes of the recording, this one included, in their order. Empty in
    /// the search.
    volumes: Vec<VolumeShape>,
}

/// A volume, as the others of its recording name it.
#[derive(ToSchema)]
#[schema(as = VideoVolume)]
#[expect(dead_code, reason = "describes the wire")]
struct VolumeShape {
    /// The video's id.
    id: String,
    /// Which volume, from 1.
    #[schema(minimum = 1)]
    volume: u32,
    /// How far it is.
    state: VideoState,
    /// Its length in seconds.
    #[schema(nullable = false)]
    duration: Option<f64>,
    /// The query with which its page can be opened, signed for a while.
    query: String,
}

/// How far a video is.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the wire")]
enum VideoState {
    /// It is being made.
    Processing,
    /// It is there.
    Ready,
    /// Nothing of it can be used.
    Failed,
}
