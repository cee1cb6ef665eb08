//! The folder and the file of the database, readable by nobody else: the file
//! holds the server's signing keys.

use std::{
    fs::{DirBuilder, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use super::OpenError;

/// Makes what is missing, and finds out early whether the file can be written.
/// Gives the whole path of the file.
pub(super) fn prepare(file: &Path) -> Result<PathBuf, OpenError> {
    make_parent(file).map_err(|source| OpenError::Folder {
        path: file.parent().unwrap_or(file).to_path_buf(),
        source,
    })?;
    let made = make_file(file).and_then(|()| file.canonicalize());
    made.map_err(|source| OpenError::File {
        path: file.to_path_buf(),
        source,
    })
}

/// Makes the folder of a file when it is missing.
pub(super) fn make_parent(file: &Path) -> io::Result<()> {
    match file.parent().filter(|f| !f.as_os_str().is_empty()) {
        Some(folder) => make_folder(folder),
        None => Ok(()),
    }
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// SQLite gives its own files beside this one the same mode.
fn make_file(file: &Path) -> io::Result<()> {
    open_private(file).map(drop)
}

/// Opens a file for writing at its end; makes it when it is missing.
pub(super) fn open_private(file: &Path) -> io::Result<File> {
    private().create(true).append(true).open(file)
}

/// Makes an empty file that was not there.
pub(super) fn make_new(file: &Path) -> io::Result<()> {
    private().create_new(true).write(true).open(file).map(drop)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
