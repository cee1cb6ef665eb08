//! Finds what the build made for browsers: the site folder and the file with
//! the hashes of its names.
//!
//! An installed server works from any working directory: the folder is looked
//! for beside the executable first.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use leptos::config::{LeptosOptions, errors::LeptosConfigError, get_config_from_str};

/// The build-time settings of the page, shared with the build.
const BUILD_SETTINGS: &str = include_str!("../../Leptos.toml");
/// Names the site folder; for packages that put it elsewhere.
const ROOT_VARIABLE: &str = "LEPTOS_SITE_ROOT";

/// The built site.
#[derive(Debug, Clone)]
pub struct Site {
    /// What Leptos needs to know to link to the files.
    pub options: LeptosOptions,
    /// The folder that is served.
    pub root: PathBuf,
    /// The folder of the files whose names have a hash.
    pub pkg: PathBuf,
}

/// Why the site cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The build-time settings are broken.
    #[error("Leptos.toml, or a LEPTOS_… environment variable, is wrong: {0}")]
    Settings(#[from] LeptosConfigError),
    /// There is no site folder.
    #[error(
        "cannot find the site folder with the files for browsers; looked for {}; \
         build it, put it beside the executable as \"site\", or set {ROOT_VARIABLE}",
        list(.0)
    )]
    NoFolder(Vec<PathBuf>),
    /// There is no file with the hashes.
    #[error(
        "cannot find the file with the hashes of the site's files; looked for {}; \
         it is made by the same build as the site folder",
        list(.0)
    )]
    NoHashes(Vec<PathBuf>),
    /// A file that the pages would link to is missing.
    #[error(
        "the site folder {} does not fit this server: {file} is missing; build both together",
        root.display()
    )]
    Mismatch {
        /// The site folder.
        root: PathBuf,
        /// The missing file, below the folder.
        file: String,
    },
}

fn list(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths.iter().map(|p| p.display().to_string()).collect();
    paths.join(", ")
}

impl Site {
    /// Finds the site of this executable.
    ///
    /// # Errors
    /// Says what is missing, and where it was looked for.
    pub fn find() -> Result<Self, SiteError> {
        let options = settings()?;
        let root = find_root(&options)?;
        Self::at(&root, options)
    }

    /// Takes the site in this folder.
    ///
    /// # Errors
    /// Says what is missing in it.
    pub fn in_folder(root: &Path) -> Result<Self, SiteError> {
        Self::at(root, settings()?)
    }

    fn at(root: &Path, mut options: LeptosOptions) -> Result<Self, SiteError> {
        if options.hash_files {
            // Leptos joins this with the executable's folder: absolute wins
            let hashes = find_hashes(root, &options)?;
            options.hash_file = hashes.display().to_string().into();
        }
        options.site_root = root.display().to_string().into();
        let site = Self {
            pkg: root.join(&*options.site_pkg_dir),
            root: root.to_path_buf(),
            options,
        };
        site.check()?;
        Ok(site)
    }

    /// Fails now rather than with a page that never comes to life.
    fn check(&self) -> Result<(), SiteError> {
        for name in self.linked_files() {
            if !self.pkg.join(&name).is_file() {
                return Err(SiteError::Mismatch {
                    root: self.root.clone(),
                    file: format!("{}/{name}", self.options.site_pkg_dir),
                });
            }
        }
        Ok(())
    }

    fn linked_files(&self) -> Vec<String> {
        if !self.options.hash_files {
            return Vec::new();
        }
        let name = &self.options.output_name;
        // the file was found a moment ago; without it Leptos says what is wrong
        let hashes = fs::read_to_string(&*self.options.hash_file).unwrap_or_default();
        hashes
            .lines()
            .filter_map(|line| line.split_once(':'))
            .filter(|(kind, _)| matches!(kind.trim(), "js" | "wasm" | "css"))
            .map(|(kind, hash)| format!("{name}.{}.{}", hash.trim(), kind.trim()))
            .collect()
    }
}

fn settings() -> Result<LeptosOptions, LeptosConfigError> {
    // leptos_config looks for this header and reads what follows it
    get_config_from_str(&format!("[package.metadata.leptos]\n{BUILD_SETTINGS}"))
}

fn find_root(options: &LeptosOptions) -> Result<PathBuf, SiteError> {
    let candidates = match env::var_os(ROOT_VARIABLE) {
        Some(path) => vec![PathBuf::from(path)],
        None => roots(options),
    };
    first(&candidates, |path| {
        path.join(&*options.site_pkg_dir).is_dir()
    })
    .ok_or(SiteError::NoFolder(candidates))
}

/// Beside an installed executable, in its share folder, in the target folder
/// of a build, below the working directory.
fn roots(options: &LeptosOptions) -> Vec<PathBuf> {
    let mut all = Vec::new();
    if let Some(folder) = executable_folder() {
        all.push(folder.join("site"));
        all.push(folder.join("../share/meetframe/site"));
        all.push(folder.join("../site"));
    }
    all.push(PathBuf::from(&*options.site_root));
    all
}

fn find_hashes(root: &Path, options: &LeptosOptions) -> Result<PathBuf, SiteError> {
    let name = Path::new(&*options.hash_file);
    let mut candidates = vec![root.join(name)];
    candidates.extend(executable_folder().map(|folder| folder.join(name)));
    candidates.extend(root.parent().map(|folder| folder.join(name)));
    first(&candidates, Path::is_file).ok_or(SiteError::NoHashes(candidates))
}

fn first(candidates: &[PathBuf], fits: impl Fn(&Path) -> bool) -> Option<PathBuf> {
    let found = candidates.iter().find(|path| fits(path))?;
    // absolute, so that a later change of the working directory does no harm
    found.canonicalize().ok()
}

fn executable_folder() -> Option<PathBuf> {
    Some(env::current_exe().ok()?.parent()?.to_path_buf())
}
