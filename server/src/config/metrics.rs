//! Settings of `/metrics`.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, Serialize};

use super::list::list;

pub(super) const ALLOWED: &[(&str, &str)] = &[
    ("metrics", "a section with the key allow"),
    (
        "metrics.allow",
        "a list of IP addresses and networks, such as [\"127.0.0.1\", \"10.1.0.0/16\"]; in the environment with commas between them",
    ),
];

/// `/metrics`, for Prometheus.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// From which addresses the numbers may be read without a token. Default:
    /// the machine itself. What a proxy passes on never counts as the proxy's.
    #[serde(deserialize_with = "networks")]
    pub allow: Vec<IpNet>,
}

impl Default for MetricsConfig {
    fn default() -> Self {
        let net = |text: &str| text.parse().expect("a network");
        Self {
            allow: vec![net("127.0.0.0/8"), net("::1/128")],
        }
    }
}

fn networks<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<IpNet>, D::Error> {
    list(input, "an IP address or network", |text| {
        let net = text.parse::<IpNet>().ok();
        net.or_else(|| text.parse::<IpAddr>().ok().map(IpNet::from))
    })
}
