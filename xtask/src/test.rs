//! `make test`: the Rust tests, the TypeScript checks, the end-to-end tests.
//! A suite that fails does not keep the next one from running.

use std::{fs, process::Command};

use anyhow::Result;

use crate::{
    contract, front,
    postgres::Postgres,
    python::Python,
    schemathesis, setup,
    summary::{Suite, Tally},
    workspace::{Workspace, run, step},
};

/// Where scripts are typed, from `end2end/`, whose packages they use.
const TYPED: [&str; 3] = [".", "../bench/page", "../packages/bridge"];

/// Tells the server's tests which database to use.
const DATABASE_VARIABLE: &str = "MEETFRAME_TEST_DATABASE";

/// Tells them which Python has the packages that they use.
const PYTHON_VARIABLE: &str = "MEETFRAME_TEST_PYTHON";

/// The server's tests that read what they kept in the database: in the same
/// server, beside it, or after a restart.
const STORED: [&str; 16] = [
    "api",
    "chatting",
    "lifetime",
    "lobby",
    "metrics",
    "minting",
    "moderation",
    "orders",
    "private_rooms",
    "reconnecting",
    "second_server",
    "statistics",
    "stopping",
    "storage",
    "webhooks",
    "webinar",
];

/// Runs all suites and prints one closing line over all of them.
pub(crate) fn all(workspace: &Workspace) -> Result<()> {
    let python = setup::all(workspace)?;
    let mut tally = rust(workspace, &python)?;
    tally += on_postgres(workspace, &python)?;
    tally += own(workspace)?;
    tally += typescript(workspace)?;
    front::build(workspace)?;
    tally += schemathesis::check(workspace)?;
    tally += end_to_end(workspace)?;
    tally += contract::check(workspace);
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
/// the server has integration tests. xtask has its own: together with the
/// others its dependencies would be built a second time with other features.
fn rust(workspace: &Workspace, python: &Python) -> Result<Tally> {
    let mut cargo = cargo_test(workspace, python);
    step("cargo test", || Suite::Cargo.run(&mut cargo))
}

/// The server's tests that keep something in the database, on the other one.
fn on_postgres(workspace: &Workspace, python: &Python) -> Result<Tally> {
    let mut cargo = cargo_test(workspace, python);
    for test in STORED {
        cargo.args(["--test", test]);
    }
    step("cargo test on PostgreSQL", || {
        let postgres = Postgres::start()?;
        Suite::Cargo.run(cargo.env(DATABASE_VARIABLE, postgres.url()))
    })
}

fn cargo_test(workspace: &Workspace, python: &Python) -> Command {
    let mut cargo = workspace.cargo();
    cargo
        .env(PYTHON_VARIABLE, python.program("python"))
        .args(["test", "--workspace", "--exclude", "xtask"])
        .args(["--locked", "--no-fail-fast"]);
    if workspace.is_release() {
        cargo.arg("--release");
    }
    cargo
}

/// Those of xtask, which is built already as it stands: only they are compiled.
fn own(workspace: &Workspace) -> Result<Tally> {
    let mut cargo = workspace.cargo();
    cargo.args(["test", "--package", "xtask", "--locked"]);
    step("cargo test xtask", || Suite::Cargo.run(&mut cargo))
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
