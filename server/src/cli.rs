//! The command line.
//!
//! Exit codes: 0 all went well, 1 the server could not start or failed, 2 the
//! command line is wrong, 78 the configuration is wrong (`EX_CONFIG` of
//! sysexits.h).

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use tokio::signal;
use tracing::info;

use crate::{
    Server,
    config::{Config, ConfigError, Loaded, show},
    greeting::greeting,
    limits::Limits,
    logging,
    site::Site,
};

/// The exit code for a wrong configuration.
const EX_CONFIG: u8 = 78;

/// A self-hosted meeting server.
///
/// Settings come from meetframe.toml in the working directory, or the file
/// that the environment variable `MEETFRAME_CONFIG` names; each can be
/// overridden by an environment variable such as `MEETFRAME__HTTP__LISTEN`.
#[derive(Debug, Parser)]
#[command(name = "meetframe", version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Subcommand)]
enum Command {
    /// Runs the server; the default.
    #[default]
    Serve,
    /// Checks the settings and prints those in force, with where they come from.
    CheckConfig,
}

/// Does what the command line says.
pub fn run() -> ExitCode {
    // clap itself ends the process for --help, --version and what is wrong
    let command = Arguments::parse().command.unwrap_or_default();
    let loaded = match Config::load() {
        Ok(loaded) => loaded,
        Err(error) => return wrong_config(&error),
    };
    let done = match command {
        Command::CheckConfig => print(&show(&loaded)),
        Command::Serve => serve(&loaded),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn serve(loaded: &Loaded) -> anyhow::Result<()> {
    logging::start(&loaded.config.log);
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(serve_until_told(&loaded.config))
}

async fn serve_until_told(config: &Config) -> anyhow::Result<()> {
    let site = Site::find()?;
    let server = Server::start(config, &site, Limits::default()).await?;
    info!(address = %server.address(), "Server started");
    print(&greeting(config, server.address()))?;
    told_to_stop().await?;
    info!("Server stopping");
    tokio::select! {
        () = server.stop() => Ok(()),
        // whoever asks twice means it
        again = told_to_stop() => again.map_err(Into::into),
    }
}

/// Waits for SIGINT (Ctrl+C) or SIGTERM.
async fn told_to_stop() -> io::Result<()> {
    #[cfg(unix)]
    {
        let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
        tokio::select! {
            interrupted = signal::ctrl_c() => interrupted,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    signal::ctrl_c().await
}

fn print(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(io::stdout(), "{}", text.trim_end())?)
}

fn wrong_config(error: &ConfigError) -> ExitCode {
    complain(&error.to_string());
    ExitCode::from(EX_CONFIG)
}

/// For people; a failed write to the standard error output cannot be told.
fn complain(text: &str) {
    drop(writeln!(io::stderr(), "meetframe: {text}"));
}
