//! Recordings: what everybody in a room sees of them, and what the recorder's
//! own page and the server say to each other.

use serde::{Deserialize, Serialize};

/// The recording of a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Recording {
    /// Its id, the same in REST and webhooks.
    pub id: String,
    /// How far it is.
    pub state: RecordingState,
    /// When it was asked for: milliseconds since 1970-01-01 UTC.
    pub since: u64,
    /// How much is processed, in percent; only while it is being processed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<u8>,
}

/// How far a recording is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum RecordingState {
    /// The recorder is on its way; nothing is recorded yet.
    Starting,
    /// It records.
    Recording,
    /// It stopped, and its videos are being made.
    Processing,
    /// Its videos are there.
    Ready,
    /// Nothing of it can be used.
    Failed,
    /// A state of a newer server.
    #[serde(other)]
    Unknown,
}

/// Why this server does not record, for those who may start recordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoRecording {
    /// The operator switched it off.
    Off,
    /// There is no Chromium.
    NoBrowser,
    /// There is no ffmpeg.
    NoFfmpeg,
    /// As many recordings run as the machine can carry.
    Busy,
    /// There is too little space left on the disk.
    DiskFull,
    /// A reason of a newer server.
    #[serde(other)]
    Unknown,
}

/// What the recorder's page says on `/recording/ingest`, as text. A binary
/// message is the number of a volume, four bytes, most significant first, and
/// the next bytes of its Matroska stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum FromRecorder {
    /// First: the page has loaded.
    Hello {
        /// The one-time token of the page's address.
        token: String,
    },
    /// The captured picture has the right size and stays so.
    Settled {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// The captured picture did not get the right size.
    Unsettled {
        /// The page's inner width in pixels.
        inner_width: u32,
        /// The page's inner height in pixels.
        inner_height: u32,
    },
    /// The first bytes of a volume follow.
    Started {
        /// The volume, from 1.
        volume: u32,
        /// The form, with codecs.
        mime: String,
        /// When its first picture was taken: milliseconds since 1970-01-01 UTC.
        at: u64,
    },
    /// All bytes of a volume were sent.
    Done {
        /// The volume.
        volume: u32,
    },
    /// It cannot go on.
    Failed {
        /// Why, for the log: the name and text of the browser's error.
        reason: String,
    },
}

/// What the server says to the recorder's page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum ToRecorder {
    /// Answers `hello`: record this volume, in this form.
    Record {
        /// The volume, from 1.
        volume: u32,
        /// Width of the picture in pixels.
        width: u32,
        /// Height of the picture in pixels.
        height: u32,
        /// Pictures a second.
        frame_rate: u32,
        /// Bits a second of the picture.
        video_bitrate: u32,
        /// Bits a second of the sound.
        audio_bitrate: u32,
        /// Milliseconds from one keyframe to the next.
        keyframe_ms: u32,
        /// Milliseconds from one piece to the next.
        slice_ms: u32,
    },
    /// Start the next volume, then end the one before: no moment is missing.
    Split {
        /// The next volume.
        volume: u32,
    },
    /// End all volumes, say `done` for each and close.
    Stop,
}
