//! Brings the files of a video to the store: large ones in parts, each of which
//! is sent once, however often the store or this server goes away meanwhile.

use std::{io, path};

use bytes::BytesMut;
use object_store::{
    ObjectStoreExt, PutPayload,
    multipart::{MultipartStore, PartId},
    path::Path,
};
use tokio::{
    fs::{self, File},
    io::{AsyncReadExt, AsyncSeekExt},
};

use super::{
    FILES, Store, Trouble, below,
    ledger::{Ledger, Open},
    s3::Remote,
};

/// Bytes of a part, which memory holds. Stores want at least 5 MiB and at most
/// 10,000 parts: enough for 78 GiB, and a day's video has 30.
const PART: u64 = 8 * 1024 * 1024;

/// Why a video is not in the store yet.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UploadError {
    #[error(transparent)]
    Store(#[from] Trouble),
    #[error("the disk: {0}")]
    Disk(#[from] io::Error),
}

impl From<object_store::Error> for UploadError {
    fn from(error: object_store::Error) -> Self {
        Self::Store(error.into())
    }
}

impl Store {
    /// Brings a video to where new videos go, and looks whether all of it is
    /// there. Gives the place; `None` is the folder. `told` hears percentages.
    /// Can be called again after an error, and goes on.
    pub(in crate::recording) async fn keep(
        &self,
        recording: &str,
        folder: &path::Path,
        told: impl Fn(u8) + Send + Sync,
    ) -> Result<Option<String>, UploadError> {
        let Some(remote) = self.target() else {
            return Ok(None);
        };
        // the semaphore is never closed
        let _turn = remote.turn.acquire().await;
        let volume = folder.file_name().unwrap_or_default().to_string_lossy();
        let base = remote.path(&format!("{recording}/{volume}"));
        let place = remote.place(&base);
        let mut upload = Upload {
            remote,
            folder,
            base,
            ledger: Ledger::read(folder, &place).await,
            sent: 0,
            all: all(folder).await?,
            told: &told,
        };
        let brought = upload.run().await;
        self.note(match &brought {
            Err(UploadError::Store(trouble)) => Err(trouble),
            _ => Ok(()),
        });
        brought.map(|()| Some(place))
    }
}

/// Bytes of all files.
async fn all(folder: &path::Path) -> io::Result<u64> {
    let mut all = 0;
    for (name, _) in FILES {
        all += fs::metadata(folder.join(name)).await?.len();
    }
    Ok(all)
}

/// A video on its way.
struct Upload<'a> {
    remote: &'a Remote,
    folder: &'a path::Path,
    base: Path,
    ledger: Ledger,
    /// Bytes that the store has.
    sent: u64,
    /// Bytes of all files.
    all: u64,
    told: &'a (dyn Fn(u8) + Send + Sync),
}

impl Upload<'_> {
    async fn run(&mut self) -> Result<(), UploadError> {
        for (name, _) in FILES {
            let size = fs::metadata(self.folder.join(name)).await?.len();
            if !self.ledger.has(name) {
                self.bring(name, size).await?;
                self.ledger.close(name);
                self.ledger.write(self.folder).await?;
            } else {
                self.sent += size;
            }
            self.check(name, size).await?;
        }
        Ok(())
    }

    async fn bring(&mut self, name: &str, size: u64) -> Result<(), UploadError> {
        let path = below(&self.base, name);
        if size > PART {
            return self.bring_in_parts(name, &path, size).await;
        }
        let bytes = fs::read(self.folder.join(name)).await?;
        let payload = PutPayload::from(bytes);
        self.remote.objects().put(&path, payload).await?;
        self.tell(size);
        Ok(())
    }

    async fn bring_in_parts(
        &mut self,
        name: &str,
        path: &Path,
        size: u64,
    ) -> Result<(), UploadError> {
        let mut open = self.open(name, path).await?;
        // the answer that it is whole may have been lost; a store that does not
        // tell is told once more
        let is_whole = open.parts.len() as u64 == size.div_ceil(PART);
        if is_whole && self.size(path).await == Ok(Some(size)) {
            self.sent += size;
            return Ok(());
        }
        let sent = self.send_parts(path, size, &mut open).await;
        if let Err(UploadError::Store(trouble)) = &sent
            && trouble.is_missing()
        {
            // the store has forgotten the upload: it begins anew
            self.ledger.open = None;
            self.ledger.write(self.folder).await?;
        }
        sent
    }

    /// Goes on with an upload, or begins one.
    async fn open(&mut self, name: &str, path: &Path) -> Result<Open, UploadError> {
        let known = self.ledger.open.take().filter(|open| open.file == name);
        let open = match known {
            Some(open) => open,
            None => Open {
                file: name.to_owned(),
                upload: self.remote.s3().create_multipart(path).await?,
                parts: Vec::new(),
            },
        };
        self.ledger.open = Some(open.clone());
        self.ledger.write(self.folder).await?;
        Ok(open)
    }

    async fn send_parts(
        &mut self,
        path: &Path,
        size: u64,
        open: &mut Open,
    ) -> Result<(), UploadError> {
        let (s3, upload) = (self.remote.s3(), open.upload.clone());
        let mut file = File::open(self.folder.join(&open.file)).await?;
        let mut at = open.parts.len() as u64 * PART;
        self.sent += at.min(size);
        file.seek(io::SeekFrom::Start(at)).await?;
        while at < size {
            let length = PART.min(size - at);
            let part = read(&mut file, length).await?;
            let sent = s3.put_part(path, &upload, open.parts.len(), part).await?;
            open.parts.push(sent.content_id);
            self.ledger.open = Some(open.clone());
            self.ledger.write(self.folder).await?;
            at += length;
            self.tell(length);
        }
        let parts = open.parts.iter().cloned();
        let parts = parts.map(|content_id| PartId { content_id }).collect();
        s3.complete_multipart(path, &upload, parts).await?;
        Ok(())
    }

    /// Whether a file is in the store as it is here.
    async fn check(&mut self, name: &str, size: u64) -> Result<(), UploadError> {
        let found = self.size(&below(&self.base, name)).await?;
        if found == Some(size) {
            return Ok(());
        }
        self.ledger.reopen(name);
        self.ledger.write(self.folder).await?;
        let found = found.map_or("nothing".to_owned(), |found| format!("{found} bytes"));
        let why = format!("of {name} it has {found} and not {size} bytes");
        Err(Trouble::failed(why).into())
    }

    async fn size(&self, path: &Path) -> Result<Option<u64>, Trouble> {
        let found = self.remote.objects().head(path).await;
        match found.map_err(Trouble::from) {
            Ok(found) => Ok(Some(found.size)),
            Err(trouble) if trouble.is_missing() => Ok(None),
            Err(trouble) => Err(trouble),
        }
    }

    /// So many bytes more were sent.
    fn tell(&mut self, bytes: u64) {
        self.sent += bytes;
        let percent = self.sent * 100 / self.all.max(1);
        (self.told)(u8::try_from(percent.min(100)).unwrap_or(100));
    }
}

async fn read(file: &mut File, length: u64) -> io::Result<PutPayload> {
    let length = usize::try_from(length).map_err(io::Error::other)?;
    let mut part = BytesMut::zeroed(length);
    file.read_exact(&mut part).await?;
    Ok(part.freeze().into())
}
