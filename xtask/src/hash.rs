//! Names that change with the content, so that browsers may keep the files
//! for ever.

use std::fs;

use anyhow::Result;
use sha2::{Digest, Sha256};

use crate::workspace::Workspace;

/// Bytes of the digest in a file name: plenty against accidents.
const LENGTH: usize = 10;

/// Renames `{name}.{ext}` to `{name}.{hash}.{ext}` and writes the list of
/// hashes beside the server executable, where leptos looks for it.
pub(crate) fn rename(workspace: &Workspace) -> Result<()> {
    let (pkg, name) = (workspace.pkg(), &workspace.leptos.output_name);
    let mut list = String::new();
    for extension in ["js", "wasm", "css"] {
        let plain = pkg.join(format!("{name}.{extension}"));
        let hash = short_digest(&fs::read(&plain)?);
        fs::rename(&plain, pkg.join(format!("{name}.{hash}.{extension}")))?;
        list += &format!("{extension}: {hash}\n");
    }
    let file = workspace
        .server_exe()
        .with_file_name(&*workspace.leptos.hash_file);
    fs::create_dir_all(workspace.target.join(workspace.profile.folder()))?;
    fs::write(file, list)?;
    Ok(())
}

fn short_digest(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .take(LENGTH)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}
