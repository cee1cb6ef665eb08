//! The operator's settings: where they come from, what they may be, what they
//! are when nobody says anything.
//!
//! Owns reading, checking and showing them; each feature's own file owns its
//! keys. What they mean is up to the parts that get them at start. Nothing
//! reads a setting from a global.

mod api;
mod database;
mod error;
mod http;
mod list;
mod log;
mod media;
mod metrics;
mod recording;
mod secret;
mod show;
mod statistics;
mod storage;
mod tenant_checks;
mod tenants;

use std::path::{Path, PathBuf};

use figment::{
    Figment,
    providers::{Env, Format, Toml},
};
use serde::{Deserialize, Serialize};

pub(crate) use self::tenant_checks::{URL_MAX, is_header, is_language, target_url};
pub use self::{
    api::ApiConfig,
    database::{DatabaseConfig, DatabaseUrl, PostgresUrl},
    error::{ConfigError, Problem},
    http::HttpConfig,
    log::{LogConfig, LogFormat},
    media::MediaSettings,
    metrics::MetricsConfig,
    recording::RecordingConfig,
    secret::{SHOWN_SECRET, Secret},
    show::show,
    statistics::StatisticsConfig,
    storage::{Delivery, S3Access, StorageConfig, StorageKind},
    tenants::{KeyAlgorithm, KeySettings, TenantSettings},
};

/// Names the environment variable with the path of the file.
pub const FILE_VARIABLE: &str = "MEETFRAME_CONFIG";
/// What each overriding environment variable starts with.
pub const PREFIX: &str = "MEETFRAME__";
/// The file that is read when [`FILE_VARIABLE`] is not set.
const DEFAULT_FILE: &str = "meetframe.toml";

/// All settings.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Pages and signaling.
    pub http: HttpConfig,
    /// Media workers.
    pub media: MediaSettings,
    /// Recordings.
    pub recording: RecordingConfig,
    /// Where the server keeps what must survive it.
    pub database: DatabaseConfig,
    /// The REST API.
    pub api: ApiConfig,
    /// Logs.
    pub log: LogConfig,
    /// Numbers for Prometheus.
    pub metrics: MetricsConfig,
    /// What is kept of who was in which room.
    pub statistics: StatisticsConfig,
    /// Who embeds this server; none is one default tenant without conditions.
    pub tenants: Vec<TenantSettings>,
}

impl Config {
    /// Reads and checks the settings of this process: defaults, then the file,
    /// then the environment.
    ///
    /// # Errors
    /// Names every wrong key or value, where it came from and what is allowed.
    pub fn load() -> Result<Loaded, ConfigError> {
        let file = find_file()?;
        let mut figment = Figment::new();
        if let Some(path) = &file {
            figment = figment.merge(Toml::file_exact(path));
        }
        let figment = figment.merge(Env::prefixed(PREFIX).split("__"));
        let config: Self = figment.extract().map_err(ConfigError::from)?;
        let problems = config.problems(&figment);
        if !problems.is_empty() {
            return Err(ConfigError { problems });
        }
        Ok(Loaded {
            config,
            figment,
            file,
        })
    }

    /// Where recordings are kept.
    #[must_use]
    pub fn recordings_folder(&self) -> PathBuf {
        if let Some(folder) = &self.recording.folder {
            return folder.clone();
        }
        let beside = match &self.database.url {
            DatabaseUrl::Sqlite(path) => path.parent(),
            DatabaseUrl::Postgres(_) => None,
        };
        beside.unwrap_or(Path::new("data")).join("recordings")
    }

    /// What is wrong although each value has the right form.
    fn problems(&self, figment: &Figment) -> Vec<Problem> {
        [
            self.http.problem(),
            self.media.problem(),
            self.api.problem(),
            self.database.problem(),
            self.log.problem(),
            self.recording.problem(),
            self.statistics.problem(),
        ]
        .into_iter()
        .flatten()
        .chain(tenants::problems(&self.tenants))
        .map(|problem| problem.found_in(figment))
        .collect()
    }
}

/// Checked settings, and where they came from.
pub struct Loaded {
    /// The settings.
    pub config: Config,
    /// The file that was read.
    pub file: Option<PathBuf>,
    figment: Figment,
}

impl Loaded {
    /// Where the value of a key came from, for people.
    #[must_use]
    pub fn source_of(&self, key: &str) -> String {
        error::source_of(&self.figment, key)
    }
}

fn find_file() -> Result<Option<PathBuf>, ConfigError> {
    let Some(path) = std::env::var_os(FILE_VARIABLE) else {
        let path = Path::new(DEFAULT_FILE);
        return Ok(path.is_file().then(|| path.to_path_buf()));
    };
    let path = PathBuf::from(path);
    if path.is_file() {
        return Ok(Some(path));
    }
    Err(ConfigError::one(Problem {
        key: FILE_VARIABLE.to_owned(),
        what: format!("there is no file {}", path.display()),
        source: format!("environment variable {FILE_VARIABLE}"),
        allowed: "the path of a TOML file, or not set at all".to_owned(),
    }))
}

/// What each key may be, for error messages and `check-config`.
pub(crate) fn allowed(key: &str) -> Option<&'static str> {
    // which of several tenants or keys it is does not matter
    let names: Vec<&str> = key
        .split('.')
        .filter(|part| part.parse::<usize>().is_err())
        .collect();
    let key = names.join(".");
    [
        http::ALLOWED,
        api::ALLOWED,
        media::ALLOWED,
        database::ALLOWED,
        log::ALLOWED,
        metrics::ALLOWED,
        recording::ALLOWED,
        storage::ALLOWED,
        statistics::ALLOWED,
        tenants::ALLOWED,
    ]
    .concat()
    .into_iter()
    .find_map(|(name, allowed)| (name == key).then_some(allowed))
}
