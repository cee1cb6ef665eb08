//! Build, start, and do both again after each change of a source file.
//!
//! Watches by looking at modification times: a few hundred files take about a
//! millisecond, work on every file system, and need no dependency. The server
//! is killed rather than asked to stop: meetings survive that, and it is good
//! to see it every day.

use std::{
    fs,
    path::Path,
    process::Child,
    thread,
    time::{Duration, SystemTime},
};

use anyhow::Result;

use crate::{server, workspace::Workspace};

/// How long a change may go unnoticed; less costs processor time when idle.
const INTERVAL: Duration = Duration::from_millis(500);

const WATCHED: [&str; 11] = [
    "app",
    "client",
    "protocol",
    "server",
    "sfu",
    "media",
    "style",
    "public",
    "Cargo.toml",
    "Leptos.toml",
    "meetframe.toml",
];

/// Never returns but for an error of the file system.
pub(crate) fn watch(workspace: &Workspace) -> Result<()> {
    let mut running: Option<Child> = None;
    loop {
        let state = latest_change(workspace)?;
        match server::build_all(workspace) {
            Ok(()) => {
                stop(running.take())?;
                running = Some(server::command(workspace).spawn()?);
            }
            Err(error) => eprintln!("xtask: {error:#}; waiting for the next change"),
        }
        while latest_change(workspace)? == state {
            thread::sleep(INTERVAL);
        }
    }
}

fn stop(server: Option<Child>) -> Result<()> {
    if let Some(mut server) = server {
        server.kill()?;
        server.wait()?;
    }
    Ok(())
}

/// The newest modification and the number of files: a file that is taken away
/// shows in the second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    newest: SystemTime,
    files: usize,
}

fn latest_change(workspace: &Workspace) -> Result<Change> {
    let mut change = Change {
        newest: SystemTime::UNIX_EPOCH,
        files: 0,
    };
    for name in WATCHED {
        look(&workspace.root.join(name), &mut change)?;
    }
    Ok(change)
}

/// A file may be gone between its listing and its look: then the next round
/// sees another number of files.
fn look(path: &Path, change: &mut Change) -> Result<()> {
    let Ok(metadata) = fs::metadata(path) else {
        return Ok(());
    };
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            look(&entry?.path(), change)?;
        }
    } else {
        change.files += 1;
        change.newest = change.newest.max(metadata.modified()?);
    }
    Ok(())
}
