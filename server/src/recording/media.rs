//! The files of videos: who may see them, and their end. Where they are is the
//! store's.

use std::{sync::Arc, time::Duration};

use ::recorder::Folder;

use super::{
    Store, Trouble,
    grant::{BadGrant, Grants},
    store,
};
use crate::{
    clock::Now,
    db::{Database, StoredVideo},
};

/// The files of videos.
#[derive(Debug, Clone)]
pub(crate) struct Media {
    pub(super) grants: Arc<Grants>,
    pub(super) store: Store,
    pub(super) link: Duration,
    pub(super) public_url: Option<String>,
}

/// Why a video could not be deleted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeleteError {
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    #[error("the files could not be deleted: {0}")]
    Files(#[from] std::io::Error),
    #[error("the files could not be deleted: {0}")]
    Store(Trouble),
}

impl Media {
    /// A grant for a video.
    pub(crate) fn grant(&self, video: i64) -> String {
        self.grants.make(video, self.link, Now::read().unix)
    }

    /// Whether a grant is good for a video.
    ///
    /// # Errors
    /// Says why not.
    pub(crate) fn check(&self, grant: &str, video: i64) -> Result<(), BadGrant> {
        self.grants.check(grant, video, Now::read().unix)
    }

    /// The address that people use for this server: the host of the request,
    /// which says whose it is, by the scheme of the settings.
    pub(crate) fn base(&self, host: Option<&str>) -> String {
        let public = self
            .public_url
            .as_deref()
            .map(|url| url.trim_end_matches('/'));
        let scheme = public
            .and_then(|url| url.split_once("://"))
            .map(|(scheme, _)| scheme);
        match (host, public) {
            (Some(host), _) => format!("{}://{host}", scheme.unwrap_or("http")),
            (None, public) => public.unwrap_or_default().to_owned(),
        }
    }

    /// Where the files are.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Deletes a video, and its recording with the last one.
    pub(crate) async fn delete(
        &self,
        database: &Database,
        video: &StoredVideo,
    ) -> Result<(), DeleteError> {
        self.store
            .delete(video)
            .await
            .map_err(|error| match error {
                store::DeleteError::Store(trouble) => DeleteError::Store(trouble),
                store::DeleteError::Disk(error) => DeleteError::Files(error),
            })?;
        if database.delete_video(video.id, &video.recording_id).await? {
            let folder = Folder::of(self.store.folder(), &video.recording_id);
            store::remove(folder.path()).await?;
            database.delete_recording(&video.recording_id).await?;
        }
        Ok(())
    }
}
