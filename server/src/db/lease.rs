//! PostgreSQL's lock of a server: an advisory one, held by a connection of its
//! own, for which nothing else is done.
//!
//! PostgreSQL frees the lock when that connection ends, and does not tell. So
//! the connection is asked every two seconds. When it is gone, most often
//! PostgreSQL was started anew: rooms go on, and the lock is asked for again
//! until it is had. When another server has taken it meanwhile, this one is
//! told to end.

use std::time::Duration;

use sqlx::{ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use tokio::{
    sync::{oneshot, watch},
    task::JoinHandle,
    time::{Instant, sleep, timeout},
};
use tracing::{debug, error, info};

use super::{
    OpenError, PING_TIMEOUT,
    claim::{PATIENCE, PAUSE, Standing},
    open::{Place, first_connection},
};
use crate::config::PostgresUrl;

/// How often the connection is asked whether it is there. Two servers can both
/// believe in their lock for so long after a connection broke.
const CHECK: Duration = Duration::from_secs(2);
/// How long to wait before PostgreSQL is asked for another connection.
const AGAIN: Duration = Duration::from_millis(500);

/// The tables are found by the schema, so this is what is locked.
const TRY: &str = "SELECT pg_try_advisory_lock(hashtextextended('meetframe server ' || \
     COALESCE(current_schema(), ''), 0))";
/// A machine that went away is noticed in half a minute and not in two hours.
const KEEPALIVE: &str = "SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; \
                         SET tcp_keepalives_count = 3";
/// Which process of PostgreSQL serves a connection; its number alone is given
/// to others later.
const WHO: &str =
    "SELECT pid, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()";
/// Ends it, should it still wait for a connection that is broken on this side.
const END: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
     WHERE pid = $1 AND backend_start::text = $2 AND usename = current_user";

/// The lock, until this is dropped.
pub(super) struct Lease {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Lease {
    /// Gives the lock back.
    pub(super) async fn end(self) {
        drop(self.stop);
        // a task that panicked has given it back as well
        drop(self.task.await);
    }
}

/// A connection that has the lock.
struct Held {
    connection: PgConnection,
    pid: i32,
    began: String,
}

impl Held {
    /// None while another has the lock.
    async fn try_take(mut connection: PgConnection) -> Result<Option<Self>, sqlx::Error> {
        let got: bool = sqlx::query_scalar(TRY).fetch_one(&mut connection).await?;
        if !got {
            connection.close().await?;
            return Ok(None);
        }
        sqlx::raw_sql(KEEPALIVE).execute(&mut connection).await?;
        let (pid, began) = sqlx::query_as(WHO).fetch_one(&mut connection).await?;
        Ok(Some(Self {
            connection,
            pid,
            began,
        }))
    }

    /// Comes back when the connection does not answer.
    async fn until_lost(&mut self) -> sqlx::Error {
        loop {
            sleep(CHECK).await;
            let answer = timeout(PING_TIMEOUT, self.connection.ping()).await;
            if let Err(error) = answer.unwrap_or(Err(sqlx::Error::PoolTimedOut)) {
                return error;
            }
        }
    }
}

/// Takes the lock; gives how it stands from then on.
pub(super) async fn take(
    url: &PostgresUrl,
) -> Result<(Lease, watch::Receiver<Standing>), OpenError> {
    let place = Place::of_postgres(url);
    let open = |source| OpenError::Open {
        place: place.clone(),
        source,
    };
    let options = PgConnectOptions::from_url(url.expose()).map_err(open)?;
    let began = Instant::now();
    let held = loop {
        let connection = first_connection(&options, &place).await?;
        match Held::try_take(connection).await.map_err(open)? {
            Some(held) => break held,
            None if began.elapsed() < PATIENCE => sleep(PAUSE).await,
            None => return Err(OpenError::InUse { place }),
        }
    };
    let (tell, standing) = watch::channel(Standing::Held);
    let (stop, stopped) = oneshot::channel::<()>();
    let keeper = Keeper {
        options,
        held: Some(held),
        tell,
    };
    let task = tokio::spawn(keeper.run(stopped));
    Ok((Lease { stop, task }, standing))
}

struct Keeper {
    options: PgConnectOptions,
    /// None while it is lost.
    held: Option<Held>,
    tell: watch::Sender<Standing>,
}

impl Keeper {
    async fn run(mut self, stopped: oneshot::Receiver<()>) {
        tokio::select! {
            _ = stopped => {}
            () = self.keep() => {}
        }
        if let Some(held) = self.held
            && let Err(error) = held.connection.close().await
        {
            debug!(%error, "The connection with the database's lock did not end well");
        }
    }

    /// Comes back when another server has the lock.
    async fn keep(&mut self) {
        while let Some(held) = &mut self.held {
            let lost = held.until_lost().await;
            error!(error = %lost, "The lock on the database is lost: its connection does not answer");
            self.tell.send_replace(Standing::Unknown);
            let (pid, began) = (held.pid, std::mem::take(&mut held.began));
            self.held = None;
            self.held = self.again(pid, &began).await;
        }
        error!("Another server uses the database now");
        self.tell.send_replace(Standing::Taken);
    }

    /// None when another server has it.
    async fn again(&self, pid: i32, began: &str) -> Option<Held> {
        let mut taken_since: Option<Instant> = None;
        loop {
            match timeout(PING_TIMEOUT, self.try_again(pid, began)).await {
                Ok(Ok(Some(held))) => {
                    info!("The lock on the database is held again");
                    self.tell.send_replace(Standing::Held);
                    return Some(held);
                }
                Ok(Ok(None)) => {
                    let since = taken_since.get_or_insert_with(Instant::now);
                    if since.elapsed() >= PATIENCE {
                        return None;
                    }
                }
                Ok(Err(error)) => debug!(%error, "The database is not there yet"),
                Err(_late) => debug!("The database does not answer yet"),
            }
            sleep(AGAIN).await;
        }
    }

    async fn try_again(&self, pid: i32, began: &str) -> Result<Option<Held>, sqlx::Error> {
        let mut connection = self.options.connect().await?;
        let end = sqlx::query_scalar::<_, i64>(END).bind(pid).bind(began);
        end.fetch_one(&mut connection).await?;
        Held::try_take(connection).await
    }
}
