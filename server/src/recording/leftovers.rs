//! Local copies of videos that are in the store, which a server left that died
//! before it could delete them.

use std::{io, path::Path};

use tokio::fs;
use tracing::{info, warn};

use super::{Base, Store, store};
use crate::db::StoredVideo;

/// Why they could not be looked for.
#[derive(Debug, thiserror::Error)]
enum LeftoverError {
    #[error("the disk: {0}")]
    Disk(#[from] io::Error),
    #[error("the database: {0}")]
    Database(#[from] sqlx::Error),
}

impl Base {
    /// Deletes them.
    pub(super) async fn clear_leftovers(&self) {
        if self.store.is_local() {
            return;
        }
        if let Err(error) = self.look_for_leftovers().await {
            warn!(%error, "Local copies of videos could not be looked for");
        }
    }

    async fn look_for_leftovers(&self) -> Result<(), LeftoverError> {
        let mut recordings = match fs::read_dir(self.store.folder()).await {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            read => read?,
        };
        while let Some(recording) = recordings.next_entry().await? {
            let id = recording.file_name().to_string_lossy().into_owned();
            for video in self.database.videos_of(&id).await? {
                self.store.tidy(&video, video.place.as_deref()).await;
            }
        }
        Ok(())
    }
}

impl Store {
    /// Deletes the local copy of a video that is in the store.
    pub(super) async fn tidy(&self, video: &StoredVideo, place: Option<&str>) {
        let folder = self.folder_of(video);
        if place.is_none() || !folder.exists() {
            return;
        }
        match store::remove(&folder).await {
            Ok(()) => {
                info!(recording = video.recording_id, "A video is in its store");
                remove_empty(&folder).await;
            }
            Err(error) => warn!(%error, "The local copy of a video could not be deleted"),
        }
    }
}

/// Removes the folders above a video that have nothing in them any more.
async fn remove_empty(folder: &Path) {
    let Some(recording) = folder.parent() else {
        return;
    };
    for folder in [&recording.join("raw"), recording] {
        // what is not empty, or not there, stays as it is
        fs::remove_dir(folder).await.ok();
    }
}
