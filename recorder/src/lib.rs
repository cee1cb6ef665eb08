//! Records a room: a browser that shows the room's page and captures itself.
//!
//! A [`Recorder`] supervises one browser per recording ([`record`]), appends
//! what its page sends to disk, and makes videos of it when a volume is over
//! ([`Recorder::finish`]). [`session`] is pure: it says what to do when a page
//! does not load, falls silent or dies, and when the next volume begins.
//!
//! HTTP, the database and who may record belong to the server. So does the
//! page itself, which follows `protocol`'s messages of the ingest.

mod browser;
mod browsers;
mod capacity;
mod command;
mod devtools;
mod ffmpeg;
mod files;
mod finish;
mod matroska;
mod playlist;
mod probe;
pub mod session;
mod settings;
mod supervise;
mod tools;

pub use capacity::{Machine, NoRoom, admit};
pub use files::{Folder, PartId};
pub use finish::{FinishError, RawPart, Video};
pub use playlist::master;
pub use probe::{Probe, ProbeError};
pub use settings::Settings;
pub use supervise::{Event, FromPage, Handle, Job, record};
pub use tools::{Missing, Tools};

use std::{fmt, path::Path, sync::Arc};

use tokio::sync::{Semaphore, mpsc};

/// Everything that recordings share.
#[derive(Debug, Clone)]
pub struct Recorder {
    settings: Arc<Settings>,
    tools: Arc<Tools>,
    /// Videos are made one at a time.
    turn: Arc<Semaphore>,
}

impl fmt::Display for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.tools)
    }
}

impl Recorder {
    /// Finds what recording needs on this machine.
    ///
    /// # Errors
    /// Says what is missing.
    pub fn find(settings: Settings) -> Result<Self, Missing> {
        let tools = Tools::find(&settings)?;
        Ok(Self {
            settings: Arc::new(settings),
            tools: Arc::new(tools),
            turn: Arc::new(Semaphore::new(1)),
        })
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Deletes what a server left that was killed: profiles of browsers, and
    /// videos that were half made. Only before anything is recorded.
    pub fn sweep(&self) {
        browser::sweep(&self.tools);
        finish::sweep(&self.settings.folder);
    }

    /// Whether the machine can carry one more recording.
    ///
    /// # Errors
    /// Says what is short.
    pub fn admit(&self, running: usize) -> Result<(), NoRoom> {
        admit(
            &self.settings,
            running,
            &Machine::read(&self.settings.folder),
        )
    }

    /// Makes the video of a volume: `target` is there when it is whole and
    /// checked. Waits for its turn. `progress` hears percentages.
    ///
    /// # Errors
    /// When no part can be used, or a tool failed; the parts are still there.
    pub async fn finish(
        &self,
        parts: &[RawPart],
        target: &Path,
        progress: mpsc::Sender<u8>,
    ) -> Result<Video, FinishError> {
        // the semaphore is never closed
        let _turn = self.turn.acquire().await;
        finish::finish(&self.tools, parts, target, progress).await
    }
}
