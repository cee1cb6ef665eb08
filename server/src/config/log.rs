//! Settings of the logs.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use tracing_subscriber::{EnvFilter, filter::LevelFilter};

use super::Problem;

pub(super) const ALLOWED: &[(&str, &str)] = &[
    ("log", "a section with the keys level, format"),
    (
        "log.level",
        "off, error, warn, info, debug or trace; or one per part, such as \"info,media=debug\"",
    ),
    ("log.format", "text or json"),
];

/// Logs. They go to the standard error output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// How much is written. Default `info`.
    pub level: String,
    /// In which form. Default `text`.
    pub format: LogFormat,
}

/// The form of a log line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line, for programs.
    Json,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            level: "info".to_owned(),
            format: LogFormat::default(),
        }
    }
}

impl LogConfig {
    pub(super) fn problem(&self) -> Option<Problem> {
        let what = match EnvFilter::try_new(&self.level) {
            Err(error) => error.to_string(),
            Ok(_) => self.unknown_word()?,
        };
        Some(Problem::new(
            "log.level",
            format!("{:?}: {what}", self.level),
        ))
    }

    /// `EnvFilter` takes any lone word for the name of a part, so that a
    /// misspelt level would silence the log.
    fn unknown_word(&self) -> Option<String> {
        self.level
            .split(',')
            .find(|word| !word.contains('=') && LevelFilter::from_str(word.trim()).is_err())
            .map(|word| format!("{word:?} is no level"))
    }
}
