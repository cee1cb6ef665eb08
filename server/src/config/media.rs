//! Settings of the media workers.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    thread::available_parallelism,
};

use media::MediaConfig;
use serde::{Deserialize, Deserializer, Serialize};

use super::{Problem, list::list};

/// More workers than this are surely a mistake.
const WORKERS_MAX: usize = 256;

pub(super) const ALLOWED: &[(&str, &str)] = &[
    ("media", "a section with the keys listen, announce, workers"),
    (
        "media.listen",
        "an IP address and the first UDP port, such as \"0.0.0.0:10000\"; worker 0 takes that port, worker 1 the next",
    ),
    (
        "media.announce",
        "a list of IP addresses, such as [\"203.0.113.5\"]; in the environment with commas between them",
    ),
    (
        "media.workers",
        "a number from 0 to 256, where 0 means one per processor; media.listen's port + workers must not exceed 65536",
    ),
];

/// Media workers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MediaSettings {
    /// IP address and first UDP port; each worker takes one port. Default
    /// `0.0.0.0:10000`. Port 0 lets the system choose free ports.
    pub listen: SocketAddr,
    /// The server's addresses as browsers reach them, when they differ from
    /// its own (one-to-one NAT, cloud machines). Default: none, which means
    /// the address of `listen`, or all of the machine's when that is `0.0.0.0`.
    #[serde(deserialize_with = "addresses")]
    pub announce: Vec<IpAddr>,
    /// How many media workers run, each a thread. Default 0: one per processor.
    pub workers: usize,
}

impl Default for MediaSettings {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::UNSPECIFIED, 10_000)),
            announce: Vec::new(),
            workers: 0,
        }
    }
}

impl MediaSettings {
    pub(super) fn problem(&self) -> Option<Problem> {
        if self.workers > WORKERS_MAX {
            return Some(Problem::new(
                "media.workers",
                format!("{} is too many", self.workers),
            ));
        }
        let last = usize::from(self.listen.port()) + self.worker_count() - 1;
        if self.listen.port() != 0 && last > usize::from(u16::MAX) {
            let what = format!(
                "{} workers from port {} on need ports above 65535",
                self.worker_count(),
                self.listen.port()
            );
            return Some(Problem::new("media.workers", what));
        }
        let wrong = self.announce.iter().find(|ip| ip.is_unspecified())?;
        Some(Problem::new(
            "media.announce",
            format!("{wrong} is not an address that a browser can reach"),
        ))
    }

    /// How many workers run on this machine.
    #[must_use]
    pub fn worker_count(&self) -> usize {
        match self.workers {
            0 => available_parallelism().map_or(1, usize::from),
            workers => workers,
        }
    }

    /// The settings in the form that the media plane takes.
    #[must_use]
    pub fn for_media_plane(&self) -> MediaConfig {
        MediaConfig {
            listen: self.listen,
            announce: self.announce.clone(),
            workers: self.worker_count(),
        }
    }
}

fn addresses<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<IpAddr>, D::Error> {
    list(input, "an IP address", |text| text.parse().ok())
}
