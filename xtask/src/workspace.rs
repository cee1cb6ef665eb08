//! Where things are: folders, build profile, the settings of `Leptos.toml`,
//! and how child processes are started. Knows nothing of the build's steps.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use anyhow::{Context, Result, ensure};
use leptos_config::LeptosOptions;

/// How far the build optimises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Debug,
    Release,
}

impl Profile {
    /// Folder of the server's profile in the target directory.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }

    /// Cargo's profile of the page, and its folder in the target directory.
    /// A debug page shares the server's profile, and so its procedural macros.
    pub(crate) fn wasm(self) -> (&'static str, &'static str) {
        match self {
            Self::Debug => ("dev", "debug"),
            Self::Release => ("wasm-release", "wasm-release"),
        }
    }
}

/// One working copy, built with one profile.
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    pub(crate) profile: Profile,
    pub(crate) leptos: LeptosOptions,
}

impl Workspace {
    pub(crate) fn open(profile: Profile) -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .expect("this crate lies in a folder of the workspace")
            .to_path_buf();
        let target = env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| root.join("target"), |folder| root.join(folder));
        let file = root.join("Leptos.toml");
        let settings = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        // the server reads the same file in the same way
        let leptos =
            leptos_config::get_config_from_str(&format!("[package.metadata.leptos]\n{settings}"))?;
        Ok(Self {
            root,
            target,
            profile,
            leptos,
        })
    }

    pub(crate) fn is_release(&self) -> bool {
        self.profile == Profile::Release
    }

    /// Everything that is served as a file.
    pub(crate) fn site(&self) -> PathBuf {
        self.root.join(&*self.leptos.site_root)
    }

    /// The built part of the site; its file names bear hashes.
    pub(crate) fn pkg(&self) -> PathBuf {
        self.site().join(&*self.leptos.site_pkg_dir)
    }

    pub(crate) fn server_exe(&self) -> PathBuf {
        self.target.join(self.profile.folder()).join("meetframe")
    }

    /// Cargo, without what `cargo run` put into this process's environment:
    /// those variables would make the child rebuild crates.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        for (key, _) in env::vars_os() {
            let name = key.to_string_lossy();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST") {
                command.env_remove(&key);
            }
        }
        command
    }
}

/// Runs a command; anything but success is an error that names the command.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| name.clone())?;
    ensure!(status.success(), "{name}: {status}");
    Ok(())
}

/// Runs one step and reports how long it took.
pub(crate) fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let start = Instant::now();
    let outcome = work().with_context(|| format!("step '{name}'"))?;
    eprintln!("xtask: {name} {:.1} s", start.elapsed().as_secs_f32());
    Ok(outcome)
}
