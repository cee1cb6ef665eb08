//! Compressed copies (`.br`, `.gz`) of the files that are worth it, made once
//! at build time at the highest level.

use std::{ffi::OsString, fs, io::Write, path::Path};

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

const TEXT_LIKE: [&str; 8] = [
    "js",
    "wasm",
    "css",
    "svg",
    "json",
    "txt",
    "html",
    "webmanifest",
];

/// Writes the copies beside the files of a folder and its subfolders.
pub(crate) fn folder(path: &Path) -> Result<()> {
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        if path.is_dir() {
            folder(&path)?;
        } else if is_compressible(&path) {
            file(&path)?;
        }
    }
    Ok(())
}

fn is_compressible(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| TEXT_LIKE.contains(&extension))
}

fn file(path: &Path) -> Result<()> {
    let content = fs::read(path)?;
    let mut brotli = Vec::new();
    let best = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..BrotliEncoderParams::default()
    };
    brotli::BrotliCompress(&mut content.as_slice(), &mut brotli, &best)?;
    fs::write(with_suffix(path, ".br"), brotli)?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&content)?;
    fs::write(with_suffix(path, ".gz"), gzip.finish()?)?;
    Ok(())
}

fn with_suffix(path: &Path, suffix: &str) -> OsString {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name
}
