//! Makes the video of a volume of its parts, and looks whether it is good.

use std::{
    ffi::OsString,
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::sync::mpsc;
use tracing::warn;

use crate::{
    Probe, ProbeError, Tools,
    ffmpeg::{self, Failed, Share},
    matroska, playlist,
};

/// Where the poster is taken, if the video is so long.
const POSTER_AT: Duration = Duration::from_secs(10);
/// How much longer or shorter than its parts a video may be.
const TOLERANCE: f64 = 0.02;
/// The end of a part's sound may be cut by so much more, in seconds.
const SLACK: f64 = 0.5;
/// What the names of drafts end with.
const DRAFT: &str = "tmp";
/// How far it is when the video is made; the rest is looking at it.
const CONVERTED: u8 = 50;

/// A part as it came from the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawPart {
    /// The file.
    pub path: PathBuf,
    /// When its first picture was taken: milliseconds since 1970-01-01 UTC.
    pub at: u64,
}

/// A video that was made.
#[derive(Debug, Clone, PartialEq)]
pub struct Video {
    /// What is in it.
    pub probe: Probe,
    /// Bytes of the file for downloads.
    pub bytes: u64,
    /// What is missing between its parts.
    pub missing: Duration,
}

/// Why there is no video.
#[derive(Debug, thiserror::Error)]
pub enum FinishError {
    /// Nothing in it can be used; another try will not help.
    #[error("no part of it can be used")]
    Nothing,
    /// The disk failed or is full.
    #[error("the disk: {0}")]
    Disk(#[from] io::Error),
    /// ffmpeg failed.
    #[error("{0}")]
    Tool(String),
    /// What was made is not good.
    #[error("what was made is not good: {0}")]
    Bad(String),
}

impl From<Failed> for FinishError {
    fn from(failed: Failed) -> Self {
        Self::Tool(failed.to_string())
    }
}

/// Makes the video in a folder beside `target`, looks whether it is good, and
/// gives it its name.
pub(crate) async fn finish(
    tools: &Tools,
    parts: &[RawPart],
    target: &Path,
    progress: mpsc::Sender<u8>,
) -> Result<Video, FinishError> {
    let draft = Draft::make(target)?;
    let good = draft.usable(tools, parts).await?;
    if good.is_empty() {
        return Err(FinishError::Nothing);
    }
    let expected = good.iter().map(|part| part.probe.duration).sum();
    draft.list(&good)?;
    let share = |from, to| Share {
        progress: &progress,
        duration: expected,
        from,
        to,
    };
    ffmpeg::convert(
        tools,
        &draft.at("parts.txt"),
        &draft.0,
        &share(0, CONVERTED),
    )
    .await?;
    ffmpeg::stream(tools, &draft.0).await?;
    let probe = check(tools, &draft, expected).await?;
    let file = draft.at("video.mp4");
    ffmpeg::decode(tools, &file, &share(CONVERTED, 99)).await?;
    let at = POSTER_AT.min(probe.duration / 2);
    ffmpeg::poster(tools, &file, at, &draft.at("poster.jpg")).await?;
    let stream = fs::metadata(draft.at("hls/media.mp4"))?.len();
    fs::write(
        draft.at("hls/master.m3u8"),
        playlist::master(&probe, stream),
    )?;
    for part in &good {
        fs::remove_file(&part.straight)?;
    }
    fs::remove_file(draft.at("parts.txt"))?;
    let bytes = fs::metadata(&file)?.len();
    draft.publish(target)?;
    Ok(Video {
        missing: missing(&good),
        probe,
        bytes,
    })
}

/// A part with picture and sound.
struct Usable {
    at: u64,
    probe: Probe,
    /// A copy of it that can be joined with others.
    straight: PathBuf,
}

fn missing(parts: &[Usable]) -> Duration {
    let gaps = parts.windows(2).map(|pair| {
        let [before, after] = pair else {
            return 0;
        };
        let length = u64::try_from(before.probe.duration.as_millis()).unwrap_or(u64::MAX);
        after.at.saturating_sub(before.at.saturating_add(length))
    });
    Duration::from_millis(gaps.sum())
}

/// What there is to see in a file; nothing when it is no video with picture
/// and sound.
async fn look(tools: &Tools, path: &Path) -> Result<Option<Probe>, FinishError> {
    match Probe::of(tools, path).await {
        Ok(probe) => Ok(Some(probe)),
        Err(error) if error.is_of_the_file() => {
            warn!(%error, "A part of a recording cannot be used");
            Ok(None)
        }
        Err(error) => Err(FinishError::Tool(error.to_string())),
    }
}

/// Cuts off what is not whole of a part: its browser or the server may have
/// died while it was written. Gives whether anything is left.
async fn mend(part: &Path) -> io::Result<bool> {
    let part = part.to_path_buf();
    tokio::task::spawn_blocking(move || matroska::mend(&part))
        .await
        .map_err(io::Error::other)?
}

async fn check(tools: &Tools, draft: &Draft, expected: Duration) -> Result<Probe, FinishError> {
    let look = async |name| {
        let probe = Probe::of(tools, &draft.at(name)).await;
        probe.map_err(|error: ProbeError| FinishError::Bad(format!("{name}: {error}")))
    };
    let (file, stream) = (look("video.mp4").await?, look("hls/v0.m3u8").await?);
    // segments are as long as their picture; the sound may be longer
    for (name, made, expected) in [
        ("video.mp4", file.duration, expected),
        ("hls/v0.m3u8", stream.duration, file.picture),
    ] {
        let (made, expected) = (made.as_secs_f64(), expected.as_secs_f64());
        if (made - expected).abs() > expected * TOLERANCE + SLACK {
            let why = format!("{name} has {made:.2} s of {expected:.2} s");
            return Err(FinishError::Bad(why));
        }
    }
    Ok(file)
}

/// Deletes drafts that a server left that was killed.
pub(crate) fn sweep(all: &Path) {
    let entries = |folder: &Path| fs::read_dir(folder).into_iter().flatten().flatten();
    let drafts = entries(all)
        .flat_map(|recording| entries(&recording.path()))
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|kind| kind == DRAFT));
    for draft in drafts {
        if let Err(error) = fs::remove_dir_all(&draft) {
            warn!(%error, draft = %draft.display(), "A half made video could not be deleted");
        }
    }
}

