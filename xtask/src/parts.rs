//! Splits the wasm where the page says so (`app::parts`), so that a first visit
//! loads only what it needs.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, anyhow, ensure};
use wasm_split_cli_support::{Options, transform};

use crate::snip;

/// Writes all parts but the main one into a folder, with the script that loads
/// them, and says where the main one is: `wasm-bindgen` has to finish it.
pub(crate) fn split(wasm: &Path, pkg: &Path, name: &str) -> Result<PathBuf> {
    let input = fs::read(wasm)?;
    let main = wasm.with_file_name("main.wasm");
    let (link, script) = (format!("./{}", script_name(name)), format!("./{name}.js"));
    let mut options = Options::new(&input);
    options.output_dir = pkg;
    options.main_out_path = &main;
    options.link_name = &link;
    options.main_module = &script;
    let parts = transform(options).map_err(|error| anyhow!("{error:?}"))?;
    let emptied = snip::never_called(&main)?;
    ensure!(
        emptied > 0,
        "Leptos has other names now: see what is never called"
    );
    for part in &parts.split_modules {
        snip::never_called(part)?;
    }
    Ok(main)
}

/// The script that loads parts.
pub(crate) fn script_name(name: &str) -> String {
    format!("{name}_parts.js")
}
