//! What of a video is in the store already: a file beside the video, so that
//! a restart goes on where the last server stopped.

use std::{io, path::Path};

use serde::{Deserialize, Serialize};
use tokio::fs;

/// The name of that file. Nobody can ask for it.
const NAME: &str = "upload.json";

/// What of a video is in the store already.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Ledger {
    /// Where it is brought.
    pub(super) place: String,
    /// Files that are there.
    pub(super) done: Vec<String>,
    /// A file that is on its way, in parts.
    pub(super) open: Option<Open>,
}

/// A file that is on its way, in parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Open {
    /// The file.
    pub(super) file: String,
    /// What the store calls the upload.
    pub(super) upload: String,
    /// What it calls the parts that it has, in order.
    pub(super) parts: Vec<String>,
}

impl Ledger {
    /// Reads it. What cannot be read, or is of another place, counts for
    /// nothing.
    pub(super) async fn read(folder: &Path, place: &str) -> Self {
        let text = fs::read(folder.join(NAME)).await.unwrap_or_default();
        let read: Option<Self> = serde_json::from_slice(&text).ok();
        let same = read.filter(|ledger| ledger.place == place);
        same.unwrap_or_else(|| Self {
            place: place.to_owned(),
            ..Self::default()
        })
    }

    /// Writes it, so that it is whole whatever happens.
    pub(super) async fn write(&self, folder: &Path) -> io::Result<()> {
        let draft = folder.join(format!("{NAME}.tmp"));
        fs::write(&draft, serde_json::to_vec(self)?).await?;
        fs::rename(draft, folder.join(NAME)).await
    }

    pub(super) fn has(&self, file: &str) -> bool {
        self.done.iter().any(|done| done == file)
    }

    /// A file is there.
    pub(super) fn close(&mut self, file: &str) {
        self.open = None;
        self.done.push(file.to_owned());
    }

    /// A file is not as it should be there.
    pub(super) fn reopen(&mut self, file: &str) {
        self.done.retain(|done| done != file);
    }
}
