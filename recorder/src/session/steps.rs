//! What goes into the course of a recording, and what comes out of it.

use protocol::{FromRecorder, ToRecorder};

use crate::PartId;

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// The recording begins, or goes on after the server was restarted.
    Start,
    /// The page of the current run said hello.
    Hello,
    /// The page said something else.
    Heard(FromRecorder),
    /// Bytes of a volume are on the disk.
    Wrote,
    /// The browser could not be started, or it ended.
    BrowserGone,
    /// The page's socket is gone.
    PageGone,
    /// The recording is to end.
    Stop,
    /// There is no space left for it.
    DiskFull,
    /// A deadline has passed.
    Tick,
}

/// What is to be done, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Start a browser; its screen is so many pixels higher than usual.
    Launch {
        /// Pixels.
        extra: u32,
    },
    /// Have another such browser wait, for the case that this one dies.
    Prepare {
        /// Pixels.
        extra: u32,
    },
    /// End the browser.
    Kill,
    /// Tell the page something.
    Say(ToRecorder),
    /// Bytes of this volume belong to this part from now on.
    Open {
        /// Which part.
        part: PartId,
        /// When its first picture was taken: milliseconds since 1970-01-01 UTC.
        at: u64,
    },
    /// The part of this volume is over.
    Close {
        /// Which volume.
        volume: u32,
    },
    /// It records, for the first time.
    Live,
    /// All parts of a volume are there.
    VolumeOver {
        /// Which.
        volume: u32,
    },
    /// Nothing follows.
    Over(End),
}

/// Why a recording ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It was stopped.
    Stopped,
    /// There was no space left.
    DiskFull,
    /// Too many tries in a row came to nothing.
    GivenUp,
}