/// A folder that goes away unless it is published.
struct Draft(PathBuf);

impl Draft {
    fn make(target: &Path) -> io::Result<Self> {
        let mut name = OsString::from(target);
        // a name of its own: what an earlier server started may still write
        name.push(format!(".{:08x}.{DRAFT}", rand::random::<u32>()));
        let draft = Self(name.into());
        fs::create_dir_all(draft.at("hls"))?;
        Ok(draft)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The parts with picture and sound, with copies that can be joined.
    ///
    /// A part says of itself what was to come, and not how long it is. That
    /// tells its copy, which lacks what did not come.
    async fn usable(&self, tools: &Tools, parts: &[RawPart]) -> Result<Vec<Usable>, FinishError> {
        let mut good = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            if !mend(&part.path).await? || look(tools, &part.path).await?.is_none() {
                continue;
            }
            let straight = self.at(&format!("part{number}.mp4"));
            ffmpeg::straighten(tools, &part.path, &straight).await?;
            let probe = look(tools, &straight).await?;
            let Some(probe) = probe.filter(|probe| !probe.duration.is_zero()) else {
                fs::remove_file(&straight)?;
                continue;
            };
            good.push(Usable {
                at: part.at,
                probe,
                straight,
            });
        }
        Ok(good)
    }

    /// Writes the list that ffmpeg reads.
    fn list(&self, parts: &[Usable]) -> io::Result<()> {
        let mut text = String::from("ffconcat version 1.0\n");
        for part in parts {
            let path = fs::canonicalize(&part.straight)?;
            let path = path.display().to_string().replace('\'', "'\\''");
            writeln!(text, "file '{path}'").map_err(io::Error::other)?;
        }
        fs::write(self.at("parts.txt"), text)
    }

    fn publish(self, target: &Path) -> io::Result<()> {
        if target.exists() {
            fs::remove_dir_all(target)?;
        }
        fs::rename(&self.0, target)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // it is not there any more when it was published
        fs::remove_dir_all(&self.0).ok();
    }
}
