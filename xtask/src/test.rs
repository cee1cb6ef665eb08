//! `make test`: the Rust tests, the TypeScript checks, the end-to-end tests.
//! A suite that fails does not keep the next one from running.

use std::{fs, process::Command};

use anyhow::Result;

use crate::{
    front, setup,
    summary::{Suite, Tally},
    workspace::{Workspace, run, step},
};

/// Where scripts are typed, from `end2end/`, whose packages they use.
const TYPED: [&str; 2] = [".", "../bench/page"];

/// Runs all suites and prints one closing line over all of them.
pub(crate) fn all(workspace: &Workspace) -> Result<()> {
    setup::browser_tests(workspace)?;
    let mut tally = rust(workspace)?;
    tally += typescript(workspace)?;
    front::build(workspace)?;
    tally += end_to_end(workspace)?;
    // a continuous integration job shows this as its last line
    let closing = format!("{} passed, {} failed", tally.passed, tally.failed);
    fs::write(
        workspace.target.join("test-summary.txt"),
        format!("{closing}\n"),
    )?;
    eprintln!("{closing}");
    if tally.failed > 0 {
        // an error's own text would come after the closing line
        std::process::exit(1);
    }
    Ok(())
}

/// The TypeScript checks alone.
pub(crate) fn check_types(workspace: &Workspace) -> Result<()> {
    setup::npm(workspace)?;
    TYPED
        .iter()
        .try_for_each(|project| run(&mut tsc(workspace, project)))
}

/// One invocation for all crates, so that each dependency is built once with
/// one set of features. It builds the server's executable as well, because
/// the server has integration tests. xtask is left out: its dependencies
/// would be built a second time with other features.
fn rust(workspace: &Workspace) -> Result<Tally> {
    let mut cargo = workspace.cargo();
    cargo
        .args(["test", "--workspace", "--exclude", "xtask"])
        .args(["--locked", "--no-fail-fast"]);
    if workspace.is_release() {
        cargo.arg("--release");
    }
    step("cargo test", || Suite::Cargo.run(&mut cargo))
}

fn typescript(workspace: &Workspace) -> Result<Tally> {
    let mut tally = Tally::default();
    for project in TYPED {
        let mut check = tsc(workspace, project);
        tally += step(project, || Suite::Check.run(&mut check))?;
    }
    Ok(tally)
}

fn end_to_end(workspace: &Workspace) -> Result<Tally> {
    let mut playwright = npx(workspace);
    playwright
        .args(["playwright", "test"])
        .env("MEETFRAME_EXE", workspace.server_exe());
    step("playwright", || Suite::Playwright.run(&mut playwright))
}

/// The check of one TypeScript project, named from `end2end/`.
fn tsc(workspace: &Workspace, project: &str) -> Command {
    let mut command = npx(workspace);
    command.args(["tsc", "--project", project]);
    command
}

fn npx(workspace: &Workspace) -> Command {
    let mut command = Command::new("npx");
    command
        .arg("--no-install")
        .current_dir(workspace.root.join("end2end"));
    command
}
