//! How much a first visit loads, and that this stays little.

use std::fs;

use anyhow::{Result, ensure};

use crate::workspace::Workspace;

const KB: u64 = 1024;

/// The aim for a first visit, in bytes after brotli.
const AIM: u64 = 400 * KB;
/// Of that, what the page itself takes: it is made anew for each visit, with
/// its words in one language, so that it cannot be measured here.
const DOCUMENT: u64 = 12 * KB;

/// Prints what a first visit loads before the page can be used, and what
/// parts follow. Refuses a page that is too large, unless it could not be
/// optimised on this machine.
pub(crate) fn check(workspace: &Workspace, optimised: bool) -> Result<()> {
    let (mut sum, mut files) = (0, Vec::new());
    for entry in fs::read_dir(workspace.pkg())? {
        let path = entry?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        if let Some(name) = name.as_deref().and_then(|name| name.strip_suffix(".br")) {
            files.push((name.to_owned(), fs::metadata(&path)?.len()));
        }
    }
    files.sort();
    for (name, bytes) in files {
        let first = name.starts_with(&*workspace.leptos.output_name);
        sum += if first { bytes } else { 0 };
        let when = if first { "" } else { ", later" };
        eprintln!("xtask: {name} {} KB{when}", bytes.div_ceil(KB));
    }
    let limit = AIM - DOCUMENT;
    eprintln!(
        "xtask: a first visit loads {} of {} KB, and the document",
        sum.div_ceil(KB),
        limit / KB
    );
    ensure!(
        sum <= limit || !optimised,
        "a first visit loads {sum} bytes after brotli, the limit is {limit}: see what grew, \
         or let it be a part that is loaded later (app/src/parts.rs)"
    );
    Ok(())
}
