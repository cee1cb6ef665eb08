//! What recording needs on a machine: a browser, ffmpeg, and somebody for the
//! browser to run as.

use std::{
    env, fmt, fs,
    path::{Path, PathBuf},
};

use tracing::warn;

use crate::Settings;

/// Names under which systems have the browser. Its shell for tests is none of
/// them: it cannot capture.
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome"];

/// What recording needs, found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tools {
    /// The browser.
    pub(crate) chromium: PathBuf,
    /// `ffmpeg`.
    pub(crate) ffmpeg: PathBuf,
    /// `ffprobe`.
    pub(crate) ffprobe: PathBuf,
    /// `nice`, where there is one.
    pub(crate) nice: Option<PathBuf>,
    /// Whom the browser runs as, when not as the server does.
    pub(crate) user: Option<User>,
    /// The browser keeps its own sandbox. Root's cannot.
    pub(crate) sandbox: bool,
}

/// A user of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct User {
    pub(crate) id: u32,
    pub(crate) group: u32,
}

/// What is missing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// There is no Chromium.
    #[error("there is no Chromium: looked for {0}; install it, or set recording.chromium")]
    Browser(String),
    /// There is no ffmpeg or no ffprobe.
    #[error("there is no ffmpeg: looked for {0}; install it, or set recording.ffmpeg")]
    Ffmpeg(String),
}

impl Tools {
    /// Looks for all of it.
    ///
    /// # Errors
    /// Says what is missing.
    pub fn find(settings: &Settings) -> Result<Self, Missing> {
        let chromium = match &settings.chromium {
            Some(path) => Some(path.clone()).filter(|path| path.is_file()),
            None => BROWSERS.iter().find_map(|name| in_path(name)),
        };
        let (user, sandbox) = who(&settings.user);
        Ok(Self {
            chromium: chromium.ok_or_else(|| Missing::Browser(looked_for(settings)))?,
            ffmpeg: ffmpeg(settings, "ffmpeg")?,
            ffprobe: ffmpeg(settings, "ffprobe")?,
            nice: in_path("nice"),
            user,
            sandbox,
        })
    }
}

impl fmt::Display for Tools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (chromium, ffmpeg) = (self.chromium.display(), self.ffmpeg.display());
        write!(f, "{chromium} and {ffmpeg}")
    }
}

fn looked_for(settings: &Settings) -> String {
    match &settings.chromium {
        Some(path) => path.display().to_string(),
        None => format!("{} in PATH", BROWSERS.join(", ")),
    }
}

fn ffmpeg(settings: &Settings, name: &str) -> Result<PathBuf, Missing> {
    let found = match &settings.ffmpeg {
        Some(folder) => Some(folder.join(name)).filter(|path| path.is_file()),
        None => in_path(name),
    };
    let place = || match &settings.ffmpeg {
        Some(folder) => folder.join(name).display().to_string(),
        None => format!("{name} in PATH"),
    };
    found.ok_or_else(|| Missing::Ffmpeg(place()))
}

fn in_path(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
}

/// Whom the browser runs as, and whether its sandbox can be used.
fn who(name: &str) -> (Option<User>, bool) {
    if !rustix::process::getuid().is_root() {
        return (None, true);
    }
    if let Some(user) = user(name).filter(|user| user.id != 0) {
        return (Some(user), has_namespaces());
    }
    warn!(
        user = name,
        "The server runs as root and there is no such user for the browser: it runs as root \
         and without its sandbox (recording.user)"
    );
    (None, false)
}

fn user(name: &str) -> Option<User> {
    let text = fs::read_to_string("/etc/passwd").ok()?;
    let line = text
        .lines()
        .find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some(User {
        id: fields.next()?.parse().ok()?,
        group: fields.next()?.parse().ok()?,
    })
}

/// The browser's sandbox needs namespaces of users, or its own helper that is
/// installed for root.
fn has_namespaces() -> bool {
    let is_zero = |path: &str| fs::read_to_string(path).is_ok_and(|text| text.trim() == "0");
    let denied = is_zero("/proc/sys/user/max_user_namespaces")
        || is_zero("/proc/sys/kernel/unprivileged_userns_clone");
    let helper = Path::new("/usr/lib/chromium/chrome-sandbox").is_file();
    if denied && !helper {
        warn!("This system has no namespaces for users: the browser runs without its sandbox");
    }
    !denied || helper
}
