//! The command line.
//!
//! Exit codes: 0 all went well, 1 the server could not start or failed, 2 the
//! command line is wrong, 75 another server uses the database (`EX_TEMPFAIL` of
//! sysexits.h), 78 the configuration is wrong (`EX_CONFIG`).

mod accounts;
mod backup;
mod expiry;
mod mint;
mod token;
mod user;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use clap::{Parser, Subcommand};
use tokio::signal;
use tracing::info;

use self::{backup::Copy, mint::Mint, user::UserCommand};
use crate::{
    Server, StartError,
    attributes::markdown,
    clock::Now,
    config::{Config, ConfigError, Loaded, show},
    db::OpenError,
    greeting::greeting,
    limits::Limits,
    logging, recording,
    site::Site,
};

/// The exit code for a wrong configuration.
const EX_CONFIG: u8 = 78;

/// The exit code when another server uses the database: it may end.
const EX_TEMPFAIL: u8 = 75;

/// Another server took the database while this one could not reach it.
#[derive(Debug, thiserror::Error)]
#[error(
    "another server took the database (database.url) while this one could not reach it; what this \
     one still did would be in that one's way"
)]
struct Ousted;

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

#[derive(Debug, Clone, Default, Subcommand)]
enum Command {
    /// Runs the server; the default.
    #[default]
    Serve,
    /// Checks the settings and prints those in force, with where they come from.
    CheckConfig,
    /// Prints the documentation of the attributes of a room's address.
    Attributes,
    /// Copies the database into a new file, also while the server runs (SQLite).
    Backup(Copy),
    /// Puts such a copy in the place of the database; the server must not run.
    Restore(Copy),
    /// Tokens: of participants, and of the REST API.
    #[command(subcommand)]
    Token(Token),
    /// Who may log in to the REST API.
    #[command(subcommand)]
    User(UserCommand),
}

#[derive(Debug, Clone, Subcommand)]
enum Token {
    /// Prints a link into a room with a signed token.
    Mint(Box<Mint>),
    /// Makes a permanent token of the REST API and prints it, once.
    Create(token::Create),
    /// Lists the permanent tokens.
    List,
    /// Revokes a permanent token, at once.
    Revoke(token::Revoke),
}

/// Does what the command line says.
pub fn run() -> ExitCode {
    // clap itself ends the process for --help, --version and what is wrong
    let command = Arguments::parse().command.unwrap_or_default();
    if let Command::Attributes = command {
        return exit(print(&markdown()));
    }
    let loaded = match Config::load() {
        Ok(loaded) => loaded,
        Err(error) => return wrong_config(&error),
    };
    exit(match command {
        Command::CheckConfig => say(check(&loaded)),
        Command::Serve => serve(&loaded),
        Command::Attributes => print(&markdown()),
        Command::Backup(copy) => say(copy.backup(&loaded.config)),
        Command::Restore(copy) => say(copy.restore(&loaded.config)),
        Command::Token(Token::Mint(mint)) => say(mint.link(&loaded.config)),
        Command::Token(Token::Create(create)) => say(create.run(&loaded.config)),
        Command::Token(Token::List) => say(token::list(&loaded.config)),
        Command::Token(Token::Revoke(revoke)) => say(revoke.run(&loaded.config)),
        Command::User(user) => say(user.run(&loaded.config)),
    })
}

/// The settings in force, and what of them can be used.
async fn check(loaded: &Loaded) -> anyhow::Result<String> {
    let recording = recording::tools(&loaded.config);
    let storage = recording::check_storage(&loaded.config).await;
    let shown = show(loaded);
    Ok(format!(
        "{}\n\n# {recording}\n# {storage}",
        shown.trim_end()
    ))
}

fn exit(done: anyhow::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("{error:#}"));
            match is_second(&error) {
                true => ExitCode::from(EX_TEMPFAIL),
                false => ExitCode::FAILURE,
            }
        }
    }
}

/// Whether another server has the database.
fn is_second(error: &anyhow::Error) -> bool {
    let start = error.downcast_ref::<StartError>();
    matches!(start, Some(StartError::Open(OpenError::InUse { .. }))) || error.is::<Ousted>()
}

fn serve(loaded: &Loaded) -> anyhow::Result<()> {
    logging::start(&loaded.config.log);
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(serve_until_told(&loaded.config))
}

/// Runs a command that ends, and prints what it says.
fn say<E>(command: impl Future<Output = Result<String, E>>) -> anyhow::Result<()>
where
    anyhow::Error: From<E>,
{
    let said = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(command)?;
    print(&said)
}

async fn serve_until_told(config: &Config) -> anyhow::Result<()> {
    let site = Site::find()?;
    let server = Server::start(config, &site, Limits::default()).await?;
    info!(address = %server.address(), "Server started");
    let first = server.accounts().first_user(Now::read().unix).await?;
    print(&greeting(config, server.address(), first.as_ref()))?;
    tokio::select! {
        told = told_to_stop() => told?,
        // at once: an orderly end would write into the other's database
        () = server.ousted() => return Err(Ousted.into()),
    }
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
