//! Settings of recordings.

use std::{path::PathBuf, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Problem, StorageConfig};

pub(super) const ALLOWED: &[(&str, &str)] = &[
    (
        "recording",
        "a section with the keys enabled, folder, chromium, ffmpeg, user, at_once, volume_minutes, auto_start_seconds, auto_stop_seconds, keep_days, keep_free_mb, link_hours, storage",
    ),
    ("recording.enabled", "true or false"),
    ("recording.folder", "the path of a folder"),
    (
        "recording.chromium",
        "the path of the program, such as \"/usr/bin/chromium\"",
    ),
    (
        "recording.ffmpeg",
        "the path of the folder with ffmpeg and ffprobe, such as \"/usr/bin\"",
    ),
    ("recording.user", "the name of a user of this machine"),
    (
        "recording.at_once",
        "a number, where 0 means one per processor but one",
    ),
    (
        "recording.volume_minutes",
        "a number of minutes from 0.05 to 1440",
    ),
    ("recording.auto_start_seconds", "a number of seconds"),
    ("recording.auto_stop_seconds", "a number of seconds"),
    (
        "recording.keep_days",
        "a number of days, where 0 means for ever",
    ),
    ("recording.keep_free_mb", "a number of megabytes"),
    ("recording.link_hours", "a number of hours from 1 to 8760"),
];

/// Recordings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RecordingConfig {
    /// Whether meetings can be recorded. Default: yes, when Chromium and
    /// ffmpeg are there.
    pub enabled: bool,
    /// Where recordings are kept. Default: `recordings` beside the database.
    pub folder: Option<PathBuf>,
    /// The browser. Default: looked for in `PATH`.
    pub chromium: Option<PathBuf>,
    /// The folder of `ffmpeg` and `ffprobe`. Default: looked for in `PATH`.
    pub ffmpeg: Option<PathBuf>,
    /// Whom the browser runs as when the server runs as root. Default `nobody`.
    pub user: String,
    /// How many recordings run at once; 0 is one per processor but one. Each
    /// takes one processor and 600 MB. Default 0.
    pub at_once: usize,
    /// How long a video is before the next one begins, in minutes. Default 240.
    pub volume_minutes: f64,
    /// How long after the first one came a meeting of a tenant with
    /// `auto_record` is recorded, in seconds. Default 60.
    pub auto_start_seconds: f64,
    /// How long after the last one left a recording ends, in seconds.
    /// Default 60.
    pub auto_stop_seconds: f64,
    /// How long videos are kept, in days; 0 is for ever. Default 0.
    pub keep_days: u32,
    /// Space on the disk that recordings leave free, in megabytes. Default 500.
    pub keep_free_mb: u64,
    /// How long the addresses of videos are good for, in hours. Default 24.
    pub link_hours: u32,
    /// Where videos are kept. Default: in the folder.
    pub storage: StorageConfig,
}

impl Default for RecordingConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            folder: None,
            chromium: None,
            ffmpeg: None,
            user: "nobody".to_owned(),
            at_once: 0,
            volume_minutes: 240.0,
            auto_start_seconds: 60.0,
            auto_stop_seconds: 60.0,
            keep_days: 0,
            keep_free_mb: 500,
            link_hours: 24,
            storage: StorageConfig::default(),
        }
    }
}

impl RecordingConfig {
    pub(super) fn problem(&self) -> Option<Problem> {
        if !(0.05..=1_440.0).contains(&self.volume_minutes) {
            let what = format!("{} is no length of a video", self.volume_minutes);
            return Some(Problem::new("recording.volume_minutes", what));
        }
        for (key, seconds) in [
            ("recording.auto_start_seconds", self.auto_start_seconds),
            ("recording.auto_stop_seconds", self.auto_stop_seconds),
        ] {
            if !(0.0..=86_400.0).contains(&seconds) {
                return Some(Problem::new(key, format!("{seconds} is out of range")));
            }
        }
        if !(1..=8_760).contains(&self.link_hours) {
            let what = format!("{} is out of range", self.link_hours);
            return Some(Problem::new("recording.link_hours", what));
        }
        self.storage.problem()
    }

    /// How long a volume is.
    #[must_use]
    pub fn volume(&self) -> Duration {
        Duration::from_secs_f64(self.volume_minutes * 60.0)
    }

    /// How long after the first one came a recording starts by itself.
    #[must_use]
    pub fn auto_start(&self) -> Duration {
        Duration::from_secs_f64(self.auto_start_seconds)
    }

    /// How long after the last one left a recording ends.
    #[must_use]
    pub fn auto_stop(&self) -> Duration {
        Duration::from_secs_f64(self.auto_stop_seconds)
    }

    /// What the recorder needs to know of it.
    pub(crate) fn tools(&self, folder: PathBuf) -> recorder::Settings {
        recorder::Settings {
            chromium: self.chromium.clone(),
            ffmpeg: self.ffmpeg.clone(),
            user: self.user.clone(),
            at_once: self.at_once,
            ..recorder::Settings::of(folder)
        }
    }

    /// How long the addresses of videos are good for.
    #[must_use]
    pub fn link(&self) -> Duration {
        Duration::from_secs(u64::from(self.link_hours) * 3_600)
    }
}
