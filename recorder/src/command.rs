//! Commands of this crate: they go with whom waits for them.

use std::{path::Path, process::Stdio};

use tokio::process::Command;

use crate::Tools;

/// A tool that gives way to everything else.
pub(crate) fn nice(tools: &Tools, program: &Path) -> Command {
    let mut command = match &tools.nice {
        Some(nice) => {
            let mut command = Command::new(nice);
            command.args(["-n", "19"]).arg(program);
            command
        }
        None => Command::new(program),
    };
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}
