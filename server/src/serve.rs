//! A running server: HTTP around the [`parts`](crate::parts), and the end of both.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

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
    accounts::Accounts,
    config::Config,
    db::{OpenError, Standing},
    journal::Journal,
    limits::Limits,
    outgoing::OutgoingError,
    parts::Parts,
    room::Registry,
    router::router,
    site::Site,
    tenant::BadTenant,
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
    /// Requests to integrators cannot be made.
    #[error("requests to other servers cannot be made: {0}")]
    Outgoing(#[from] OutgoingError),
    /// The store of the videos cannot be used.
    #[error("videos cannot be kept (recording.storage): {0}")]
    Store(#[from] crate::recording::OpenError),
    /// A tenant's settings cannot be used.
    #[error(transparent)]
    Tenant(#[from] BadTenant),
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
    parts: Parts,
    stop_http: oneshot::Sender<()>,
    http: JoinHandle<io::Result<()>>,
}

impl Server {
    /// Starts a server.
    ///
    /// # Errors
    /// Says which part could not be started and why.
    pub async fn start(config: &Config, site: &Site, limits: Limits) -> Result<Self, StartError> {
        // first: a second server on the same port must not touch the database
        let (listener, address) = listen(config.http.listen).await?;
        let parts = Parts::start(config, address, limits).await?;
        let (stop_http, stopped) = oneshot::channel();
        let router = router(parts.state(site), site);
        Ok(Self {
            address,
            parts,
            stop_http,
            http: tokio::spawn(http(listener, router, stopped)),
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
        &self.parts.registry
    }

    /// Who may use the REST API.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.parts.accounts
    }

    /// Where rooms, and whoever works for them, say what happens.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.parts.notices
    }

    /// Comes back when another server has taken the database: whatever this
    /// one still wrote would be in that one's way.
    pub async fn ousted(&self) {
        let mut standing = self.parts.standing();
        let taken = standing.wait_for(|now| *now == Standing::Taken).await;
        if taken.is_err() {
            // the claim lives as long as the parts
            std::future::pending::<()>().await;
        }
    }

    /// The media plane.
    #[must_use]
    pub fn media(&self) -> &MediaPlane {
        self.parts.media()
    }

    /// Stops the server: tells the participants, then stops what they used.
    /// Their rooms stay in the database for the next start.
    pub async fn stop(self) {
        // no one new: an open connection that is idle goes as well
        self.stop_http.send(()).ok();
        let limits = self.parts.limits().shutdown.clone();
        let stopped = self.parts.stop(&limits).await;
        stop_media(stopped.media).await;
        end_requests(self.http, limits.requests).await;
        stopped.database.close().await;
        stopped.claim.release().await;
        info!(sessions = stopped.sessions, "Server stopped");
    }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let failed = |source| StartError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let bound = listener.local_addr().map_err(failed)?;
    Ok((listener, bound))
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
    // handlers may ask where a connection comes from
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(async move {
            // a server that is dropped stops as well
            drop(stopped.await);
        })
        .await
}
