//! The parts of a server, and how each is made of those before it.
//!
//! Owns the order in which they start and stop. HTTP, which stops around them,
//! belongs to [`crate::serve`].

use std::{
    net::SocketAddr,
    sync::{Arc, atomic::AtomicU64},
};

use media::MediaPlane;
use tokio::sync::watch;

use crate::{
    accounts::Accounts,
    admission::Admission,
    api::{ApiLimits, TrustedProxies},
    clock::Now,
    config::Config,
    db::{Claim, Database, Standing},
    journal::{self, Journal},
    limits::{Limits, ShutdownLimits},
    metrics::{Live, Metrics},
    outgoing::{Outgoing, Roots},
    private_rooms::PrivateRooms,
    recording::{self, BaseError, Desk, Recordings},
    room::Registry,
    router::AppState,
    serve::StartError,
    shutdown::{Shutdown, shutdown},
    signaling::Signaling,
    site::Site,
    tenant::Tenants,
    ticket::TicketKeys,
    tidying::{self, Keeping, Tidying},
    token::local_key,
    webhooks::{self, News, Outbox},
};

/// What all else is built on.
struct Base {
    limits: Limits,
    database: Database,
    tenants: Arc<Tenants>,
    media: Arc<MediaPlane>,
    tickets: Arc<TicketKeys>,
    live: Live,
    claim: Claim,
}

impl Base {
    async fn open(config: &Config, limits: Limits) -> Result<Self, StartError> {
        // first: another server's tables are not to be touched
        let claim = Claim::take(&config.database).await?;
        let database = Database::open(&config.database).await?;
        let now = Now::read().unix;
        let local = local_key(&database, now).await?;
        // whose requests ended with the server before are free to come again
        database.free_unanswered_keys().await?;
        Ok(Self {
            tenants: Arc::new(Tenants::from_config(config, &local)?),
            media: Arc::new(MediaPlane::start(&config.media.for_media_plane())?),
            tickets: Arc::new(TicketKeys::load(&database, now).await?),
            live: Live::new(&database),
            claim,
            database,
            limits,
        })
    }

    async fn journal(&self, news: Arc<News>) -> Result<(Journal, journal::Running), StartError> {
        let (database, tenants) = (self.database.clone(), Arc::clone(&self.tenants));
        Ok(journal::start(database, tenants, news, &self.limits).await?)
    }

    fn webhooks(&self, news: Arc<News>) -> Result<webhooks::Running, StartError> {
        let limits = &self.limits.webhooks;
        let outgoing = Outgoing::new(Roots::Machine, limits.outgoing())?;
        let (database, tenants) = (self.database.clone(), Arc::clone(&self.tenants));
        Ok(webhooks::start(database, tenants, outgoing, news, limits))
    }

    async fn recordings(
        &self,
        config: &Config,
        address: SocketAddr,
        journal: Journal,
    ) -> Result<(Desk, Recordings), StartError> {
        let (database, tenants) = (self.database.clone(), Arc::clone(&self.tenants));
        let base = recording::Base::new(config, address, database, tenants, journal);
        let base = base.await.map_err(|error| match error {
            BaseError::Database(error) => StartError::Database(error),
            BaseError::Store(error) => StartError::Store(error),
        })?;
        Ok(Desk::new(base))
    }

    async fn registry(
        &self,
        journal: Journal,
        recordings: Recordings,
    ) -> Result<Registry, StartError> {
        let registry = Registry::start(
            self.database.clone(),
            Arc::clone(&self.media),
            Arc::clone(&self.tickets),
            recordings,
            journal,
            self.live.census.clone(),
            self.limits.clone(),
        );
        Ok(registry.await?)
    }

    async fn accounts(&self) -> Result<Accounts, StartError> {
        let (database, limits) = (self.database.clone(), self.limits.logins.clone());
        Ok(Accounts::open(database, limits, Now::read().unix).await?)
    }

    fn admission(&self, private_rooms: PrivateRooms) -> Result<Admission, StartError> {
        Ok(Admission {
            tenants: Arc::clone(&self.tenants),
            tickets: Arc::clone(&self.tickets),
            database: self.database.clone(),
            outgoing: Outgoing::new(Roots::Machine, self.limits.outgoing.clone())?,
            private_rooms,
        })
    }
}

