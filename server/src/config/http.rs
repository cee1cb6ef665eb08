//! Settings of pages and signaling.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::http::Uri;
use serde::{Deserialize, Serialize};

use super::Problem;

pub(super) const ALLOWED: &[(&str, &str)] = &[
    (
        "http",
        "a section with the keys listen, public_url, trusted_proxies",
    ),
    (
        "http.listen",
        "an IP address and a TCP port, such as \"127.0.0.1:3000\" or \"[::]:3000\"",
    ),
    (
        "http.public_url",
        "the address that browsers use, such as \"https://meet.example.org\": http or https, a host, no path",
    ),
    (
        "http.trusted_proxies",
        "a list of IP addresses, such as [\"127.0.0.1\"]",
    ),
];

/// Pages and signaling.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpConfig {
    /// IP address and TCP port of pages and signaling. Default
    /// `0.0.0.0:3000`: all IPv4 addresses of the machine. Port 0 lets the
    /// system choose.
    pub listen: SocketAddr,
    /// The address that browsers use, when a proxy stands before the server.
    /// Default: none; `http://localhost` with the port is assumed.
    pub public_url: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed. Default: none; each request
    /// comes from the address of its connection.
    pub trusted_proxies: Vec<IpAddr>,
}

impl Default for HttpConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 3000)),
            public_url: None,
            trusted_proxies: Vec::new(),
        }
    }
}

impl HttpConfig {
    pub(super) fn problem(&self) -> Option<Problem> {
        let text = self.public_url.as_deref()?;
        let what = wrong_url(text)?;
        Some(Problem::new("http.public_url", format!("{text:?} {what}")))
    }

    /// The address to print and to link to, without a slash at its end.
    /// `bound` is the address that the server really listens on.
    #[must_use]
    pub fn base_url(&self, bound: SocketAddr) -> String {
        if let Some(url) = &self.public_url {
            return url.trim_end_matches('/').to_owned();
        }
        if bound.ip().is_unspecified() || bound.ip().is_loopback() {
            return format!("http://localhost:{}", bound.port());
        }
        format!("http://{bound}")
    }
}

fn wrong_url(text: &str) -> Option<&'static str> {
    let Ok(uri) = text.parse::<Uri>() else {
        return Some("is not a URL");
    };
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Some("does not start with http:// or https://");
    }
    if uri.host().is_none_or(str::is_empty) {
        return Some("names no host");
    }
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return Some("has a path or a query");
    }
    None
}
