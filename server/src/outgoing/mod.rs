//! Requests to integrators: the only way by which the server asks others.
//!
//! Owns what holds for all of them: JSON by POST, https, public addresses
//! only, no redirects, no proxy, no cookies, bounds on time, size and number.
//! What is asked and what an answer means belongs to the callers. Nothing of a
//! request is logged here: addresses and headers hold secrets.

mod address;
mod error;
mod resolver;
pub(crate) mod tls;
mod turns;

use std::{sync::Arc, time::Duration};

use reqwest::{Client, RequestBuilder, Response, StatusCode, Url, header, redirect};
use tokio::time::timeout;

use crate::limits::OutgoingLimits;

pub use error::OutgoingError;
pub use tls::Roots;

use address::is_public;
use resolver::{Forbidden, PublicOnly};
use turns::Turns;

/// Who we are to others.
const USER_AGENT: &str = concat!("Meetframe/", env!("CARGO_PKG_VERSION"));
/// How long a connection that may be used again is kept: less than the 5 s after
/// which common servers close it, so that no request meets the end of one.
const KEEP: Duration = Duration::from_secs(4);
/// How many such connections are kept for each server.
const KEEP_MOST: usize = 8;
/// How long a body that nobody wants is read.
const LINGER: Duration = Duration::from_millis(500);

/// Makes requests. Clones share connections and bounds.
#[derive(Clone)]
pub struct Outgoing {
    /// Reaches public addresses only.
    guarded: Client,
    /// Reaches every address.
    open: Client,
    turns: Arc<Turns>,
    limits: OutgoingLimits,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Post<'a> {
    /// Where to: `https`, or `http` too where private targets are allowed.
    pub url: &'a Url,
    /// The value of the header `Authorization`.
    pub authorization: Option<&'a str>,
    /// Other headers: names and values.
    pub headers: &'a [(&'static str, String)],
    /// The body: JSON.
    pub json: Vec<u8>,
    /// Whether plain `http` and private addresses may be reached.
    pub private_targets: bool,
    /// What the answer is wanted for.
    pub want: Want,
}

/// What an answer is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// All of it; a body that cannot be read is an error.
    Body,
    /// The status and what belongs to it. The body is thrown away.
    Status,
}

/// An answer, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The header `Retry-After`.
    pub retry_after: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Outgoing {
    /// Makes both clients.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(roots: Roots, limits: OutgoingLimits) -> Result<Self, OutgoingError> {
        let tls = tls::config(roots)?;
        let build = |client: reqwest::ClientBuilder| {
            client
                .tls_backend_preconfigured(tls.clone())
                .user_agent(USER_AGENT)
                .redirect(redirect::Policy::none())
                .no_proxy()
                .referer(false)
                .pool_idle_timeout(KEEP)
                .pool_max_idle_per_host(KEEP_MOST)
                .build()
                .map_err(|error| OutgoingError::Setup(error.to_string()))
        };
        Ok(Self {
            guarded: build(Client::builder().dns_resolver(PublicOnly).https_only(true))?,
            open: build(Client::builder())?,
            turns: Arc::new(Turns::new(&limits)),
            limits,
        })
    }

    /// Sends a request and reads the answer. Dropping the future ends it.
    ///
    /// # Errors
    /// When there is no whole answer in time; statuses are no errors.
    pub async fn post(&self, post: Post<'_>) -> Result<Reply, OutgoingError> {
        let asked = async {
            let _turn = self.turns.take(post.url).await;
            self.send(post).await
        };
        timeout(self.limits.time, asked)
            .await
            .unwrap_or(Err(OutgoingError::TimedOut))
    }

    async fn send(&self, post: Post<'_>) -> Result<Reply, OutgoingError> {
        let want = post.want;
        let response = self.request(post)?.send().await?;
        read(response, want, self.limits.body).await
    }

    fn request(&self, post: Post<'_>) -> Result<RequestBuilder, OutgoingError> {
        let url = target(&post)?;
        let client = if post.private_targets {
            &self.open
        } else {
            &self.guarded
        };
        let mut request = client
            .post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT, "application/json, text/plain")
            .body(post.json);
        if let Some(value) = post.authorization {
            let mut value = header::HeaderValue::from_str(value.trim())
                .map_err(|_| OutgoingError::BadAuthorization)?;
            value.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, value);
        }
        for (name, value) in post.headers {
            request = request.header(*name, value);
        }
        Ok(request)
    }
}

/// Checks an address as far as its text goes; names are checked when they are
/// looked up.
fn target(post: &Post<'_>) -> Result<Url, OutgoingError> {
    let mut url = post.url.clone();
    match url.scheme() {
        "https" => {}
        "http" if post.private_targets => {}
        "http" => return Err(OutgoingError::Insecure),
        _ => return Err(OutgoingError::BadUrl),
    }
    let address = match url.host() {
        Some(url::Host::Ipv4(address)) => Some(address.into()),
        Some(url::Host::Ipv6(address)) => Some(address.into()),
        Some(url::Host::Domain(_)) => None,
        None => return Err(OutgoingError::BadUrl),
    };
    if !post.private_targets && address.is_some_and(|address| !is_public(address)) {
        return Err(OutgoingError::Forbidden);
    }
    if post.authorization.is_some() {
        // else there would be two of them
        let cleared = url.set_username("").and(url.set_password(None));
        cleared.map_err(|()| OutgoingError::BadUrl)?;
    }
    url.set_fragment(None);
    Ok(url)
}

async fn read(response: Response, want: Want, limit: usize) -> Result<Reply, OutgoingError> {
    let retry_after = response.headers().get(header::RETRY_AFTER);
    let retry_after = retry_after.and_then(|value| value.to_str().ok());
    let mut reply = Reply {
        status: response.status(),
        retry_after: retry_after.map(str::to_owned),
        body: Vec::new(),
    };
    let body = body(response, limit);
    match want {
        Want::Body => reply.body = body.await?,
        // read all the same, so that the connection can be used again; one
        // that cannot be read, or not soon, is none of the caller's business
        Want::Status => drop(timeout(LINGER, body).await),
    }
    Ok(reply)
}

async fn body(mut response: Response, limit: usize) -> Result<Vec<u8>, OutgoingError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(OutgoingError::from)? {
        if body.len() + chunk.len() > limit {
            return Err(OutgoingError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
