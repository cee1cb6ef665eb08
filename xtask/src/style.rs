//! The style sheets: `style/main.css` and what it imports, in one file.

use std::fs;

use anyhow::{Result, anyhow};
use lightningcss::{
    bundler::{Bundler, FileProvider},
    printer::PrinterOptions,
    stylesheet::{MinifyOptions, ParserOptions},
    targets::{Browsers, Targets},
};

use crate::workspace::Workspace;

/// The oldest browsers that the style is written down for: those with the
/// WebRTC features that the page needs.
fn targets() -> Targets {
    const fn version(major: u32, minor: u32) -> Option<u32> {
        Some((major << 16) | (minor << 8))
    }
    Targets::from(Browsers {
        chrome: version(109, 0),
        firefox: version(115, 0),
        safari: version(15, 6),
        ..Browsers::default()
    })
}

/// Bundles the style sheets; minifies them for release.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let provider = FileProvider::new();
    let mut bundler = Bundler::new(&provider, None, ParserOptions::default());
    let main = workspace.root.join("style/main.css");
    let mut sheet = bundler.bundle(&main).map_err(|error| anyhow!("{error}"))?;
    let targets = targets();
    sheet.minify(MinifyOptions {
        targets,
        ..MinifyOptions::default()
    })?;
    let css = sheet.to_css(PrinterOptions {
        targets,
        minify: workspace.is_release(),
        ..PrinterOptions::default()
    })?;
    let name = format!("{}.css", workspace.leptos.output_name);
    fs::write(workspace.pkg().join(name), css.code)?;
    Ok(())
}
