//! One browser: a process group of its own, unprivileged, with a profile that
//! goes with it.

use std::{
    fs::{self, File},
    io,
    os::{
        fd::OwnedFd,
        unix::fs::{MetadataExt, chown},
    },
    path::{Path, PathBuf},
    process::Stdio,
};

use command_fds::{CommandFdExt, FdMapping};
use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};
use tracing::warn;

use crate::{Settings, Tools, devtools::DevTools};

/// The bar that says that the page is being shared, in pixels: it takes from
/// the page's height.
pub(crate) const SHARING_BAR: u32 = 56;

/// Lets the page capture itself and play sound without a click, keeps the
/// browser to itself, and lets it reach the media plane on this machine.
/// Never `--mute-audio`: it records silence.
const FLAGS: &[&str] = &[
    "--headless=new",
    "--disable-gpu",
    "--kiosk",
    "--auto-accept-this-tab-capture",
    "--autoplay-policy=no-user-gesture-required",
    "--hide-scrollbars",
    "--no-first-run",
    "--no-default-browser-check",
    "--remote-debugging-pipe",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-component-extensions-with-background-pages",
    // a process that draws suggestions of an address bar that nobody sees: half
    // of what it takes to start
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    "--disable-dev-shm-usage",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--allow-loopback-in-peer-connection",
];

/// A browser that runs. When this goes, the browser goes.
#[derive(Debug)]
pub(crate) struct Browser {
    /// What was added to the height of its screen, in pixels.
    extra: u32,
    child: Child,
    group: Option<Pid>,
    devtools: DevTools,
    _profile: Profile,
}

impl Browser {
    /// Starts a browser. `extra` is added to the height of its screen.
    pub(crate) fn start(tools: &Tools, settings: &Settings, extra: u32) -> io::Result<Self> {
        let profile = Profile::make(tools)?;
        let (reads, to) = io::pipe()?;
        let (from, writes) = io::pipe()?;
        let mut command = command(tools, settings, &profile.path, extra);
        let child_end = |parent: OwnedFd, child_fd| FdMapping {
            parent_fd: parent,
            child_fd,
        };
        command
            .fd_mappings(vec![
                child_end(reads.into(), 3),
                child_end(writes.into(), 4),
            ])
            .map_err(io::Error::other)?;
        let child = command.spawn();
        // the child's ends close here
        drop(command);
        let child = child?;
        let group = child.id().and_then(|id| i32::try_from(id).ok());
        Ok(Self {
            extra,
            group: group.and_then(Pid::from_raw),
            child,
            devtools: DevTools::new(to.into(), from.into())?,
            _profile: profile,
        })
    }

    /// Opens the page.
    pub(crate) async fn open(&mut self, url: &str) -> io::Result<()> {
        self.devtools.open(url).await
    }

    /// Its process.
    pub(crate) fn process(&self) -> Option<u32> {
        self.child.id()
    }

    /// Whether it runs, with so much added to the height of its screen.
    pub(crate) fn fits(&mut self, extra: u32) -> bool {
        self.extra == extra && matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until the browser has ended.
    pub(crate) async fn ended(&mut self) {
        if let Err(error) = self.child.wait().await {
            warn!(%error, "A browser could not be waited for");
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(group) = self.group {
            // it may have ended already
            kill_process_group(group, Signal::KILL).ok();
        }
        // the profile goes after this
    }
}

fn command(tools: &Tools, settings: &Settings, profile: &Path, extra: u32) -> Command {
    let height = settings.height + SHARING_BAR + extra;
    let mut command = Command::new(&tools.chromium);
    command
        .args(FLAGS)
        .arg(format!("--screen-info={{{}x{height}}}", settings.width))
        .arg(format!("--window-size={},{height}", settings.width))
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("--host-resolver-rules={}", rules(settings)))
        .env("HOME", profile)
        .env("XDG_CONFIG_HOME", profile)
        .env("XDG_CACHE_HOME", profile)
        .current_dir(profile)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .kill_on_drop(true);
    if !tools.sandbox {
        command.arg("--no-sandbox");
    }
    if let Some(user) = tools.user {
        command.uid(user.id).gid(user.group);
    }
    command.arg("about:blank");
    command
}

/// What people put into their addresses must not make the browser ask other
/// machines, least of all those beside the server.
fn rules(settings: &Settings) -> String {
    match &settings.host_rule {
        Some(rule) => format!("{rule}, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
        None => "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1".to_owned(),
    }
}

/// How the names of profiles begin.
const PROFILE: &str = "meetframe-recorder-";

/// A folder for one browser, which its user may write. Goes on drop.
#[derive(Debug)]
struct Profile {
    path: PathBuf,
    /// Locked for as long as somebody needs the folder. The system lets go of
    /// it when this process is killed.
    _lock: File,
}

impl Profile {
    fn make(tools: &Tools) -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("{PROFILE}{:016x}", rand::random::<u64>()));
        fs::create_dir(&path)?;
        let lock = File::open(&path)?;
        lock.try_lock()?;
        let profile = Self { path, _lock: lock };
        if let Some(user) = tools.user {
            chown(&profile.path, Some(user.id), Some(user.group))?;
        }
        Ok(profile)
    }
}

impl Drop for Profile {
    fn drop(&mut self) {
        forget(&self.path);
    }
}

/// Deletes the profiles that nobody needs any more: of servers that were
/// killed.
pub(crate) fn sweep(tools: &Tools) {
    let owner = tools
        .user
        .map_or_else(|| rustix::process::geteuid().as_raw(), |user| user.id);
    let entries = fs::read_dir(std::env::temp_dir());
    for entry in entries.into_iter().flatten().flatten() {
        let is_profile = entry.file_name().to_string_lossy().starts_with(PROFILE);
        // everybody may make what has such a name: it must be a folder of ours
        let is_ours = entry
            .metadata()
            .is_ok_and(|entry| entry.is_dir() && entry.uid() == owner);
        if is_profile && is_ours && is_free(&entry.path()) {
            forget(&entry.path());
        }
    }
}

fn is_free(profile: &Path) -> bool {
    File::open(profile).is_ok_and(|folder| folder.try_lock().is_ok())
}

/// Deletes a profile. A process that is just being killed may still write.
fn forget(profile: &Path) {
    for _ in 0..3 {
        if fs::remove_dir_all(profile).is_ok() || !profile.exists() {
            return;
        }
    }
    warn!(profile = %profile.display(), "A browser's profile could not be deleted");
}
