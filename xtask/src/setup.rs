//! Installs what is missing: the wasm target, the npm packages, the Debian
//! packages and the Python packages of the tests. Does nothing where nothing is missing.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};

use crate::{
    postgres,
    python::Python,
    workspace::{Workspace, run, step},
};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A file that shows that a Debian package is there, and the package.
const PACKAGES: [(&str, &str); 7] = [
    ("/usr/bin/chromium", "chromium"),
    ("/usr/sbin/ip", "iproute2"),
    ("/usr/sbin/nft", "nftables"),
    ("/usr/bin/ffmpeg", "ffmpeg"),
    // names in every script, for what the recorder's browser draws
    (
        "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
        "fonts-noto-core",
    ),
    (
        "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf",
        "fonts-noto-color-emoji",
    ),
    (
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "fonts-noto-cjk",
    ),
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

/// Everything that the tests and the page's benchmarks need.
pub(crate) fn all(workspace: &Workspace) -> Result<Python> {
    debian()?;
    npm(workspace)?;
    Python::prepare(workspace)
}

/// Installs the npm packages when others are there than the lock file names: a
/// copy of it lies beside those that are.
/// Playwright's own browsers are not downloaded: Debian's Chromium serves.
pub(crate) fn npm(workspace: &Workspace) -> Result<()> {
    let folder = workspace.root.join("end2end");
    let lock = fs::read(folder.join("package-lock.json")).context("end2end/package-lock.json")?;
    let copy = folder.join("node_modules/.installed.json");
    if fs::read(&copy).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    step("npm ci", || {
        run(Command::new("npm")
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(&folder))?;
        fs::write(copy, &lock).context("end2end/node_modules")
    })
}

/// Installs the browsers and the network tools of the end-to-end tests, and the
/// database that the server's tests run on for the second time.
fn debian() -> Result<()> {
    let mut missing: Vec<_> = PACKAGES
        .iter()
        .filter(|(file, _)| !Path::new(file).exists())
        .map(|(_, package)| *package)
        .collect();
    if postgres::programs().is_none() {
        missing.push("postgresql");
    }
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
