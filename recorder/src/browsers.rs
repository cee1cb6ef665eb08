//! The browser of a recording, and one that waits for its death: to start one
//! takes longest of all that a recording misses in between, above all where the
//! processors are busy.

use std::{future::pending, io};

use tracing::warn;

use crate::{Recorder, browser::Browser};

/// The browsers of one recording. They end when this goes.
#[derive(Debug, Default)]
pub(crate) struct Browsers {
    current: Option<Browser>,
    /// Runs and shows nothing.
    spare: Option<Browser>,
}

impl Browsers {
    /// Opens an address in the browser that waits, or else in a new one. Gives
    /// its process.
    pub(crate) async fn open(
        &mut self,
        recorder: &Recorder,
        extra: u32,
        address: &str,
    ) -> io::Result<Option<u32>> {
        let mut browser = match self.take_spare(extra) {
            Some(spare) => spare,
            None => start(recorder, extra)?,
        };
        browser.open(address).await?;
        let process = browser.process();
        self.current = Some(browser);
        Ok(process)
    }

    /// Has a browser wait, unless one does. Without one the recording goes on
    /// as well; it would only miss more.
    pub(crate) fn prepare(&mut self, recorder: &Recorder, extra: u32) {
        if self.spare.as_mut().is_some_and(|spare| spare.fits(extra)) {
            return;
        }
        match start(recorder, extra) {
            Ok(browser) => self.spare = Some(browser),
            Err(error) => warn!(%error, "No browser waits for the end of another one"),
        }
    }

    /// Ends the current one.
    pub(crate) fn kill(&mut self) {
        self.current = None;
    }

    /// Waits until the current one has ended by itself.
    pub(crate) async fn ended(&mut self) {
        match &mut self.current {
            Some(browser) => browser.ended().await,
            None => pending().await,
        }
        self.current = None;
    }

    fn take_spare(&mut self, extra: u32) -> Option<Browser> {
        let mut spare = self.spare.take()?;
        spare.fits(extra).then_some(spare)
    }
}

fn start(recorder: &Recorder, extra: u32) -> io::Result<Browser> {
    Browser::start(&recorder.tools, recorder.settings(), extra)
}
