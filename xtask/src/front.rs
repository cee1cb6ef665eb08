//! The page: Rust to wasm to JavaScript bindings, style, public files, hashed
//! names, compressed copies. Everything ends in `target/site`.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    hash, precompress, setup, style,
    workspace::{Workspace, run, step},
};

/// The features that rustc 1.95 uses by default; wasm-opt wants them named.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Builds the whole page anew into an empty `target/site`.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    setup::wasm_target(workspace)?;
    step("wasm", || compile(workspace))?;
    let (site, pkg) = (workspace.site(), workspace.pkg());
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    fs::create_dir_all(&pkg)?;
    step("wasm-bindgen", || bind(workspace))?;
    if workspace.is_release() {
        step("wasm-opt", || optimise(workspace))?;
    }
    step("style", || style::build(workspace))?;
    step("public", || copy(&workspace.root.join("public"), &site))?;
    step("hash", || hash::rename(workspace))?;
    if workspace.is_release() {
        step("precompress", || precompress::folder(&site))?;
    }
    Ok(())
}

/// The crate type is given here and not in the manifest: a manifest with both
/// `cdylib` and `rlib` loses fat LTO, and the wasm grows by a quarter.
fn compile(workspace: &Workspace) -> Result<()> {
    let (profile, _) = workspace.profile.wasm();
    run(workspace
        .cargo()
        .args(["rustc", "--package", "app", "--lib", "--locked"])
        .args(["--crate-type", "cdylib", "--features", "hydrate"])
        .args(["--target", "wasm32-unknown-unknown"])
        .args(["--profile", profile]))
}

fn bind(workspace: &Workspace) -> Result<()> {
    let (pkg, name) = (workspace.pkg(), &*workspace.leptos.output_name);
    let (_, folder) = workspace.profile.wasm();
    let input = workspace
        .target
        .join("wasm32-unknown-unknown")
        .join(folder)
        .join("app.wasm");
    Bindgen::new()
        .input_path(input)
        .web(true)?
        .typescript(false)
        .keep_debug(false)
        .remove_name_section(workspace.is_release())
        .remove_producers_section(true)
        .out_name(name)
        .generate(&pkg)?;
    // leptos looks for {name}.wasm
    fs::rename(pkg.join(format!("{name}_bg.wasm")), wasm(workspace))?;
    Ok(())
}

fn wasm(workspace: &Workspace) -> PathBuf {
    let name = &*workspace.leptos.output_name;
    workspace.pkg().join(format!("{name}.wasm"))
}

/// Shrinks the wasm with `wasm-opt` where it is found; without it the page is
/// some percent larger, so that its absence is told and forgiven.
fn optimise(workspace: &Workspace) -> Result<()> {
    let local = workspace.root.join("end2end/node_modules/.bin/wasm-opt");
    let tool = if local.exists() {
        local
    } else {
        PathBuf::from("wasm-opt")
    };
    let file = wasm(workspace);
    let outcome = Command::new(&tool)
        .arg("-Oz")
        .args(WASM_FEATURES)
        .arg(&file)
        .arg("-o")
        .arg(&file)
        .status();
    match outcome {
        Ok(status) => ensure!(status.success(), "{}: {status}", tool.display()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            eprintln!("xtask: wasm-opt not found; the page is a little larger than it could be");
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
