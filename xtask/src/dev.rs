//! Build, start, and do both again after each change of a source file.
//!
//! Watches by looking at modification times: a few hundred files take about a
//! millisecond, work on every file system, and need no dependency. The server
//! is killed rather than asked to stop: meetings survive that, and it is good
//! to see it every day.
//!
//! Unless the settings name tenants, the one that there is honours the debug
//! attributes of addresses, and integrators may be on this machine.

use std::{
    env, fs,
    path::Path,
    process::{Child, Command},
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

/// Where the server finds its tenants besides its file.
const TENANTS_VARIABLE: &str = "MEETFRAME__TENANTS";
const DEV_TENANTS: &str = r#"[{hostname="*",debug_attributes=true,allow_private_targets=true}]"#;

/// Never returns but for an error of the file system.
pub(crate) fn watch(workspace: &Workspace) -> Result<()> {
    let mut running: Option<Child> = None;
    loop {
        let state = latest_change(workspace)?;
        match server::build_all(workspace) {
            Ok(()) => {
                stop(running.take())?;
                running = Some(command(workspace).spawn()?);
            }
            Err(error) => eprintln!("xtask: {error:#}; waiting for the next change"),
        }
        while latest_change(workspace)? == state {
            thread::sleep(INTERVAL);
        }
    }
}

/// The server, with a tenant to try things with.
fn command(workspace: &Workspace) -> Command {
    let mut command = server::command(workspace);
    if !has_tenants(workspace) {
        command.env(TENANTS_VARIABLE, DEV_TENANTS);
    }
    command
}

/// Whether somebody chose tenants. A file that cannot be read is left to the
/// server, which says so.
fn has_tenants(workspace: &Workspace) -> bool {
    let file = env::var_os("MEETFRAME_CONFIG")
        .map_or_else(|| workspace.root.join("meetframe.toml"), Into::into);
    let text = fs::read_to_string(file).unwrap_or_default();
    let in_file = text.lines().any(|line| {
        line.trim_start_matches([' ', '\t', '['])
            .starts_with("tenants")
    });
    in_file || env::var_os(TENANTS_VARIABLE).is_some()
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
