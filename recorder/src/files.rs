//! Where the files of a recording are, and how its parts get there.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use tokio::{
    fs::{File, OpenOptions},
    io::AsyncWriteExt,
};

/// How often what was written is made to reach the disk. Longer loses more
/// when the power fails; shorter costs the disk.
const SYNC_EVERY: Duration = Duration::from_secs(1);

/// The folder of one recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder(PathBuf);

/// A run's share of a volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartId {
    /// The volume, from 1.
    pub volume: u32,
    /// Which part of it, from 1.
    pub part: u32,
}

impl Folder {
    /// The folder of the recording with this id, below that of all.
    #[must_use]
    pub fn of(all: &Path, id: &str) -> Self {
        Self(all.join(id))
    }

    /// The folder itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The file of a part.
    #[must_use]
    pub fn part(&self, id: PartId) -> PathBuf {
        let PartId { volume, part } = id;
        self.raw().join(format!("v{volume:03}_p{part:03}.mkv"))
    }

    /// The folder of the parts.
    #[must_use]
    pub fn raw(&self) -> PathBuf {
        self.0.join("raw")
    }

    /// The folder of a volume's video.
    #[must_use]
    pub fn volume(&self, volume: u32) -> PathBuf {
        self.0.join(format!("v{volume:03}"))
    }

    /// Makes the folder for parts. Nobody but the server reads it.
    ///
    /// # Errors
    /// What the system says.
    pub fn make(&self) -> io::Result<()> {
        use std::os::unix::fs::DirBuilderExt;
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(self.raw())
    }
}

/// A part that is being written.
#[derive(Debug)]
pub(crate) struct PartFile {
    pub(crate) id: PartId,
    file: File,
    pub(crate) bytes: u64,
    synced: Instant,
}

impl PartFile {
    /// Makes the file. What a server left there that died before anybody heard
    /// of the part is of no use.
    pub(crate) async fn create(folder: &Folder, id: PartId) -> io::Result<Self> {
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .open(folder.part(id))
            .await?;
        Ok(Self {
            id,
            file,
            bytes: 0,
            synced: Instant::now(),
        })
    }

    /// Appends bytes.
    pub(crate) async fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes).await?;
        self.file.flush().await?;
        self.bytes += bytes.len() as u64;
        if self.synced.elapsed() >= SYNC_EVERY {
            self.file.sync_data().await?;
            self.synced = Instant::now();
        }
        Ok(())
    }

    /// Ends the part, and gives its length in bytes. What of it is whole is
    /// looked at when its video is made.
    pub(crate) async fn close(self) -> io::Result<u64> {
        self.file.sync_data().await?;
        Ok(self.bytes)
    }
}
