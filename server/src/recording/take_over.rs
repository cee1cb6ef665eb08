//! What the last server left: recordings that ran, and videos that were being
//! made.

use std::collections::{HashSet, VecDeque};

use ::recorder::Recorder;
use protocol::RecordingState;
use tokio::time::Instant;
use tracing::{error, info, warn};

use super::desk::{Desk, Open};
use crate::db::{StoredPart, StoredRecording, StoredVideo};

impl Desk {
    /// Goes on with what the last server left. Its recordings record on at
    /// once; when nobody comes back, they end in time.
    pub(super) async fn take_over(&mut self) -> Result<(), sqlx::Error> {
        for stored in self.base.database.open_recordings().await? {
            let Some(recorder) = self.recorder.clone() else {
                warn!("Recordings of the last server wait until this one can record");
                return Ok(());
            };
            let id = stored.id.clone();
            if let Err(error) = self.take_over_one(recorder, stored).await {
                error!(recording = id, %error, "A recording could not be taken over as a whole");
            }
        }
        Ok(())
    }

    async fn take_over_one(
        &mut self,
        recorder: Recorder,
        stored: StoredRecording,
    ) -> Result<(), sqlx::Error> {
        let id = stored.id.clone();
        let parts = self.base.database.parts_of(&id).await?;
        let videos = self.base.database.videos_of(&id).await?;
        let is_made = |volume: u32| {
            let of = |video: &&_| volume_of(video) == volume;
            videos
                .iter()
                .find(of)
                .is_some_and(|video| video.state != "processing")
        };
        let goes_on = stored.state != RecordingState::Processing;
        let last = parts.last().map_or(0, |part| part.volume);
        let until = if goes_on { last } else { last + 1 };
        let volumes: HashSet<u32> = parts.iter().map(|part| part.volume).collect();
        let has_video = videos.iter().any(|video| video.state == "ready");
        self.open_again(recorder, stored, parts, goes_on);
        if let Some(open) = self.open.get_mut(&id) {
            open.has_video = has_video;
        }
        for volume in volumes.into_iter().filter(|v| *v < until && !is_made(*v)) {
            if let Err(error) = self.finish(&id, volume).await {
                error!(recording = id, volume, %error, "A video could not be announced");
            }
        }
        self.conclude(&id).await
    }

    fn open_again(
        &mut self,
        recorder: Recorder,
        stored: StoredRecording,
        parts: Vec<StoredPart>,
        goes_on: bool,
    ) {
        if goes_on {
            info!(room = %stored.room, "Recording goes on after a restart");
            let room = stored.room.clone();
            self.record(recorder, stored, parts);
            self.times
                .everybody_left(&room, true, Instant::now().into_std());
            return;
        }
        let open = Open {
            room: stored.room,
            state: stored.state,
            unkept: VecDeque::new(),
            since: stored.created_at,
            progress: None,
            handle: None,
            token: None,
            parts,
            finishing: HashSet::new(),
            has_video: false,
        };
        self.open.insert(stored.id, open);
    }
}

fn volume_of(video: &StoredVideo) -> u32 {
    u32::try_from(video.volume).unwrap_or(0)
}
