//! What is in a file, by ffprobe.

use std::{path::Path, time::Duration};

use serde::Deserialize;

use crate::{Tools, command::nice};

/// What is in a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Probe {
    /// How long it is; zero where the file does not say, as streams do not.
    pub duration: Duration,
    /// How long its picture is; the sound may be longer.
    pub picture: Duration,
    /// Width of the picture in pixels.
    pub width: u32,
    /// Height of the picture in pixels.
    pub height: u32,
    /// Pictures a second, on average.
    pub frame_rate: f64,
    /// The picture's codec as players want it named (RFC 6381).
    pub codec: String,
}

/// Why nothing can be said of a file.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// ffprobe could not be run.
    #[error("ffprobe cannot be run: {0}")]
    Run(#[from] std::io::Error),
    /// It was ended before it had an answer.
    #[error("ffprobe was ended: {0}")]
    Ended(std::process::ExitStatus),
    /// It is no video.
    #[error("no video: {0}")]
    NoVideo(String),
    /// There is no picture or no sound in it.
    #[error("there is no {0} in it")]
    Lacks(&'static str),
}

impl ProbeError {
    /// Whether it is the file's fault: another look will not help.
    pub(crate) fn is_of_the_file(&self) -> bool {
        matches!(self, Self::NoVideo(_) | Self::Lacks(_))
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    streams: Vec<Stream>,
    format: Option<Format>,
}

#[derive(Deserialize)]
struct Format {
    duration: Option<String>,
}

#[derive(Deserialize)]
struct Stream {
    codec_type: String,
    profile: Option<String>,
    level: Option<i32>,
    duration: Option<String>,
    width: Option<u32>,
    height: Option<u32>,
    avg_frame_rate: Option<String>,
}

impl Probe {
    /// Looks into a file.
    ///
    /// # Errors
    /// Says why it is no video with picture and sound.
    pub(crate) async fn of(tools: &Tools, path: &Path) -> Result<Self, ProbeError> {
        let asked = nice(tools, &tools.ffprobe)
            .args([
                "-v",
                "error",
                "-show_streams",
                "-show_format",
                "-of",
                "json",
            ])
            .arg(path)
            .output()
            .await?;
        if asked.status.code().is_none() {
            return Err(ProbeError::Ended(asked.status));
        }
        if !asked.status.success() {
            let why = String::from_utf8_lossy(&asked.stderr);
            return Err(ProbeError::NoVideo(why.trim().to_owned()));
        }
        let answer: Answer = serde_json::from_slice(&asked.stdout)
            .map_err(|error| ProbeError::NoVideo(error.to_string()))?;
        answer.read()
    }
}

impl Answer {
    fn read(self) -> Result<Probe, ProbeError> {
        let stream = |kind: &str| self.streams.iter().find(|one| one.codec_type == kind);
        let video = stream("video").ok_or(ProbeError::Lacks("picture"))?;
        stream("audio").ok_or(ProbeError::Lacks("sound"))?;
        let whole = self
            .format
            .as_ref()
            .and_then(|all| seconds(all.duration.as_ref()));
        let duration = whole.unwrap_or_default();
        Ok(Probe {
            duration,
            picture: seconds(video.duration.as_ref()).unwrap_or(duration),
            width: video.width.unwrap_or(0),
            height: video.height.unwrap_or(0),
            frame_rate: video.frame_rate(),
            codec: video.codec(),
        })
    }
}

fn seconds(text: Option<&String>) -> Option<Duration> {
    Duration::try_from_secs_f64(text?.parse().ok()?).ok()
}

impl Stream {
    fn frame_rate(&self) -> f64 {
        let text = self.avg_frame_rate.as_deref().unwrap_or_default();
        let (above, below) = text.split_once('/').unwrap_or((text, "1"));
        match (above.parse::<f64>(), below.parse::<f64>()) {
            (Ok(above), Ok(below)) if below > 0.0 => above / below,
            _ => 0.0,
        }
    }

    fn codec(&self) -> String {
        let profile = match self.profile.as_deref() {
            Some("Constrained Baseline") => "42e0",
            Some("Baseline") => "4200",
            Some("Main") => "4d00",
            _ => "6400",
        };
        format!("avc1.{profile}{:02x}", self.level.unwrap_or(32))
    }
}
