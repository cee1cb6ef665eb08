//! Builds and runs the whole application: wasm, style, public files, content
//! hashes, precompressed copies, server. Needs nothing but cargo; wasm-opt is
//! used for release builds where it is found (end2end/node_modules or PATH).
use anyhow::{Context, Result, bail, ensure};
use sha2::{Digest, Sha256};
use std::{
    env, fs,
    io::Write,
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

struct Build {
    root: PathBuf,
    target: PathBuf,
    name: String,
    site: PathBuf,
    pkg: PathBuf,
    hash_file: String,
    release: bool,
}

fn main() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let release = args.iter().any(|a| a == "--release");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("root")?
        .to_path_buf();
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    // the same file the server reads
    let text = fs::read_to_string(root.join("Leptos.toml")).context("Leptos.toml")?;
    let o = leptos_config::get_config_from_str(&format!("[package.metadata.leptos]\n{text}"))?;
    let site = root.join(&*o.site_root);
    let b = Build {
        pkg: site.join(&*o.site_pkg_dir),
        site,
        name: o.output_name.to_string(),
        hash_file: o.hash_file.to_string(),
        root,
        target,
        release,
    };
    match args.first().map(String::as_str) {
        Some("build") => b.build(),
        Some("front") => b.front(),
        Some("run") => {
            b.build()?;
            let status = Command::new(b.server_exe()).current_dir(&b.root).status()?;
            ensure!(status.success(), "server: {status}");
            Ok(())
        }
        Some("test") => b.test(),
        _ => bail!("usage: cargo xtask build|front|run|test [--release]"),
    }
}

fn timed<T>(what: &str, f: impl FnOnce() -> Result<T>) -> Result<T> {
    let t = Instant::now();
    let r = f()?;
    eprintln!("xtask: {what} {:.2}s", t.elapsed().as_secs_f32());
    Ok(r)
}

impl Build {
    fn server_exe(&self) -> PathBuf {
        self.target
            .join(if self.release { "release" } else { "debug" })
            .join("server")
    }

    fn cargo(&self) -> Command {
        let mut c = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        c.current_dir(&self.root);
        // set by `cargo run` for this process; they would make the child rebuild
        for (k, _) in env::vars_os() {
            let k = k.to_string_lossy();
            if k.starts_with("CARGO_PKG_")
                || k.starts_with("CARGO_MANIFEST")
                || k == "CARGO_CRATE_NAME"
            {
                c.env_remove(k.as_ref());
            }
        }
        c
    }

    fn build(&self) -> Result<()> {
        self.front()?;
        timed("server", || {
            let mut c = self.cargo();
            c.args(["build", "--package", "server", "--locked"]);
            if self.release {
                c.arg("--release");
            }
            ensure!(c.status()?.success(), "cargo build server failed");
            Ok(())
        })
    }

    fn test(&self) -> Result<()> {
        self.build()?;
        timed("cargo test", || {
            let mut c = self.cargo();
            c.args([
                "test",
                "--package",
                "app",
                "--package",
                "server",
                "--locked",
                "--quiet",
            ]);
            if self.release {
                c.arg("--release");
            }
            ensure!(c.status()?.success(), "cargo test failed");
            Ok(())
        })?;
        let dir = self.root.join("end2end");
        timed("npm ci", || {
            let lock = fs::metadata(dir.join("package-lock.json"))?.modified()?;
            let done = fs::metadata(dir.join("node_modules/.package-lock.json"));
            if done.and_then(|m| m.modified()).is_ok_and(|t| t >= lock) {
                return Ok(());
            }
            let status = Command::new("npm")
                .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
                .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
                .current_dir(&dir)
                .status()?;
            ensure!(status.success(), "npm ci failed");
            Ok(())
        })?;
        timed("playwright", || {
            let status = Command::new("npx")
                .args(["playwright", "test"])
                .env(
                    "E2E_PROFILE",
                    if self.release { "release" } else { "debug" },
                )
                .env("CARGO_TARGET_DIR", &self.target)
                .current_dir(&dir)
                .status()?;
            ensure!(status.success(), "playwright failed");
            Ok(())
        })
    }

    /// Adds the wasm target to the tool chain where it is missing.
    fn wasm_target(&self) -> Result<()> {
        let t = "wasm32-unknown-unknown";
        let out = Command::new("rustc")
            .args(["--print", "target-libdir", "--target", t])
            .current_dir(&self.root)
            .output()?;
        if Path::new(String::from_utf8(out.stdout)?.trim()).is_dir() {
            return Ok(());
        }
        let status = Command::new("rustup")
            .args(["target", "add", t])
            .current_dir(&self.root)
            .status()?;
        ensure!(status.success(), "rustup target add {t} failed");
        Ok(())
    }

