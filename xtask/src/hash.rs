//! Names that change with the content, so that browsers may keep the files
//! for ever.

use std::{fs, path::Path};

use anyhow::{Result, ensure};
use sha2::{Digest, Sha256};

use crate::{parts, workspace::Workspace};

/// Bytes of the digest in a file name: plenty against accidents.
const LENGTH: usize = 10;

/// How an import of a file beside it begins in the scripts of wasm-bindgen and
/// of the splitter: as they write it, and shortened.
const IMPORTS: [&str; 2] = ["from \"./", "from\"./"];

/// Renames `{name}.{ext}` to `{name}.{hash}.{ext}` and writes the list of
/// hashes beside the server executable, where leptos looks for it.
pub(crate) fn rename(workspace: &Workspace) -> Result<()> {
    let (pkg, name) = (workspace.pkg(), &workspace.leptos.output_name);
    let mut list = String::new();
    let scripts = match pkg.join(parts::script_name(name)).exists() {
        true => Some(join_scripts(&pkg, name)?),
        false => None,
    };
    for extension in ["js", "wasm", "css"] {
        let plain = pkg.join(format!("{name}.{extension}"));
        let hash = match &scripts {
            Some(hash) if extension == "js" => hash.clone(),
            _ => short_digest(&fs::read(&plain)?),
        };
        fs::rename(&plain, pkg.join(format!("{name}.{hash}.{extension}")))?;
        list += &format!("{extension}: {hash}\n");
    }
    let file = workspace
        .server_exe()
        .with_file_name(&*workspace.leptos.hash_file);
    fs::create_dir_all(workspace.target.join(workspace.profile.folder()))?;
    fs::write(file, list)?;
    check_imports(&pkg)
}

/// Renames the parts of the program, and tells the script that loads them.
fn rename_parts(pkg: &Path, name: &str) -> Result<()> {
    let script = pkg.join(parts::script_name(name));
    for entry in fs::read_dir(pkg)? {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let Some(part) = file.strip_suffix(".wasm").filter(|part| *part != name) else {
            continue;
        };
        let hashed = format!("{part}.{}.wasm", short_digest(&fs::read(&path)?));
        replace(&script, &format!("./{file}"), &format!("./{hashed}"))?;
        fs::rename(&path, pkg.join(hashed))?;
    }
    Ok(())
}

/// The page's script and the one that loads parts import each other, so that
/// both get one hash, of both. Has both scripts know, and renames the latter.
fn join_scripts(pkg: &Path, name: &str) -> Result<String> {
    rename_parts(pkg, name)?;
    let (main, plain) = (format!("{name}.js"), parts::script_name(name));
    let mut both = fs::read(pkg.join(&main))?;
    both.extend(fs::read(pkg.join(&plain))?);
    let hash = short_digest(&both);
    let hashed = format!("{name}_parts.{hash}.js");
    replace_imports(&pkg.join(&main), &plain, &hashed)?;
    replace_imports(&pkg.join(&plain), &main, &format!("{name}.{hash}.js"))?;
    fs::rename(pkg.join(plain), pkg.join(hashed))?;
    Ok(hash)
}

/// Has a script import another file than it did, wherever it imports it: the
/// page's script does so once for each part. The name stays as it is where it
/// is the key under which the wasm asks for the script.
fn replace_imports(script: &Path, from: &str, to: &str) -> Result<()> {
    let text = fs::read_to_string(script)?;
    let changed = IMPORTS.iter().fold(text.clone(), |text, import| {
        text.replace(&format!("{import}{from}\""), &format!("{import}{to}\""))
    });
    ensure!(text != changed, "{} imports no {from}", script.display());
    fs::write(script, changed)?;
    Ok(())
}

/// Fails when a script imports what is not there: the page would stay dead.
fn check_imports(pkg: &Path) -> Result<()> {
    for entry in fs::read_dir(pkg)? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "js") {
            continue;
        }
        for file in imports(&fs::read_to_string(&path)?) {
            ensure!(
                pkg.join(file).exists(),
                "{} imports {file}, which is not there",
                path.display()
            );
        }
    }
    Ok(())
}

/// The files beside it that a script imports.
fn imports(script: &str) -> Vec<&str> {
    let after = IMPORTS
        .iter()
        .flat_map(|import| script.split(import).skip(1));
    after.filter_map(|rest| rest.split('"').next()).collect()
}

fn replace(file: &Path, from: &str, to: &str) -> Result<()> {
    let text = fs::read_to_string(file)?;
    let unnamed = || format!("{} does not name {from}", file.display());
    ensure!(text.contains(from), unnamed());
    fs::write(file, text.replace(from, to))?;
    Ok(())
}

pub(crate) fn short_digest(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .take(LENGTH)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_found_and_keys_are_not() {
        let script = r#"import * as a from "./x.js"
import * as b from "./x.js"
import { c } from "./y.js";
const keys = { "./x.js": a };import*as d from"./z.js";"#;
        assert_eq!(imports(script), ["x.js", "x.js", "y.js", "z.js"]);
    }
}
