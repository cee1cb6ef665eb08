//! The page: Rust to wasm to JavaScript bindings, style, public files, hashed
//! names, compressed copies, the limit of its size. Everything ends in
//! `target/site`.

use std::{
    ffi::OsString,
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

/// As small as can be, with the features that rustc 1.95 uses by default;
/// wasm-opt wants them named.
const WASM_FLAGS: [&str; 7] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Short, and else as it was: what loads it looks for its exports.
const JS_FLAGS: [&str; 4] = [
    "--minify",
    "--format=esm",
    "--log-level=warning",
    "--allow-overwrite",
];

/// Splitting needs to know who refers to whom.
const RELOCATIONS: [&str; 2] = ["--", "-Clink-args=--emit-relocs"];

/// A debug page is optimised a little, unlike a debug server: less than half as
/// large, it is there much sooner in each of a test's browsers. Said like this
/// and not by a profile of its own, it shares procedural macros with the server.
const DEBUG_PAGE: (&str, &str) = ("CARGO_PROFILE_DEV_OPT_LEVEL", "1");

/// Builds the whole page anew into an empty `target/site`.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    setup::wasm_target(workspace)?;
    if workspace.is_release()
        && let Err(error) = setup::npm(workspace)
    {
        // wasm-opt, esbuild and hls.js come from there
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
    let optimised = workspace.is_release() && step("shrink", || optimise(workspace))?;
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
        .env(DEBUG_PAGE.0, DEBUG_PAGE.1)
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

/// Shrinks all wasm and the bindings with tools of npm, and says whether they
/// were there; without them the page is some percent larger, so that their
/// absence is told and forgiven.
fn optimise(workspace: &Workspace) -> Result<bool> {
    let mut all = true;
    for entry in fs::read_dir(workspace.pkg())? {
        let file = entry?.path();
        let extension = file.extension().and_then(|extension| extension.to_str());
        let (tool, flags) = match extension {
            Some("wasm") => ("wasm-opt", &WASM_FLAGS[..]),
            Some("js") => ("esbuild", &JS_FLAGS[..]),
            _ => continue,
        };
        all &= shrink(workspace, tool, flags, &file)?;
    }
    Ok(all)
}

/// Runs a tool on a file in its place, unless there is no such tool.
fn shrink(workspace: &Workspace, tool: &str, flags: &[&str], file: &Path) -> Result<bool> {
    let local = workspace.root.join("end2end/node_modules/.bin").join(tool);
    let program = if local.exists() {
        local
    } else {
        PathBuf::from(tool)
    };
    let mut output = OsString::from(if tool == "esbuild" {
        "--outfile="
    } else {
        "--output="
    });
    output.push(file);
    let outcome = Command::new(&program)
        .args(flags)
        .arg(file)
        .arg(output)
        .status();
    match outcome {
        Ok(status) => {
            ensure!(status.success(), "{}: {status}", program.display());
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            eprintln!("xtask: {tool} not found; the page is larger than it could be");
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
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
