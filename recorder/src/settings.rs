//! What recordings are like, and how patient their supervision is.

use std::{path::PathBuf, time::Duration};

/// What recordings are like, and how patient their supervision is.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Where recordings are kept while they are made.
    pub folder: PathBuf,
    /// The browser; looked for in `PATH` when it is not given.
    pub chromium: Option<PathBuf>,
    /// The folder of `ffmpeg` and `ffprobe`; looked for in `PATH` when it is
    /// not given.
    pub ffmpeg: Option<PathBuf>,
    /// Whom the browser runs as when the server runs as root.
    pub user: String,
    /// Which address the name in the page's address means, where that is no
    /// loopback address: a rule for the browser's resolver.
    pub host_rule: Option<String>,
    /// Width of the picture in pixels.
    pub width: u32,
    /// Height of the picture in pixels.
    pub height: u32,
    /// Pictures a second.
    pub frame_rate: u32,
    /// Bits a second of the picture. Chromium's encoder levels off near
    /// 1.5 Mbit/s; less than that blurs text.
    pub video_bitrate: u32,
    /// Bits a second of the sound.
    pub audio_bitrate: u32,
    /// How long a volume is.
    pub volume: Duration,
    /// How long a browser may take until its page says hello.
    pub hello: Duration,
    /// How long the page may take from there until it records.
    pub begin: Duration,
    /// How long it may say nothing while it records.
    pub silence: Duration,
    /// How long it may take to send what is left when it stops.
    pub stop: Duration,
    /// The pause before the second try after a failure; it doubles with each.
    pub back_off: Duration,
    /// How many tries in a row may come to nothing before it is given up.
    pub tries: u32,
    /// How many recordings run at once; 0 is one per processor but one.
    pub at_once: usize,
    /// Space on the disk that is left free, in bytes.
    pub keep_free: u64,
}

impl Settings {
    /// The settings of a folder, everything else as it usually is.
    #[must_use]
    pub fn of(folder: PathBuf) -> Self {
        Self {
            folder,
            chromium: None,
            ffmpeg: None,
            user: "nobody".to_owned(),
            host_rule: None,
            width: 1_280,
            height: 720,
            frame_rate: 30,
            video_bitrate: 2_500_000,
            audio_bitrate: 128_000,
            volume: Duration::from_secs(4 * 60 * 60),
            hello: Duration::from_secs(20),
            begin: Duration::from_secs(30),
            silence: Duration::from_secs(10),
            stop: Duration::from_secs(10),
            back_off: Duration::from_secs(2),
            tries: 5,
            at_once: 0,
            keep_free: 500_000_000,
        }
    }
}
