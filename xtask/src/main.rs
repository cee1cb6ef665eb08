//! The build driver: `cargo xtask build|front|run|dev|setup|tsc|contract|schemathesis|test [--release]`.
//!
//! Builds the wasm page, its style and public files, and the server, with
//! nothing installed but rustup. Owns the order of the steps; each step lives
//! in its own module. What the server does at run time is not its business.

mod contract;
mod dev;
mod front;
mod hash;
mod hls;
mod parts;
mod postgres;
mod precompress;
mod python;
mod schemathesis;
mod server;
mod setup;
mod size;
mod snip;
mod style;
mod summary;
mod test;
mod workspace;

use anyhow::{Result, bail, ensure};

use crate::workspace::{Profile, Workspace};

const USAGE: &str =
    "usage: cargo xtask build|front|run|dev|setup|tsc|contract|schemathesis|test [--release]

  build     the page and the server
  front     the page only: wasm, style, public files, in target/site
  run       build, then start the server
  dev       build and start again after each change of a source file
  setup     install what the tests and the benchmarks need
  tsc       TypeScript checks
  contract  what of docs/contract.json has a test, and what has none
  schemathesis  the running REST API against its OpenAPI document
  test      Rust tests of all crates, TypeScript checks, end-to-end tests";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (flags, commands): (Vec<_>, Vec<_>) = arguments
        .iter()
        .partition(|argument| argument.starts_with("--"));
    let profile = match flags.as_slice() {
        [] => Profile::Debug,
        [flag] if *flag == "--release" => Profile::Release,
        _ => bail!("{USAGE}"),
    };
    let [command] = commands.as_slice() else {
        bail!("{USAGE}");
    };
    let workspace = Workspace::open(profile)?;
    match command.as_str() {
        "build" => server::build_all(&workspace),
        "front" => front::build(&workspace),
        "run" => server::run(&workspace),
        "dev" => dev::watch(&workspace),
        "setup" => setup::all(&workspace).map(drop),
        "tsc" => test::check_types(&workspace),
        "contract" => {
            let tally = contract::check(&workspace);
            ensure!(tally.failed == 0, "the contract is not proven by tests");
            Ok(())
        }
        "schemathesis" => {
            server::build_all(&workspace)?;
            let tally = schemathesis::check(&workspace)?;
            ensure!(tally.failed == 0, "the API differs from its document");
            Ok(())
        }
        "test" => test::all(&workspace),
        _ => bail!("{USAGE}"),
    }
}
