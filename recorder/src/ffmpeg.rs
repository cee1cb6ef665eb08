//! What is asked of ffmpeg.

use std::{io, path::Path, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{ChildStdout, Command},
    sync::mpsc,
};

use crate::{Tools, command::nice};

/// How much of what ffmpeg says is kept, in bytes.
const WORDS_MAX: u64 = 16 * 1024;

/// Why ffmpeg did not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failed {
    #[error("ffmpeg cannot be run: {0}")]
    Run(#[from] io::Error),
    #[error("ffmpeg failed: {0}")]
    Said(String),
}

/// A share of all the work, for the percentage.
pub(crate) struct Share<'a> {
    pub(crate) progress: &'a mpsc::Sender<u8>,
    /// How long the result is.
    pub(crate) duration: Duration,
    pub(crate) from: u8,
    pub(crate) to: u8,
}

/// Makes `video.mp4` in a folder of a list of parts: copies the picture and
/// makes AAC of the sound.
pub(crate) async fn convert(
    tools: &Tools,
    list: &Path,
    folder: &Path,
    share: &Share<'_>,
) -> Result<(), Failed> {
    let mut command = nice(tools, &tools.ffmpeg);
    command
        .args(["-v", "error", "-nostats", "-progress", "pipe:1", "-y"])
        .args(["-f", "concat", "-safe", "0", "-i"])
        .arg(list)
        .args(["-map", "0:v:0", "-map", "0:a:0", "-c:v", "copy"])
        .args(["-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", "48000"])
        .args(["-af", "aresample=async=1:first_pts=0"])
        .args(["-movflags", "+faststart", "video.mp4"])
        .current_dir(folder);
    run(command, share).await
}

/// Makes `hls/` beside `video.mp4` in a folder. Not in one go with that:
/// ffmpeg 5.1 would tell players a wrong length of the last segment.
pub(crate) async fn stream(tools: &Tools, folder: &Path) -> Result<(), Failed> {
    let mut command = nice(tools, &tools.ffmpeg);
    command
        .args(["-v", "error", "-y", "-i", "video.mp4"])
        .args(["-map", "0", "-c", "copy", "-f", "hls", "-hls_time", "6"])
        .args(["-hls_playlist_type", "vod", "-hls_segment_type", "fmp4"])
        .args(["-hls_flags", "independent_segments+single_file"])
        .args(["-hls_segment_filename", "hls/media.mp4", "hls/v0.m3u8"])
        .current_dir(folder);
    quietly(command).await
}

/// Copies a part with its picture first. Browsers write picture and sound in
/// any order, and parts are joined by the places of their streams.
pub(crate) async fn straighten(tools: &Tools, part: &Path, to: &Path) -> Result<(), Failed> {
    let mut command = nice(tools, &tools.ffmpeg);
    command
        .args(["-v", "error", "-y", "-i"])
        .arg(part)
        .args(["-map", "0:v:0", "-map", "0:a:0", "-c", "copy"])
        .arg(to);
    quietly(command).await
}

/// Decodes all of a file, and fails where that is not possible.
pub(crate) async fn decode(tools: &Tools, file: &Path, share: &Share<'_>) -> Result<(), Failed> {
    let mut command = nice(tools, &tools.ffmpeg);
    command
        .args(["-v", "error", "-xerror", "-nostats", "-progress", "pipe:1"])
        .args(["-threads", "1", "-i"])
        .arg(file)
        .args(["-map", "0", "-f", "null", "-"]);
    run(command, share).await
}

/// Takes one picture of a file.
pub(crate) async fn poster(
    tools: &Tools,
    file: &Path,
    at: Duration,
    to: &Path,
) -> Result<(), Failed> {
    let mut command = nice(tools, &tools.ffmpeg);
    command
        .args(["-v", "error", "-y", "-ss", &at.as_secs_f64().to_string()])
        .arg("-i")
        .arg(file)
        .args(["-frames:v", "1", "-q:v", "4"])
        .arg(to);
    quietly(command).await
}

/// Runs it without telling how far it is.
async fn quietly(command: Command) -> Result<(), Failed> {
    let (progress, _) = mpsc::channel(1);
    let share = Share {
        progress: &progress,
        duration: Duration::ZERO,
        from: 0,
        to: 0,
    };
    run(command, &share).await
}

async fn run(mut command: Command, share: &Share<'_>) -> Result<(), Failed> {
    let mut child = command.spawn()?;
    let out = child.stdout.take();
    let mut words = String::new();
    let mut said = child.stderr.take().map(|said| said.take(WORDS_MAX));
    let listened = async {
        if let Some(said) = &mut said {
            // words that are no text say nothing
            said.read_to_string(&mut words).await.ok();
        }
    };
    tokio::join!(report(out, share), listened);
    // more words than are kept must not hold it up
    drop(said);
    let status = child.wait().await?;
    if status.success() {
        return Ok(());
    }
    let words = words.trim();
    Err(Failed::Said(match words.is_empty() {
        true => status.to_string(),
        false => words.to_owned(),
    }))
}

/// Reads how far it is: lines of `name=value`.
async fn report(out: Option<ChildStdout>, share: &Share<'_>) {
    let Some(out) = out else { return };
    let mut lines = BufReader::new(out).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some(done) = line.strip_prefix("out_time_us=")
            && let Ok(done) = done.parse::<u64>()
        {
            // who does not listen gets the next one
            share.progress.try_send(share.percent(done)).ok();
        }
    }
}

impl Share<'_> {
    fn percent(&self, done_us: u64) -> u8 {
        let all = u64::try_from(self.duration.as_micros()).unwrap_or(u64::MAX);
        let span = u64::from(self.to - self.from);
        let done = done_us.min(all).saturating_mul(span) / all.max(1);
        self.from + u8::try_from(done).unwrap_or(0)
    }
}
