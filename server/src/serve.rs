//! Puts the parts together, starts them in order and stops them in order.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use axum::{Router, serve::ListenerExt};
use media::{MediaError, MediaPlane};
use tokio::{
    net::TcpListener,
    sync::oneshot,
    task::{JoinHandle, spawn_blocking},
    time::timeout,
};
use tracing::{debug, info, warn};

use crate::{
    clock::Now,
    config::Config,
    db::{Database, OpenError},
    limits::Limits,
    room::Registry,
    router::{AppState, router},
    shutdown::{Shutdown, shutdown},
    signaling::Signaling,
    site::Site,
    ticket::TicketKeys,
};

/// Why the server could not be started.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database failed after that.
    #[error("the database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The media workers could not be started.
    #[error("cannot start the media workers (media.listen): {0}")]
    Media(#[from] MediaError),
    /// The address for HTTP could not be had.
    #[error("cannot listen on {address} (http.listen): {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}

/// A running server.
pub struct Server {
    address: SocketAddr,
    registry: Registry,
    database: Database,
    media: Arc<MediaPlane>,
    sessions: Shutdown,
    stop_http: oneshot::Sender<()>,
    http: JoinHandle<io::Result<()>>,
    limits: Limits,
}

impl Server {
    /// Starts a server.
    ///
    /// # Errors
    /// Says which part could not be started and why.
    pub async fn start(config: &Config, site: &Site, limits: Limits) -> Result<Self, StartError> {
        let address = config.http.listen;
        let listen = |source| StartError::Listen { address, source };
        // first: a second server on the same port must not touch the database
        let listener = TcpListener::bind(address).await.map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let database = Database::open(&config.database.url).await?;
        let media = Arc::new(MediaPlane::start(&config.media.for_media_plane())?);
        let tickets = Arc::new(TicketKeys::load(&database, Now::read().unix).await?);
        let registry = Registry::start(
            database.clone(),
            Arc::clone(&media),
            Arc::clone(&tickets),
            limits.clone(),
        )
        .await?;
        let (sessions, signal) = shutdown();
        let signaling = Signaling {
            registry: registry.clone(),
            tickets,
            limits: Arc::new(limits.clone()),
            shutdown: signal,
            sessions: Arc::new(AtomicU64::new(1)),
        };
        let state = AppState {
            signaling,
            database: database.clone(),
            options: site.options.clone(),
        };
        let (stop_http, stopped) = oneshot::channel();
        let http = tokio::spawn(http(listener, router(state, site), stopped));
        Ok(Self {
            address,
            registry,
            database,
            media,
            sessions,
            stop_http,
            http,
            limits,
        })
    }

    /// Where pages and signaling are.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The rooms.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// The media plane.
    #[must_use]
    pub fn media(&self) -> &MediaPlane {
        &self.media
    }

    /// Stops the server: tells the participants, then stops what they used.
    /// Their rooms stay in the database for the next start.
    pub async fn stop(self) {
        // no one new: an open connection that is idle goes as well
        self.stop_http.send(()).ok();
        let told = self.sessions.stop(&self.limits.shutdown).await;
        self.registry.stop().await;
        stop_media(self.media).await;
        end_requests(self.http, self.limits.shutdown.requests).await;
        self.database.close().await;
        info!(sessions = told, "Server stopped");
    }
}

/// Joins threads, which blocks.
async fn stop_media(media: Arc<MediaPlane>) {
    if let Err(error) = spawn_blocking(move || drop(media)).await {
        warn!(%error, "The media plane did not stop cleanly");
    }
}

async fn end_requests(mut http: JoinHandle<io::Result<()>>, limit: Duration) {
    if timeout(limit, &mut http).await.is_err() {
        http.abort();
        warn!("Some requests did not end in time");
    }
}

async fn http(
    listener: TcpListener,
    router: Router,
    stopped: oneshot::Receiver<()>,
) -> io::Result<()> {
    // signaling is small frames that should not wait for more
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            debug!(%error, "TCP_NODELAY could not be set");
        }
    });
    axum::serve(listener, router)
        .with_graceful_shutdown(async move {
            // a server that is dropped stops as well
            drop(stopped.await);
        })
        .await
}