/// The parts that run.
pub(crate) struct Parts {
    base: Base,
    pub(crate) registry: Registry,
    pub(crate) accounts: Accounts,
    pub(crate) notices: Journal,
    journal: journal::Running,
    api_limits: ApiLimits,
    trusted_proxies: TrustedProxies,
    webhooks: webhooks::Running,
    tidying: Tidying,
    outbox: Outbox,
    sessions: Shutdown,
    private_rooms: PrivateRooms,
    signaling: Signaling,
    metrics: Metrics,
}

impl Parts {
    /// Starts them in order.
    pub(crate) async fn start(
        config: &Config,
        address: SocketAddr,
        limits: Limits,
    ) -> Result<Self, StartError> {
        let base = Base::open(config, limits).await?;
        let news = Arc::new(News::default());
        let (notices, journal) = base.journal(Arc::clone(&news)).await?;
        let webhooks = base.webhooks(Arc::clone(&news))?;
        let keeping = Keeping::new(config.statistics.keep());
        let tidying = tidying::start(base.database.clone(), keeping);
        let (desk, recordings) = base.recordings(config, address, notices.clone()).await?;
        let registry = base.registry(notices.clone(), recordings.clone()).await?;
        tokio::spawn(desk.run(registry.clone()));
        let accounts = base.accounts().await?;
        let private_rooms = PrivateRooms::new(base.database.clone(), &base.limits.private_rooms);
        let (sessions, signal) = shutdown();
        let metrics = Metrics {
            live: base.live.clone(),
            media: Arc::clone(&base.media),
            database: base.database.clone(),
            sessions: signal.clone(),
            allow: config.metrics.allow.clone().into(),
        };
        let signaling = Signaling {
            registry: registry.clone(),
            admission: Arc::new(base.admission(private_rooms.clone())?),
            recordings,
            limits: Arc::new(base.limits.clone()),
            shutdown: signal,
            sessions: Arc::new(AtomicU64::new(1)),
        };
        Ok(Self {
            outbox: Outbox::new(base.database.clone(), news),
            base,
            registry,
            notices,
            journal,
            accounts,
            api_limits: ApiLimits::new(&config.api),
            trusted_proxies: TrustedProxies(config.http.trusted_proxies.as_slice().into()),
            webhooks,
            tidying,
            sessions,
            private_rooms,
            signaling,
            metrics,
        })
    }

    /// What handlers use.
    pub(crate) fn state(&self, site: &Site) -> AppState {
        AppState {
            signaling: self.signaling.clone(),
            tenants: Arc::clone(&self.base.tenants),
            private_rooms: self.private_rooms.clone(),
            accounts: self.accounts.clone(),
            api_limits: self.api_limits.clone(),
            trusted_proxies: self.trusted_proxies.clone(),
            outbox: self.outbox.clone(),
            database: self.base.database.clone(),
            standing: self.standing(),
            metrics: self.metrics.clone(),
            options: site.options.clone(),
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.base.limits
    }

    pub(crate) fn media(&self) -> &MediaPlane {
        &self.base.media
    }

    /// Whether the database is this server's.
    pub(crate) fn standing(&self) -> watch::Receiver<Standing> {
        self.base.claim.standing()
    }

    /// Tells the participants, then stops the rooms and the messages to
    /// integrators. The rest is to be stopped by the caller.
    pub(crate) async fn stop(self, limits: &ShutdownLimits) -> Stopped {
        // first: what is recorded of the end is of no use
        self.signaling.recordings.quit().await;
        let sessions = self.sessions.stop(limits).await;
        self.registry.stop().await;
        self.journal.stop().await;
        self.webhooks.stop().await;
        self.tidying.stop().await;
        Stopped {
            sessions,
            media: self.base.media,
            database: self.base.database,
            claim: self.base.claim,
        }
    }
}

/// What is left of the parts.
pub(crate) struct Stopped {
    /// How many sessions were told.
    pub(crate) sessions: usize,
    pub(crate) media: Arc<MediaPlane>,
    pub(crate) database: Database,
    /// To be released when the database is closed.
    pub(crate) claim: Claim,
}
