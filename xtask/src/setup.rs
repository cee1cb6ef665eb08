//! Installs what is missing: the wasm target, the npm packages and the Debian
//! packages of the end-to-end tests. Does nothing where nothing is missing.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};

use crate::workspace::{Workspace, run, step};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A file that shows that a Debian package is there, and the package.
const PACKAGES: [(&str, &str); 3] = [
    ("/usr/bin/chromium", "chromium"),
    ("/usr/sbin/ip", "iproute2"),
    ("/usr/sbin/nft", "nftables"),
];

/// The other browser; some distributions have no package of it.
const FIREFOX: (&str, &str) = ("/usr/bin/firefox-esr", "firefox-esr");

/// Adds the wasm target to the tool chain.
pub(crate) fn wasm_target(workspace: &Workspace) -> Result<()> {
    let output = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", WASM_TARGET])
        .current_dir(&workspace.root)
        .output()?;
    let folder = String::from_utf8(output.stdout)?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    run(Command::new("rustup")
        .args(["target", "add", WASM_TARGET])
        .current_dir(&workspace.root))
}

/// Everything that the end-to-end tests and the page's benchmarks need.
pub(crate) fn browser_tests(workspace: &Workspace) -> Result<()> {
    debian()?;
    npm(workspace)
}

/// Installs the npm packages when the lock file is newer than they are.
/// Playwright's own browsers are not downloaded: Debian's Chromium serves.
pub(crate) fn npm(workspace: &Workspace) -> Result<()> {
    let folder = workspace.root.join("end2end");
    let modified = |file: &str| fs::metadata(folder.join(file)).and_then(|m| m.modified());
    let lock = modified("package-lock.json").context("end2end/package-lock.json")?;
    if modified("node_modules/.package-lock.json").is_ok_and(|installed| installed >= lock) {
        return Ok(());
    }
    step("npm ci", || {
        run(Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(&folder))
    })
}

/// Installs the browsers and the network tools of the end-to-end tests.
fn debian() -> Result<()> {
    let missing: Vec<_> = PACKAGES
        .iter()
        .filter(|(file, _)| !Path::new(file).exists())
        .map(|(_, package)| *package)
        .collect();
    let (firefox, package) = FIREFOX;
    let wants_firefox = !Path::new(firefox).exists();
    if missing.is_empty() && !wants_firefox {
        return Ok(());
    }
    if !Path::new("/usr/bin/apt-get").exists() {
        ensure!(missing.is_empty(), "please install: {}", missing.join(", "));
        return Ok(());
    }
    step("apt-get", || {
        run(apt()?.arg("update"))?;
        install(&missing)?;
        if wants_firefox && install(&[package]).is_err() {
            eprintln!("xtask: no {package} here; its tests are skipped");
        }
        Ok(())
    })
}

fn install(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    run(apt()?
        .args(["install", "--yes", "--no-install-recommends"])
        .args(packages))
}

fn apt() -> Result<Command> {
    let user = Command::new("id").arg("--user").output()?;
    let mut command = if user.stdout.trim_ascii() == b"0" {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["--preserve-env=DEBIAN_FRONTEND", "apt-get"]);
        sudo
    };
    command
        .env("DEBIAN_FRONTEND", "noninteractive")
        // wait for another apt-get, for example of the machine's own set-up
        .args(["--quiet", "--quiet", "-o", "DPkg::Lock::Timeout=400"]);
    Ok(command)
}
