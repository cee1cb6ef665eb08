//! What the tests of the running server share: a server on a free port with a
//! database and a site of its own, a WebSocket client, an HTTP client, and the
//! program itself as a process.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]

pub mod client;
pub mod http;
pub mod process;

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    time::Duration,
};

use server::{
    Server,
    config::{Config, DatabaseUrl},
    limits::{Limits, RoomLimits, SessionLimits, ShutdownLimits},
    site::Site,
};
use tempfile::TempDir;

use client::Client;

/// A test that waits longer for anything has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A server and the folder that it keeps its things in.
pub struct TestServer {
    server: Server,
    limits: Limits,
    pub folder: TempDir,
}

impl TestServer {
    /// With the bounds of a real server, but for the times: what takes seconds
    /// there takes fractions here.
    pub async fn start() -> Self {
        Self::with(quick_limits()).await
    }

    pub async fn with(limits: Limits) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        write_site(&folder.path().join("site"));
        let server = start(folder.path(), &limits).await;
        Self {
            server,
            limits,
            folder,
        }
    }

    /// Stops the server and starts another on the same database.
    pub async fn restart(self) -> Self {
        self.server.stop().await;
        let server = start(self.folder.path(), &self.limits).await;
        Self { server, ..self }
    }

    pub async fn stop(self) {
        self.server.stop().await;
    }

    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    pub fn server(&self) -> &Server {
        &self.server
    }

    pub async fn client(&self) -> Client {
        Client::connect(self.address()).await
    }

    /// Waits until there are no rooms.
    pub async fn until_empty(&self) {
        until("all rooms are gone", async || {
            self.server.registry().count().await == Ok(0)
        })
        .await;
    }
}

/// Asks again and again until it is so.
pub async fn until(what: &str, so: impl AsyncFn() -> bool) {
    let asked = async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, asked).await;
    assert!(waited.is_ok(), "waited in vain until {what}");
}

/// The times of a real server divided by about a hundred.
pub fn quick_limits() -> Limits {
    Limits {
        session: SessionLimits {
            close: Duration::from_millis(200),
            ..SessionLimits::default()
        },
        room: RoomLimits {
            grace: Duration::from_millis(400),
            notice: Duration::from_millis(50),
            ..RoomLimits::default()
        },
        abandoned: Duration::from_millis(300),
        shutdown: ShutdownLimits {
            sessions: Duration::from_secs(2),
            ..ShutdownLimits::default()
        },
    }
}

/// Bounds that never pass during a test.
pub fn patient_limits() -> Limits {
    let mut limits = quick_limits();
    limits.room.grace = Duration::from_secs(600);
    limits.room.notice = Duration::from_secs(600);
    limits.abandoned = Duration::from_secs(600);
    limits
}

async fn start(folder: &Path, limits: &Limits) -> Server {
    let site = Site::in_folder(&folder.join("site")).expect("a site");
    Server::start(&config(folder), &site, limits.clone())
        .await
        .expect("a server")
}

pub fn config(folder: &Path) -> Config {
    let mut config = Config::default();
    config.http.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    config.media.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    config.media.workers = 1;
    config.database.url = DatabaseUrl::sqlite(database(folder));
    config
}

pub fn database(folder: &Path) -> PathBuf {
    folder.join("data/meetframe.db")
}

/// What a build leaves, with next to nothing in it.
pub fn write_site(root: &Path) {
    let pkg = root.join("pkg");
    fs::create_dir_all(&pkg).expect("a folder");
    for (path, text) in [
        ("pkg/meetframe.aa11.js", "export default () => {};"),
        ("pkg/meetframe.aa11.js.br", "br: not what br looks like"),
        ("pkg/meetframe.aa11.js.gz", "gz: not what gz looks like"),
        ("pkg/meetframe.bb22.wasm", "wasm"),
        ("pkg/meetframe.cc33.css", "body { color: black }"),
        ("hash.txt", "js: aa11\nwasm: bb22\ncss: cc33\n"),
        ("favicon.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ] {
        fs::write(root.join(path), text).expect("a file");
    }
}
