//! hls.js beside the page: for browsers that cannot play HLS by themselves. It
//! is loaded by the page of a recording only, and only where it is needed.

use std::{fs, path::Path};

use anyhow::Result;

use crate::{hash::short_digest, workspace::Workspace};

/// What tells the page the name of the script when it is compiled.
pub(crate) const VARIABLE: &str = "MEETFRAME_HLS_SCRIPT";

/// The script as its makers built it, without what our streams never have:
/// subtitles, other tongues, encryption.
const DIST: &str = "end2end/node_modules/hls.js/dist/hls.light.min.js";

/// The script, and the name under which it is served.
pub(crate) struct Script {
    pub(crate) name: String,
    content: String,
}

impl Script {
    /// Finds the script. Where the npm packages are not installed there is
    /// none: then browsers without HLS play the MP4.
    pub(crate) fn find(workspace: &Workspace) -> Option<Self> {
        let Ok(content) = fs::read_to_string(workspace.root.join(DIST)) else {
            eprintln!("xtask: hls.js not found; recordings are played as MP4");
            return None;
        };
        // the map is not served
        let end = content
            .rfind("//# sourceMappingURL")
            .unwrap_or(content.len());
        let content = content[..end].trim_end().to_owned();
        let name = format!("hls.{}.js", short_digest(content.as_bytes()));
        Some(Self { name, content })
    }

    /// Writes it into the folder of the page's program.
    pub(crate) fn write(&self, pkg: &Path) -> Result<()> {
        Ok(fs::write(pkg.join(&self.name), &self.content)?)
    }
}
