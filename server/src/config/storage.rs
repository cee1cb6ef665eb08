//! Settings of where the videos of recordings are kept: `[recording.storage]`.

use std::{fs, path::PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

use super::{Problem, Secret};

pub(super) const ALLOWED: &[(&str, &str)] = &[
    (
        "recording.storage",
        "a section with the keys kind, bucket, region, endpoint, prefix, access_key, secret_key, secret_key_file, path_style, allow_http, delivery",
    ),
    ("recording.storage.kind", "\"local\" or \"s3\""),
    (
        "recording.storage.bucket",
        "with kind = \"s3\": 3 to 63 small letters, digits, dots and hyphens",
    ),
    (
        "recording.storage.region",
        "the name of a region, such as \"eu-central-1\"",
    ),
    (
        "recording.storage.endpoint",
        "the address of the store without path, such as \"https://s3.example.org\"; http only with allow_http",
    ),
    (
        "recording.storage.prefix",
        "names of letters, digits, dots, hyphens and underscores with slashes between them, such as \"meetframe/videos\"",
    ),
    (
        "recording.storage.access_key",
        "with kind = \"s3\": the name of the key",
    ),
    (
        "recording.storage.secret_key",
        "with kind = \"s3\": the secret of the key, here or in secret_key_file",
    ),
    (
        "recording.storage.secret_key_file",
        "the path of a file with nothing but the secret of the key, instead of secret_key",
    ),
    ("recording.storage.path_style", "true or false"),
    ("recording.storage.allow_http", "true or false"),
    (
        "recording.storage.delivery",
        "\"stream\" (through this server) or \"redirect\" (browsers ask the store)",
    ),
];

/// Where the videos of recordings are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StorageConfig {
    /// Where new videos go. Default `local`: the folder of the recordings.
    pub kind: StorageKind,
    /// The bucket. With `kind = "local"` videos that are in it already stay
    /// playable.
    pub bucket: Option<String>,
    /// The region. Default `us-east-1`, which stores of one's own take.
    pub region: String,
    /// The store's address. Default: Amazon's, by the region.
    pub endpoint: Option<String>,
    /// What the names of all objects begin with. Default nothing.
    pub prefix: String,
    /// The name of the key.
    pub access_key: Option<String>,
    /// The secret of the key.
    pub secret_key: Option<Secret>,
    /// A file with the secret of the key.
    pub secret_key_file: Option<PathBuf>,
    /// Whether the bucket stands in the path of addresses, not in the name of
    /// the host. Default true, which every store takes.
    pub path_style: bool,
    /// Whether the store may be asked without TLS. Default false.
    pub allow_http: bool,
    /// How browsers get videos out of the store. Default `stream`.
    pub delivery: Delivery,
}

/// Where new videos go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StorageKind {
    /// They stay in the folder of the recordings.
    #[default]
    Local,
    /// Into a store that speaks S3.
    S3,
}

/// How browsers get videos out of the store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Delivery {
    /// Through this server: works wherever this server is reached.
    #[default]
    Stream,
    /// From the store, by a signed address: costs this server nothing, and
    /// browsers have to reach the store.
    Redirect,
}

/// What it takes to ask a store that speaks S3: checked settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Access {
    /// The bucket.
    pub bucket: String,
    /// The name of the key.
    pub access_key: String,
    /// Its secret.
    pub secret_key: Secret,
}

impl Default for StorageConfig {
    fn default() -> Self {
        Self {
            kind: StorageKind::Local,
            bucket: None,
            region: "us-east-1".to_owned(),
            endpoint: None,
            prefix: String::new(),
            access_key: None,
            secret_key: None,
            secret_key_file: None,
            path_style: true,
            allow_http: false,
            delivery: Delivery::Stream,
        }
    }
}

impl StorageConfig {
    pub(super) fn problem(&self) -> Option<Problem> {
        self.access().err().or_else(|| self.wrong_place())
    }

    /// What it takes to ask the store; `None` where the settings name none.
    ///
    /// # Errors
    /// Says what is missing, or that the file with the secret cannot be read.
    pub fn access(&self) -> Result<Option<S3Access>, Problem> {
        let Some(bucket) = self.bucket.clone() else {
            return match self.kind {
                StorageKind::Local => Ok(None),
                StorageKind::S3 => Err(missing("bucket")),
            };
        };
        let Some(access_key) = self.access_key.clone().filter(|key| !key.is_empty()) else {
            return Err(missing("access_key"));
        };
        Ok(Some(S3Access {
            bucket,
            access_key,
            secret_key: self.secret()?,
        }))
    }

    fn secret(&self) -> Result<Secret, Problem> {
        let secret = match (&self.secret_key, &self.secret_key_file) {
            (Some(_), Some(_)) => {
                let what = "secret_key is set as well; only one of them may be".to_owned();
                return Err(wrong("secret_key_file", what));
            }
            (Some(secret), None) => secret.clone(),
            (None, Some(file)) => {
                let read = fs::read_to_string(file).map_err(|error| {
                    let what = format!("{} cannot be read: {error}", file.display());
                    wrong("secret_key_file", what)
                });
                Secret::new(read?.trim())
            }
            (None, None) => return Err(missing("secret_key")),
        };
        match secret.expose().is_empty() {
            true => Err(missing("secret_key")),
            false => Ok(secret),
        }
    }

    fn wrong_place(&self) -> Option<Problem> {
        if let Some(bucket) = self.bucket.as_deref().filter(|bucket| !is_bucket(bucket)) {
            let what = format!("{bucket:?} cannot be the name of a bucket");
            return Some(wrong("bucket", what));
        }
        if self.region.trim().is_empty() {
            return Some(missing("region"));
        }
        if !self.prefix.is_empty() && !self.prefix.split('/').all(is_segment) {
            let what = format!("{:?} cannot begin the names of objects", self.prefix);
            return Some(wrong("prefix", what));
        }
        let endpoint = self.endpoint.as_deref()?;
        let what = wrong_endpoint(endpoint, self.allow_http)?;
        Some(wrong("endpoint", what))
    }
}

fn wrong(key: &str, what: String) -> Problem {
    Problem::new(&format!("recording.storage.{key}"), what)
}

fn missing(key: &str) -> Problem {
    wrong(key, "it is not set, and a store needs it".to_owned())
}

/// By the rules of Amazon, which others follow.
fn is_bucket(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (3..=63).contains(&name.len())
        && name.chars().all(|c| plain(c) || c == '.' || c == '-')
        && name.starts_with(plain)
        && name.ends_with(plain)
}

fn is_segment(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    !name.is_empty() && name != "." && name != ".." && name.chars().all(plain)
}

/// Never repeats an address that cannot be read: it may hold a password.
fn wrong_endpoint(text: &str, allow_http: bool) -> Option<String> {
    let Ok(url) = Url::parse(text) else {
        return Some("it is not an address".to_owned());
    };
    let bare = url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none();
    match url.scheme() {
        _ if !bare => Some("it has more than scheme, host and port".to_owned()),
        "https" => None,
        "http" if allow_http => None,
        "http" => Some("it is not https, and allow_http is off".to_owned()),
        _ => Some("it is neither https nor http".to_owned()),
    }
}
