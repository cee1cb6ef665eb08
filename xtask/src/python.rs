//! The Python packages that tests use, in an environment of their own below
//! `target/`. What they are used for is their callers' business.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Result;

use crate::workspace::{Workspace, run, step};

/// The packages and the versions that the server is known to pass.
const PACKAGES: [&str; 2] = [
    // sends the server what its OpenAPI document allows, and what it does not
    "schemathesis==4.32.5",
    // checks signatures of webhooks as receivers do
    "standardwebhooks==1.1.0",
];

/// A Python that has the packages.
pub(crate) struct Python(PathBuf);

impl Python {
    /// Installs what is missing.
    pub(crate) fn prepare(workspace: &Workspace) -> Result<Self> {
        let folder = workspace.target.join("python");
        let python = Self(folder.join("bin"));
        let mark = folder.join("installed");
        let wanted = PACKAGES.join("\n");
        if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
            return Ok(python);
        }
        step("pip install", || {
            run(Command::new("python3").args(["-m", "venv"]).arg(&folder))?;
            run(Command::new(python.program("pip"))
                .args(["install", "--quiet", "--disable-pip-version-check"])
                .args(PACKAGES))?;
            Ok(fs::write(&mark, wanted)?)
        })?;
        Ok(python)
    }

    /// A program of the environment, such as `python`.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        Path::new(&self.0).join(name)
    }
}
