//! What the tests of the running server share: a server on a free port with a
//! database and a site of its own, a WebSocket client, an HTTP client, and the
//! program itself as a process.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]

pub mod api;
pub mod client;
#[cfg(unix)]
pub mod cluster;
pub mod database;
pub mod http;
pub mod process;
pub mod receiver;
pub mod resolving;
pub mod tenant;
pub mod ways;

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    time::Duration,
};

use client::Client;
use database::Folder;
use server::{
    Server,
    config::{Config, RecordingConfig, TenantSettings},
    db::Database,
    limits::{Limits, RoomLimits, SessionLimits, ShutdownLimits},
    site::Site,
};

/// A test that waits longer for anything has failed.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A server and the folder that it keeps its things in.
pub struct TestServer {
    server: Server,
    limits: Limits,
    tenants: Vec<TenantSettings>,
    recording: RecordingConfig,
    pub folder: Folder,
}

impl TestServer {
    /// With the bounds of a real server, but for the times: what takes seconds
    /// there takes fractions here.
    pub async fn start() -> Self {
        Self::with(quick_limits()).await
    }

    pub async fn with(limits: Limits) -> Self {
        Self::with_tenants(limits, Vec::new()).await
    }

    /// With one tenant for all hosts.
    pub async fn of(tenant: TenantSettings) -> Self {
        Self::with_tenants(patient_limits(), vec![tenant]).await
    }

    pub async fn with_tenants(limits: Limits, tenants: Vec<TenantSettings>) -> Self {
        let folder = database::folder();
        let recording = config(folder.path()).recording;
        Self::with_all(folder, limits, tenants, recording).await
    }

    /// In a folder that may have something in it, with settings of recordings.
    pub async fn recording(folder: Folder, recording: RecordingConfig) -> Self {
        Self::with_all(folder, quick_limits(), Vec::new(), recording).await
    }

    async fn with_all(
        folder: Folder,
        limits: Limits,
        tenants: Vec<TenantSettings>,
        recording: RecordingConfig,
    ) -> Self {
        write_site(&folder.path().join("site"));
        let server = start(folder.path(), &limits, &tenants, &recording).await;
        Self {
            server,
            limits,
            tenants,
            recording,
            folder,
        }
    }

    /// Stops the server and starts another on the same database.
    pub async fn restart(self) -> Self {
        self.server.stop().await;
        let (folder, recording) = (self.folder.path(), &self.recording);
        let server = start(folder, &self.limits, &self.tenants, recording).await;
        Self { server, ..self }
    }

    /// The same, with other tenants.
    pub async fn restart_as(self, tenants: Vec<TenantSettings>) -> Self {
        Self { tenants, ..self }.restart().await
    }

    /// The same, with other settings of recordings.
    pub async fn restart_with(self, recording: RecordingConfig) -> Self {
        self.server.stop().await;
        Self::with_all(self.folder, self.limits, self.tenants, recording).await
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

    /// A client that knows the server by this name.
    pub async fn client_of(&self, host: &str) -> Client {
        Client::connect_as(self.address(), host).await
    }

    /// The database, beside the server.
    pub async fn database(&self) -> Database {
        open(self.folder.path()).await
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
        ..Limits::default()
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

async fn start(
    folder: &Path,
    limits: &Limits,
    tenants: &[TenantSettings],
    recording: &RecordingConfig,
) -> Server {
    let site = Site::in_folder(&folder.join("site")).expect("a site");
    let config = Config {
        tenants: tenants.to_vec(),
        recording: recording.clone(),
        ..config(folder)
    };
    Server::start(&config, &site, limits.clone())
        .await
        .expect("a server")
}

pub fn config(folder: &Path) -> Config {
    let mut config = Config::default();
    config.http.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    config.media.listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    config.media.workers = 1;
    config.database = database::config(folder);
    config.recording.folder = Some(folder.join("recordings"));
    // a browser is for the tests that need one
    config.recording.chromium = Some(folder.join("no-browser"));
    // tests write of times long ago, which the server would forget at its start
    config.statistics.keep_days = 0;
    config
}

/// The database of a folder.
pub async fn open(folder: &Path) -> Database {
    let opened = Database::open(&database::config(folder)).await;
    opened.expect("the database")
}

/// What a build leaves, with next to nothing in it.
pub fn write_site(root: &Path) {
    let pkg = root.join("pkg");
    fs::create_dir_all(&pkg).expect("a folder");
    fs::create_dir_all(root.join("demo")).expect("a folder");
    for (path, text) in [
        ("pkg/meetframe.aa11.js", "export default () => {};"),
        ("pkg/meetframe.aa11.js.br", "br: not what br looks like"),
        ("pkg/meetframe.aa11.js.gz", "gz: not what gz looks like"),
        ("pkg/meetframe.bb22.wasm", "wasm"),
        ("pkg/meetframe.cc33.css", "body { color: black }"),
        ("hash.txt", "js: aa11\nwasm: bb22\ncss: cc33\n"),
        ("favicon.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("meetBridgeApi.js", "globalThis.MeetIframeBridge = {};"),
        ("demo/index.html", "<!doctype html><title>Demo</title>"),
    ] {
        fs::write(root.join(path), text).expect("a file");
    }
}