    fn front(&self) -> Result<()> {
        self.wasm_target()?;
        let profile = if self.release {
            "wasm-release"
        } else {
            "wasm-dev"
        };
        timed("wasm cargo build", || {
            let mut c = self.cargo();
            c.args([
                "rustc",
                "--package",
                "app",
                "--lib",
                "--crate-type",
                "cdylib",
                "--locked",
            ])
            .args([
                "--target",
                "wasm32-unknown-unknown",
                "--features",
                "hydrate",
            ])
            .args(["--profile", profile]);
            ensure!(c.status()?.success(), "cargo build app failed");
            Ok(())
        })?;
        let (site, pkg, name) = (&self.site, &self.pkg, &self.name);
        if site.exists() {
            fs::remove_dir_all(site)?;
        }
        fs::create_dir_all(pkg)?;

        timed("wasm-bindgen", || {
            wasm_bindgen_cli_support::Bindgen::new()
                .input_path(
                    self.target
                        .join("wasm32-unknown-unknown")
                        .join(profile)
                        .join("app.wasm"),
                )
                .web(true)?
                .typescript(false)
                .keep_debug(!self.release)
                .remove_name_section(self.release)
                .remove_producers_section(true)
                .out_name(name)
                .generate(pkg)?;
            fs::rename(
                pkg.join(format!("{name}_bg.wasm")),
                pkg.join(format!("{name}.wasm")),
            )?;
            Ok(())
        })?;
        if self.release {
            timed("wasm-opt", || {
                self.wasm_opt(&pkg.join(format!("{name}.wasm")))
            })?;
        }
        timed("style", || self.style(pkg))?;
        timed("public", || copy_dir(&self.root.join("public"), site))?;
        timed("hash", || self.hash(pkg))?;
        if self.release {
            timed("precompress", || precompress(site))?;
        }
        Ok(())
    }

    fn wasm_opt(&self, wasm: &Path) -> Result<()> {
        let local = self.root.join("end2end/node_modules/.bin/wasm-opt");
        let exe = if local.exists() {
            local
        } else {
            PathBuf::from("wasm-opt")
        };
        let status = Command::new(&exe)
            .args([
                "-Oz",
                "--enable-bulk-memory",
                "--enable-nontrapping-float-to-int",
            ])
            .args([
                "--enable-sign-ext",
                "--enable-mutable-globals",
                "--enable-reference-types",
                "--enable-multivalue",
            ])
            .arg(wasm)
            .arg("-o")
            .arg(wasm)
            .status();
        match status {
            Ok(s) => ensure!(s.success(), "{}: {s}", exe.display()),
            Err(e) => eprintln!("xtask: no wasm-opt ({e}); the wasm is larger than it could be"),
        }
        Ok(())
    }

    fn style(&self, pkg: &Path) -> Result<()> {
        use lightningcss::{
            bundler::{Bundler, FileProvider},
            printer::PrinterOptions,
            stylesheet::{MinifyOptions, ParserOptions},
            targets::{Browsers, Targets},
        };
        let targets = Targets::from(Browsers {
            chrome: Some(109 << 16),
            firefox: Some(115 << 16),
            safari: Some((15 << 16) | (6 << 8)),
            ..Browsers::default()
        });
        let provider = FileProvider::new();
        let mut bundler = Bundler::new(&provider, None, ParserOptions::default());
        let main = self.root.join("style/main.css");
        let mut sheet = bundler.bundle(&main).map_err(|e| anyhow::anyhow!("{e}"))?;
        sheet.minify(MinifyOptions {
            targets,
            ..MinifyOptions::default()
        })?;
        let css = sheet.to_css(PrinterOptions {
            targets,
            minify: self.release,
            ..PrinterOptions::default()
        })?;
        fs::write(pkg.join(format!("{}.css", self.name)), css.code)?;
        Ok(())
    }

    /// Renames pkg/{name}.{ext} to pkg/{name}.{hash}.{ext} and writes hash.txt
    /// beside the server executable, where leptos looks for it.
    fn hash(&self, pkg: &Path) -> Result<()> {
        let name = &self.name;
        let mut lines = String::new();
        for ext in ["js", "wasm", "css"] {
            let from = pkg.join(format!("{name}.{ext}"));
            let digest = Sha256::digest(fs::read(&from)?);
            let hash: String = digest.iter().take(10).map(|b| format!("{b:02x}")).collect();
            fs::rename(&from, pkg.join(format!("{name}.{hash}.{ext}")))?;
            lines.push_str(&format!("{ext}: {hash}\n"));
        }
        let dir = self.server_exe();
        let dir = dir.parent().context("parent")?;
        fs::create_dir_all(dir)?;
        fs::write(dir.join(&self.hash_file), lines)?;
        Ok(())
    }
}

fn copy_dir(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let dest = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_dir(&entry.path(), &dest)?;
        } else {
            fs::copy(entry.path(), dest)?;
        }
    }
    Ok(())
}

fn precompress(dir: &Path) -> Result<()> {
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            precompress(&path)?;
            continue;
        }
        let ext = path
            .extension()
            .and_then(|e| e.to_str())
            .unwrap_or_default();
        if !["js", "wasm", "css", "svg", "json", "txt", "html"].contains(&ext) {
            continue;
        }
        let data = fs::read(&path)?;
        let mut br = Vec::new();
        let params = brotli::enc::BrotliEncoderParams {
            quality: 11,
            lgwin: 22,
            ..Default::default()
        };
        brotli::BrotliCompress(&mut data.as_slice(), &mut br, &params)?;
        fs::write(format!("{}.br", path.display()), br)?;
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gz.write_all(&data)?;
        fs::write(format!("{}.gz", path.display()), gz.finish()?)?;
    }
    Ok(())
}
