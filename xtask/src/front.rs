//! The page: Rust to wasm to JavaScript bindings, style, public files, hashed
//! names, compressed copies, the limit of its size. Everything ends in
//! `target/site`.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    hash,
    hls::{self, Script},
    parts, precompress, setup, size, style,
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

/// Splitting needs to know who refers to whom.
const RELOCATIONS: [&str; 2] = ["--", "-Clink-args=--emit-relocs"];

/// Builds the whole page anew into an empty `target/site`.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    setup::wasm_target(workspace)?;
    if workspace.is_release()
        && let Err(error) = setup::npm(workspace)
    {
        // wasm-opt and hls.js come from there
        eprintln!("xtask: {error:#}; the page will be larger, and recordings are played as MP4");
    }
    let hls = Script::find(workspace);
    step("wasm", || compile(workspace, hls.as_ref()))?;
    let (site, pkg) = (workspace.site(), workspace.pkg());
    if site.exists() {
        fs::remove_dir_all(&site)?;
    }
    fs::create_dir_all(&pkg)?;
    step("wasm-bindgen", || bind(workspace))?;
    let optimised = workspace.is_release() && step("wasm-opt", || optimise(workspace))?;
    step("style", || style::build(workspace))?;
    step("public", || copy(&workspace.root.join("public"), &site))?;
    step("hash", || hash::rename(workspace))?;
    if let Some(hls) = hls {
        hls.write(&pkg)?;
    }
    if workspace.is_release() {
        step("precompress", || precompress::folder(&site))?;
        size::check(workspace, optimised)?;
    }
    Ok(())
}

/// The crate type is given here and not in the manifest: a manifest with both
/// `cdylib` and `rlib` loses fat LTO, and the wasm grows by a quarter.
fn compile(workspace: &Workspace, hls: Option<&Script>) -> Result<()> {
    let (profile, _) = workspace.profile.wasm();
    run(workspace
        .cargo()
        .envs(hls.map(|hls| (hls::VARIABLE, &hls.name)))
        .args(["rustc", "--package", "app", "--lib", "--locked"])
        .args(["--crate-type", "cdylib", "--features", "hydrate"])
        .args(["--target", "wasm32-unknown-unknown"])
        .args(["--profile", profile])
        .args(RELOCATIONS.iter().filter(|_| workspace.is_release())))
}

fn bind(workspace: &Workspace) -> Result<()> {
    let (pkg, name) = (workspace.pkg(), &*workspace.leptos.output_name);
    let (_, folder) = workspace.profile.wasm();
    let mut input = workspace
        .target
        .join("wasm32-unknown-unknown")
        .join(folder)
        .join("app.wasm");
    if workspace.is_release() {
        input = parts::split(&input, &pkg, name)?;
    }
    Bindgen::new()
        .input_path(input)
        .web(true)?
        .typescript(false)
        .keep_debug(false)
        .remove_name_section(workspace.is_release())
        .remove_producers_section(true)
        // the table of functions, which parts share
        .keep_lld_exports(workspace.is_release())
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

/// Shrinks all wasm with `wasm-opt` where that is found, and says whether it
/// is; without it the page is some percent larger, so that its absence is told
/// and forgiven.
fn optimise(workspace: &Workspace) -> Result<bool> {
    let local = workspace.root.join("end2end/node_modules/.bin/wasm-opt");
    let tool = if local.exists() {
        local
    } else {
        PathBuf::from("wasm-opt")
    };
    for entry in fs::read_dir(workspace.pkg())? {
        let file = entry?.path();
        if file.extension().is_none_or(|extension| extension != "wasm") {
            continue;
        }
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
                eprintln!("xtask: wasm-opt not found; the page is larger than it could be");
                return Ok(false);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(true)
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
