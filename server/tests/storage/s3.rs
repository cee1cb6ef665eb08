//! A real server that speaks S3 over HTTP and checks signatures (version 4), of
//! the crates `s3s` and `s3s-fs`, on a thread of its own.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    sync::atomic::{AtomicU8, Ordering},
    thread::{self, JoinHandle},
};

use axum::{Router, error_handling::HandleError, http::StatusCode};
use s3s::{
    S3Result,
    access::{S3Access, S3AccessContext},
    auth::SimpleAuth,
    s3_error,
    service::S3ServiceBuilder,
};
use s3s_fs::FileSystem;
use server::config::{Secret, StorageConfig, StorageKind};
use tempfile::TempDir;
use tokio::sync::oneshot;

/// The bucket that it has.
pub(crate) const BUCKET: &str = "videos";
/// The only key that it knows, and its secret.
pub(crate) const KEY: (&str, &str) = ("meetframe", "a-secret-of-tests");

/// The folder of its objects, with which they go, and where it listens.
pub(crate) struct Store {
    folder: TempDir,
    pub(crate) address: SocketAddr,
}

/// The server while it runs. It stops, with all its connections, when it is
/// dropped.
pub(crate) struct Running {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Nobody comes without a key, and there is one bucket: `s3s-fs` would make
/// another one for whoever writes into it.
struct OneBucket;

#[async_trait::async_trait]
impl S3Access for OneBucket {
    async fn check(&self, asked: &mut S3AccessContext<'_>) -> S3Result<()> {
        if asked.credentials().is_none() {
            return Err(s3_error!(AccessDenied));
        }
        match asked.s3_path().get_bucket_name() {
            Some(BUCKET) => Ok(()),
            _ => Err(s3_error!(NoSuchBucket)),
        }
    }
}

/// Counts the stores of this program, for an address of each.
static STORES: AtomicU8 = AtomicU8::new(1);

impl Store {
    /// A store that does not run yet, on a port that is free, and stays so: no
    /// other test uses its address.
    pub(crate) fn new() -> Self {
        let own = Ipv4Addr::new(127, 83, 3, STORES.fetch_add(1, Ordering::Relaxed));
        let free = TcpListener::bind((own, 0)).expect("a free port");
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join(BUCKET)).expect("a bucket");
        Self {
            folder,
            address: free.local_addr().expect("an address"),
        }
    }

    /// Starts it. It listens from here on.
    pub(crate) fn start(&self) -> Running {
        let listener = TcpListener::bind(self.address).expect("the same port");
        listener.set_nonblocking(true).expect("a listener");
        let objects = FileSystem::new(self.folder.path()).expect("a folder");
        let mut service = S3ServiceBuilder::new(objects);
        service.set_auth(SimpleAuth::from_single(KEY.0, KEY.1));
        service.set_access(OneBucket);
        let service = HandleError::new(service.build(), async |_| StatusCode::BAD_GATEWAY);
        let router = Router::new().fallback_service(service);
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener);
                let serve = axum::serve(listener.expect("a listener"), router);
                tokio::select! {
                    served = async { serve.await } => served.expect("it serves"),
                    // dropped or told: the end is the same
                    _ = stopped => {}
                }
            });
        });
        Running {
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Settings of a server that keeps its videos there.
    pub(crate) fn config(&self) -> StorageConfig {
        self.config_by(self.address)
    }

    /// The same by another way.
    pub(crate) fn config_by(&self, address: SocketAddr) -> StorageConfig {
        StorageConfig {
            kind: StorageKind::S3,
            bucket: Some(BUCKET.to_owned()),
            endpoint: Some(format!("http://{address}")),
            prefix: "meet/eu".to_owned(),
            access_key: Some(KEY.0.to_owned()),
            secret_key: Some(Secret::new(KEY.1)),
            allow_http: true,
            ..StorageConfig::default()
        }
    }

    /// The objects that it has, by their names.
    pub(crate) fn objects(&self) -> Vec<String> {
        let mut found = Vec::new();
        collect(&self.folder.path().join(BUCKET), "", &mut found);
        found.sort();
        found
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let (Some(stop), Some(thread)) = (self.stop.take(), self.thread.take()) {
            // a thread that panicked has stopped as well
            stop.send(()).ok();
            drop(thread.join());
        }
    }
}

fn collect(folder: &Path, above: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = format!("{above}{}", entry.file_name().to_string_lossy());
        match entry.path().is_dir() {
            true => collect(&entry.path(), &format!("{name}/"), found),
            false => found.push(name),
        }
    }
}
