//! A store that speaks S3: how it is asked, and what its objects are called.

use std::{io, sync::Arc, time::Duration};

use object_store::{
    BackoffConfig, ClientOptions, ObjectStore, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    client::{HttpClient, HttpConnector},
    path::Path,
    signer::Signer,
};
use reqwest::{Client, Method, redirect};
use tokio::sync::Semaphore;
use url::Url;

use super::{FILES, Trouble};
use crate::{
    config::{Delivery, Problem, StorageConfig},
    outgoing::{OutgoingError, Roots, tls},
};

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);
/// How long the store may be silent; a part is sent in that time, too. Longer
/// lets slower lines work and notices later that nobody answers.
const SILENCE: Duration = Duration::from_secs(60);
/// How often a request is repeated at once. What goes on for longer is told,
/// and whoever asked tries again later.
const RETRIES: usize = 2;
/// The longest that an address may be signed for (Signature Version 4).
const SIGNED_MAX: Duration = Duration::from_secs(7 * 24 * 3_600);

/// A store that speaks S3.
#[derive(Debug)]
pub(super) struct Remote {
    s3: Arc<AmazonS3>,
    bucket: String,
    prefix: Path,
    endpoint: Option<String>,
    /// How long addresses are signed for, where browsers ask the store.
    sign: Option<Duration>,
    /// Videos are brought there one at a time.
    pub(super) turn: Semaphore,
}

/// Why the store of the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A setting is wrong.
    #[error("{0}")]
    Setting(Problem),
    /// TLS could not be set up.
    #[error(transparent)]
    Tls(#[from] OutgoingError),
    /// The library does not take the settings.
    #[error(transparent)]
    Build(#[from] object_store::Error),
    /// The working directory is not known.
    #[error(transparent)]
    Disk(#[from] io::Error),
}

impl Remote {
    /// The store that the settings name.
    pub(super) fn open(config: &StorageConfig, link: Duration) -> Result<Option<Self>, OpenError> {
        let Some(access) = config.access().map_err(OpenError::Setting)? else {
            return Ok(None);
        };
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&access.bucket)
            .with_region(&config.region)
            .with_access_key_id(&access.access_key)
            .with_secret_access_key(access.secret_key.expose())
            .with_virtual_hosted_style_request(!config.path_style)
            .with_allow_http(config.allow_http)
            // not every store knows how to delete several at once
            .with_disable_bulk_delete(true)
            .with_client_options(types())
            .with_http_connector(Connector(client()?))
            .with_retry(retry());
        if let Some(endpoint) = &config.endpoint {
            let host = endpoint_of(endpoint, &access.bucket, config.path_style);
            builder = builder.with_endpoint(host);
        }
        Ok(Some(Self {
            s3: Arc::new(builder.build()?),
            bucket: access.bucket,
            prefix: Path::from(config.prefix.as_str()),
            endpoint: config.endpoint.clone(),
            sign: (config.delivery == Delivery::Redirect).then(|| link.min(SIGNED_MAX)),
            turn: Semaphore::new(1),
        }))
    }

    pub(super) fn s3(&self) -> &AmazonS3 {
        &self.s3
    }

    pub(super) fn objects(&self) -> Arc<dyn ObjectStore> {
        Arc::clone(&self.s3) as Arc<dyn ObjectStore>
    }

    /// Where it is, for operators.
    pub(super) fn describe(&self) -> String {
        let endpoint = self.endpoint.as_deref().unwrap_or("Amazon S3");
        format!("{} at {endpoint}", self.place(&self.prefix))
    }

    /// The name of an object below the prefix.
    pub(super) fn path(&self, name: &str) -> Path {
        super::below(&self.prefix, name)
    }

    /// What the database keeps of a place.
    pub(super) fn place(&self, path: &Path) -> String {
        format!("s3://{}/{path}", self.bucket)
    }

    /// The other way round; `None` when it is another bucket.
    pub(super) fn path_of(&self, place: &str) -> Option<Path> {
        let (bucket, path) = place.strip_prefix("s3://")?.split_once('/')?;
        (bucket == self.bucket).then(|| Path::from(path))
    }

    /// An address by which browsers get an object, where that is wished.
    pub(super) async fn signed(&self, path: &Path) -> Result<Option<String>, Trouble> {
        let Some(time) = self.sign else {
            return Ok(None);
        };
        let url = self.s3.signed_url(Method::GET, path, time).await?;
        Ok(Some(url.into()))
    }
}

/// Objects get the media types of their files.
fn types() -> ClientOptions {
    let options = ClientOptions::new().with_default_content_type("text/plain");
    FILES.iter().fold(options, |options, (name, kind)| {
        let (_, suffix) = name.rsplit_once('.').unwrap_or(("", name));
        options.with_content_type_for_suffix(suffix, *kind)
    })
}

fn retry() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig::default(),
        max_retries: RETRIES,
        retry_timeout: SILENCE,
    }
}

/// The library wants the bucket in the host where it is not in the path.
fn endpoint_of(endpoint: &str, bucket: &str, path_style: bool) -> String {
    let endpoint = endpoint.trim_end_matches('/');
    match Url::parse(endpoint) {
        Ok(mut url) if !path_style => {
            let host = format!("{bucket}.{}", url.host_str().unwrap_or_default());
            // a bucket's name is a good part of a host's
            url.set_host(Some(&host)).ok();
            url.as_str().trim_end_matches('/').to_owned()
        }
        _ => endpoint.to_owned(),
    }
}

/// Like all requests to others: ring, and whom the machine trusts. An operator
/// names the store, so it may be at a private address.
fn client() -> Result<Client, OutgoingError> {
    Client::builder()
        .tls_backend_preconfigured(tls::config(Roots::Machine)?)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .build()
        .map_err(|error| OutgoingError::Setup(error.to_string()))
}

/// Lets the library use our connections.
#[derive(Debug)]
struct Connector(Client);

impl HttpConnector for Connector {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        Ok(HttpClient::new(self.0.clone()))
    }
}
