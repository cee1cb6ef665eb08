//! Lets the video of a volume be made and brought to its place, again when it
//! did not work.

use std::{io, time::Duration};

use ::recorder::{FinishError, Folder, PartId, RawPart, Recorder, Video};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use tokio::{sync::mpsc, time::sleep};
use tracing::warn;

use super::{
    Store,
    desk::Happening,
    store::{self, UploadError},
};
use crate::{
    clock::UnixMillis,
    db::{Database, StoredPart, VideoFacts},
    room_key::RoomKey,
};

/// The pause after the first failure; it doubles with each one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest pause: a disk that is full may have space again.
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// How far a video is that is made and has to be brought to a store.
const MADE: u8 = 70;

/// A volume whose parts are there.
pub(super) struct Volume {
    pub(super) recording: String,
    pub(super) volume: u32,
    /// The number of its video.
    pub(super) video: i64,
    pub(super) parts: Vec<StoredPart>,
}

/// A video that is where it is to be.
pub(super) struct Made {
    pub(super) facts: VideoFacts,
    /// None: in the folder of the recordings.
    pub(super) place: Option<String>,
}

/// What it takes.
pub(super) struct Workshop {
    pub(super) recorder: Recorder,
    pub(super) database: Database,
    pub(super) store: Store,
    pub(super) to: mpsc::Sender<(String, Happening)>,
}

/// Why a video is not made yet.
#[derive(Debug, thiserror::Error)]
enum MakeError {
    #[error(transparent)]
    Finish(#[from] FinishError),
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the disk: {0}")]
    Disk(#[from] io::Error),
}

impl Workshop {
    /// Makes the video and brings it to its place. Ends when it is there, when
    /// it cannot be made of these parts, or when nobody wants it any more.
    pub(super) async fn run(self, work: Volume) {
        let result = tokio::select! {
            result = self.finish(&work) => result,
            () = self.to.closed() => return,
        };
        let finished = Happening::Finished(work.volume, result);
        // without a desk the next server makes it again
        self.to.send((work.recording, finished)).await.ok();
    }

    async fn finish(&self, work: &Volume) -> Result<Made, FinishError> {
        let facts = self.make_until_it_works(work).await?;
        let place = self.keep_until_it_works(work).await;
        Ok(Made { facts, place })
    }

    async fn make_until_it_works(&self, work: &Volume) -> Result<VideoFacts, FinishError> {
        let mut pause = FIRST_PAUSE;
        loop {
            match self.make(work).await {
                Ok(facts) => return Ok(facts),
                Err(MakeError::Finish(FinishError::Nothing)) => return Err(FinishError::Nothing),
                Err(error) => {
                    let id = &work.recording;
                    warn!(recording = id, %error, "A video could not be made; trying again");
                }
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn make(&self, work: &Volume) -> Result<VideoFacts, MakeError> {
        let folder = self.folder(work);
        let raw = |part: &StoredPart| RawPart {
            path: folder.part(PartId {
                volume: part.volume,
                part: part.part,
            }),
            at: part.at.get(),
        };
        let parts: Vec<RawPart> = work.parts.iter().map(raw).collect();
        if !parts.iter().any(|part| part.path.exists())
            && let Some(facts) = self.made_before(work).await?
        {
            return Ok(facts);
        }
        let (sender, mut progress) = mpsc::channel(1);
        let target = folder.volume(work.volume);
        let tell = async {
            while let Some(percent) = progress.recv().await {
                self.tell(work, self.share(percent));
            }
        };
        let (video, ()) = tokio::join!(self.recorder.finish(&parts, &target, sender), tell);
        let facts = facts(&video?);
        match self.database.video_made(work.video, facts).await {
            Ok(()) => remove(parts).await,
            // the next server makes it again
            Err(error) => warn!(%error, "What was made of a recording could not be kept"),
        }
        Ok(facts)
    }

    /// What an earlier server made of the parts, which it then deleted.
    async fn made_before(&self, work: &Volume) -> Result<Option<VideoFacts>, MakeError> {
        let video = self.database.video(work.video).await?;
        let Some(facts) = video.and_then(|video| video.facts()) else {
            return Ok(None);
        };
        let file = self.folder(work).volume(work.volume).join("video.mp4");
        let size = match tokio::fs::metadata(file).await {
            Ok(found) => i64::try_from(found.len()).ok(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error.into()),
        };
        Ok(Some(facts).filter(|facts| Some(facts.size) == size))
    }

    async fn keep_until_it_works(&self, work: &Volume) -> Option<String> {
        let folder = self.folder(work).volume(work.volume);
        let mut pause = store::FIRST_PAUSE;
        loop {
            let told = |percent| self.tell(work, MADE + percent_of(percent, 99 - MADE));
            let error = match self.store.keep(&work.recording, &folder, told).await {
                Ok(place) => return place,
                Err(error) => error,
            };
            let id = &work.recording;
            warn!(recording = id, %error, "A video could not be brought to its store; trying again");
            if let UploadError::Store(trouble) = error {
                let delayed = Happening::Delayed(trouble.code);
                // the next failure tells it again
                self.to.try_send((id.clone(), delayed)).ok();
            }
            sleep(pause).await;
            pause = (pause * 2).min(store::LONGEST_PAUSE);
        }
    }

    /// How far a recording is whose video is made so far, in percent.
    fn share(&self, percent: u8) -> u8 {
        match self.store.is_local() {
            true => percent,
            false => percent_of(percent, MADE),
        }
    }

    fn tell(&self, work: &Volume, percent: u8) {
        let told = (work.recording.clone(), Happening::Progress(percent));
        // a percentage that finds no space is followed by another
        self.to.try_send(told).ok();
    }

    fn folder(&self, work: &Volume) -> Folder {
        Folder::of(self.store.folder(), &work.recording)
    }
}

fn percent_of(percent: u8, whole: u8) -> u8 {
    u8::try_from(u16::from(percent.min(100)) * u16::from(whole) / 100).unwrap_or(whole)
}

async fn remove(parts: Vec<RawPart>) {
    for RawPart { path, .. } in parts {
        if let Err(error) = tokio::fs::remove_file(&path).await {
            warn!(%error, "A part of a recording could not be deleted");
        }
    }
}

fn facts(video: &Video) -> VideoFacts {
    let number = |value: u128| i64::try_from(value).unwrap_or(i64::MAX);
    VideoFacts {
        duration: number(video.probe.duration.as_millis()),
        size: number(video.bytes.into()),
        width: video.probe.width.into(),
        height: video.probe.height.into(),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "pictures in 1000 s are few"
        )]
        frame_rate: (video.probe.frame_rate * 1_000.0).round() as i64,
        missing: number(video.missing.as_millis()),
    }
}

/// The name of a video, for people and searches.
pub(super) fn name(room: &RoomKey, at: UnixMillis, volume: u32) -> String {
    let at = i64::try_from(at.seconds()).unwrap_or(0);
    let at = OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let at = at.format(&Rfc3339).unwrap_or_default();
    match volume {
        1 => format!("Recording {} {at}", room.room),
        _ => format!("Recording {} {at} ({volume})", room.room),
    }
}
