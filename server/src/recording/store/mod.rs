//! Where videos are kept: the folder of the recordings, or a store that speaks
//! S3.
//!
//! Owns addresses of files, bringing them there, getting and deleting them,
//! and whether the store can be reached. Which video is where is kept by the
//! database; when it is brought there is `finishing`'s.

mod health;
mod ledger;
mod s3;
mod trouble;
mod upload;

use std::{io, path, path::PathBuf, sync::Arc, time::Duration};

use ::recorder::Folder;
use object_store::{ObjectStore, ObjectStoreExt, local::LocalFileSystem, path::Path};
use tokio::sync::watch;

pub use self::s3::OpenError;
use self::s3::Remote;
pub(crate) use self::{health::Health, trouble::Trouble, upload::UploadError};
use crate::{
    config::{RecordingConfig, StorageKind},
    db::StoredVideo,
};

/// The files of a video, and their media types. The largest is the first.
pub(super) const FILES: [(&str, &str); 5] = [
    ("video.mp4", "video/mp4"),
    ("hls/media.mp4", "video/mp4"),
    ("poster.jpg", "image/jpeg"),
    ("hls/master.m3u8", "application/vnd.apple.mpegurl"),
    ("hls/v0.m3u8", "application/vnd.apple.mpegurl"),
];

/// The first pause after a store gave trouble; it doubles with each one.
pub(super) const FIRST_PAUSE: Duration = Duration::from_secs(1);
/// The longest: what waits for the store goes on so soon when it is back.
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Where videos are kept. Clones share it.
#[derive(Debug, Clone)]
pub(crate) struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    folder: PathBuf,
    local: Arc<LocalFileSystem>,
    remote: Option<Remote>,
    /// Where new videos go.
    kind: StorageKind,
    health: watch::Sender<Health>,
}

/// A file of a video that can be got.
pub(crate) struct VideoFile {
    objects: Arc<dyn ObjectStore>,
    path: Path,
    /// Its media type.
    pub(crate) kind: &'static str,
    remote: bool,
}

impl Store {
    /// Opens the store of the settings. Asks nobody.
    ///
    /// # Errors
    /// When the settings cannot be used.
    pub(crate) fn open(config: &RecordingConfig, folder: PathBuf) -> Result<Self, OpenError> {
        Ok(Self(Arc::new(Inner {
            folder: path::absolute(folder)?,
            local: Arc::new(LocalFileSystem::new()),
            remote: Remote::open(&config.storage, config.link())?,
            kind: config.storage.kind,
            health: watch::Sender::default(),
        })))
    }

    /// Where new videos go.
    pub(crate) fn kind(&self) -> StorageKind {
        self.0.kind
    }

    /// Where new videos go, for operators.
    pub(crate) fn describe(&self) -> String {
        match self.target() {
            None => self.0.folder.display().to_string(),
            Some(remote) => remote.describe(),
        }
    }

    /// Where new videos go, when not into the folder.
    fn target(&self) -> Option<&Remote> {
        let is_target = self.0.kind == StorageKind::S3;
        self.0.remote.as_ref().filter(|_| is_target)
    }

    /// Whether videos stay in the folder.
    pub(super) fn is_local(&self) -> bool {
        self.target().is_none()
    }

    /// The folder of a video on this machine, whether or not it is there.
    pub(super) fn folder_of(&self, video: &StoredVideo) -> PathBuf {
        let volume = u32::try_from(video.volume).unwrap_or(0);
        Folder::of(&self.0.folder, &video.recording_id).volume(volume)
    }

    /// The folder of all recordings.
    pub(super) fn folder(&self) -> &path::Path {
        &self.0.folder
    }

    /// A file of a video; `None` when videos have no such file.
    ///
    /// # Errors
    /// When the video is in a store that the settings do not name.
    pub(crate) fn file(
        &self,
        video: &StoredVideo,
        name: &str,
    ) -> Result<Option<VideoFile>, Trouble> {
        let Some((name, kind)) = FILES.iter().find(|(known, _)| *known == name) else {
            return Ok(None);
        };
        let Some(place) = &video.place else {
            let path = Path::from_absolute_path(self.folder_of(video).join(name));
            return Ok(Some(VideoFile {
                objects: Arc::clone(&self.0.local) as Arc<dyn ObjectStore>,
                path: path.map_err(|error| Trouble::from(object_store::Error::from(error)))?,
                kind,
                remote: false,
            }));
        };
        let (remote, base) = self.find(place)?;
        Ok(Some(VideoFile {
            objects: remote.objects(),
            path: below(&base, name),
            kind,
            remote: true,
        }))
    }

    /// An address by which browsers get a file from the store itself; `None`
    /// where that is not wished. Playlists name files beside them, which would
    /// not be signed.
    pub(crate) async fn signed(&self, file: &VideoFile) -> Result<Option<String>, Trouble> {
        let is_playlist = file.path.extension() == Some("m3u8");
        match &self.0.remote {
            Some(remote) if file.remote && !is_playlist => remote.signed(&file.path).await,
            _ => Ok(None),
        }
    }

    fn find(&self, place: &str) -> Result<(&Remote, Path), Trouble> {
        let remote = self.0.remote.as_ref();
        let found = remote.and_then(|remote| Some((remote, remote.path_of(place)?)));
        found.ok_or_else(|| Trouble::elsewhere(place))
    }

    /// Deletes the files of a video, wherever they are.
    ///
    /// # Errors
    /// When some of them may be left.
    pub(super) async fn delete(&self, video: &StoredVideo) -> Result<(), DeleteError> {
        if let Some(place) = &video.place {
            let (remote, base) = self.find(place)?;
            for (name, _) in FILES {
                let deleted = remote.objects().delete(&below(&base, name)).await;
                match deleted.map_err(Trouble::from) {
                    Err(trouble) if !trouble.is_missing() => {
                        self.note(Err(&trouble));
                        return Err(trouble.into());
                    }
                    _ => {}
                }
            }
        }
        Ok(remove(&self.folder_of(video)).await?)
    }
}

impl VideoFile {
    /// Asks for the file, or a part of it.
    ///
    /// # Errors
    /// When it is not there, or the store gives trouble.
    pub(crate) async fn get(
        &self,
        options: object_store::GetOptions,
    ) -> Result<object_store::GetResult, Trouble> {
        Ok(self.objects.get_opts(&self.path, options).await?)
    }

    /// How long it is, in bytes, and whether it is there at all.
    ///
    /// # Errors
    /// The same.
    pub(crate) async fn size(&self) -> Result<u64, Trouble> {
        Ok(self.objects.head(&self.path).await?.size)
    }

    /// Whether it has to be got over the network.
    pub(crate) fn is_remote(&self) -> bool {
        self.remote
    }
}

/// Why files could not be deleted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DeleteError {
    #[error(transparent)]
    Store(#[from] Trouble),
    #[error(transparent)]
    Disk(#[from] io::Error),
}

/// Removes a folder, if it is there.
pub(super) async fn remove(folder: &path::Path) -> io::Result<()> {
    match tokio::fs::remove_dir_all(folder).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn below(base: &Path, name: &str) -> Path {
    name.split('/')
        .fold(base.clone(), |path, part| path.join(part))
}
