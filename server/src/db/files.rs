//! The folder and the file of the database, readable by nobody else: the file
//! holds the server's signing keys.

use std::{
    fs::{DirBuilder, OpenOptions},
    io,
    path::Path,
};

use super::OpenError;

/// Makes what is missing, and finds out early whether the file can be written.
pub(super) fn prepare(file: &Path) -> Result<(), OpenError> {
    if let Some(folder) = file.parent().filter(|f| !f.as_os_str().is_empty()) {
        make_folder(folder).map_err(|source| OpenError::Folder {
            path: folder.to_path_buf(),
            source,
        })?;
    }
    make_file(file).map_err(|source| OpenError::File {
        path: file.to_path_buf(),
        source,
    })
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
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}
