//! The server: built, and started in the place of this process.

use std::{os::unix::process::CommandExt, process::Command};

use anyhow::{Context, Result};

use crate::{
    front,
    workspace::{Workspace, run as run_command, step},
};

/// Builds the page, then the server.
pub(crate) fn build_all(workspace: &Workspace) -> Result<()> {
    front::build(workspace)?;
    step("server", || build(workspace))
}

/// Builds the server alone.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let mut cargo = workspace.cargo();
    cargo.args(["build", "--package", "server", "--locked"]);
    if workspace.is_release() {
        cargo.arg("--release");
    }
    run_command(&mut cargo)
}

/// The command that serves the working copy.
pub(crate) fn command(workspace: &Workspace) -> Command {
    let mut command = Command::new(workspace.server_exe());
    command.arg("serve").current_dir(&workspace.root);
    command
}

/// Builds everything and becomes the server, so that signals reach it.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    build_all(workspace)?;
    let error = command(workspace).exec();
    Err(error).with_context(|| workspace.server_exe().display().to_string())
}
