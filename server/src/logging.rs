//! Where and how logs are written.

use std::io::IsTerminal;

use tracing_subscriber::{EnvFilter, fmt};

use crate::config::{LogConfig, LogFormat};

/// The DTLS library warns of every extension of browsers that it does not
/// know; its failures reach us as values. The operator may name another level
/// for it, which comes later and wins.
const QUIET: &str = "rtc_dtls=off";

/// Sends the logs of this process to the standard error output. The first call
/// counts.
pub(crate) fn start(config: &LogConfig) {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", config.level))
        .expect("the level was checked when the settings were read");
    let logs = fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    // an error means that there is a subscriber already
    let started = match config.format {
        LogFormat::Text => logs.try_init(),
        LogFormat::Json => logs.json().flatten_event(true).try_init(),
    };
    drop(started);
}
