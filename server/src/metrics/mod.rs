//! `GET /metrics`: what the server counts, for Prometheus.
//!
//! What happens on tasks counts itself as it happens ([`Census`], `http`), in
//! atomic numbers. What is only known elsewhere is asked for when somebody
//! reads: the media workers, the outbox, the process (`snapshot`). So nothing
//! on the way of a packet is shared between threads.
//!
//! No label holds a name, a room or a participant: labels are roles, routes,
//! status codes, kinds of errors and numbers of workers, so that there are few of them and
//! nobody is followed.

mod access;
mod census;
mod endpoint;
mod http;
mod process;
mod snapshot;
mod workers;

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use ipnet::IpNet;
use media::MediaPlane;
use prometheus_client::{metrics::info::Info, registry::Registry};

pub use self::census::{Census, Headcount, RoomCount};
use self::http::Requests;
pub(crate) use self::{endpoint::show, http::count};
use crate::{db::Database, shutdown::ShutdownSignal};

/// What counts itself.
#[derive(Debug, Clone)]
pub struct Live {
    registry: Arc<Registry>,
    /// Who is in rooms.
    pub census: Census,
    requests: Requests,
    /// When the server started, in seconds of UNIX.
    started: f64,
}

impl Live {
    /// Everything at zero but what the database has counted.
    #[must_use]
    pub fn new(database: &Database) -> Self {
        let mut registry = Registry::default();
        let version = [("version", env!("CARGO_PKG_VERSION"))];
        registry.register("meetframe_build", "This program", Info::new(version));
        let census = Census::register(&mut registry);
        let requests = Requests::register(&mut registry);
        database.errors().register(&mut registry);
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            registry: Arc::new(registry),
            census,
            requests,
            started: since.unwrap_or_default().as_secs_f64(),
        }
    }
}

/// What `/metrics` reads.
#[derive(Clone)]
pub struct Metrics {
    /// What counts itself.
    pub live: Live,
    /// Tells what its workers have counted.
    pub media: Arc<MediaPlane>,
    /// Has the outbox.
    pub database: Database,
    /// Knows how many WebSockets there are.
    pub sessions: ShutdownSignal,
    /// From where the numbers may be read without a token.
    pub allow: Arc<[IpNet]>,
}
