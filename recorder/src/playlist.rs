//! The playlist that players open first (RFC 8216). ffmpeg 5.1 leaves the
//! codecs out when it copies the picture, so it is written here.

use crate::Probe;

/// The codec of the sound that [`crate::Recorder::finish`] makes: AAC.
const SOUND: &str = "mp4a.40.2";

/// The playlist of a video whose stream is in `v0.m3u8` beside it. `bytes` is
/// the length of all of it.
#[must_use]
pub fn master(video: &Probe, bytes: u64) -> String {
    let Probe {
        width,
        height,
        frame_rate,
        codec,
        ..
    } = video;
    let milliseconds = u64::try_from(video.duration.as_millis()).unwrap_or(u64::MAX);
    let bandwidth = bytes.saturating_mul(8_000) / milliseconds.max(1);
    format!(
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n\
         #EXT-X-STREAM-INF:BANDWIDTH={peak},AVERAGE-BANDWIDTH={bandwidth},\
         RESOLUTION={width}x{height},FRAME-RATE={frame_rate:.3},\
         CODECS=\"{codec},{SOUND}\"\nv0.m3u8\n",
        peak = bandwidth.saturating_mul(2),
    )
}
