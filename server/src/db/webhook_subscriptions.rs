//! Table `webhook_subscriptions`: who asked over REST to hear of events.

use sqlx::{FromRow, query, query_as, query_scalar};
use tracing::error;
use url::Url;

use super::{Database, counted::Work};
use crate::{
    clock::UnixMillis,
    config::Secret,
    room_key::TenantId,
    webhooks::{EventKind, Subscription, SubscriptionId},
};

/// What somebody asked for.
pub(super) struct Wish {
    pub(super) id: SubscriptionId,
    pub(super) tenant: TenantId,
    events: Vec<EventKind>,
}

impl Wish {
    pub(super) fn wants(&self, kind: EventKind) -> bool {
        self.events.contains(&kind)
    }
}

/// All wishes of all tenants: few, each bounded by hand. One that cannot be
/// read is left out: nothing could be written down any more because of it.
pub(super) async fn wishes(connection: &mut Work) -> Result<Vec<Wish>, sqlx::Error> {
    let rows: Vec<(String, String, String)> =
        query_as("SELECT id, tenant, events FROM webhook_subscriptions")
            .fetch_all(connection)
            .await?;
    let wish = |(id, tenant, events): (String, String, String)| {
        let id = read_id(&id).inspect_err(|error| error!(%error, "A webhook cannot be read"));
        Some(Wish {
            id: id.ok()?,
            tenant: TenantId::new(&tenant),
            events: read_events(&events),
        })
    };
    Ok(rows.into_iter().filter_map(wish).collect())
}

#[derive(FromRow)]
struct Row {
    id: String,
    url: String,
    events: String,
    secret: String,
    created_at: i64,
}

impl Row {
    fn subscription(self) -> Result<Subscription, sqlx::Error> {
        Ok(Subscription {
            id: read_id(&self.id)?,
            url: Url::parse(&self.url).map_err(|e| sqlx::Error::Decode(Box::new(e)))?,
            events: read_events(&self.events),
            secret: Secret::new(self.secret),
            created_at: UnixMillis::from_sql(self.created_at),
        })
    }
}

impl Database {
    /// Adds a subscription, unless the tenant has so many already. Says whether
    /// it was added.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_subscription(
        &self,
        tenant: &TenantId,
        subscription: &Subscription,
        at_most: i64,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.transaction().await?;
        let there: i64 =
            query_scalar("SELECT count(*) FROM webhook_subscriptions WHERE tenant = $1")
                .bind(tenant.as_str())
                .fetch_one(&mut transaction)
                .await?;
        if there >= at_most {
            return Ok(false);
        }
        query(
            "INSERT INTO webhook_subscriptions (id, tenant, url, events, secret, created_at)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(subscription.id.as_str())
        .bind(tenant.as_str())
        .bind(subscription.url.as_str())
        .bind(write_events(&subscription.events))
        .bind(subscription.secret.expose())
        .bind(subscription.created_at.to_sql())
        .execute(&mut transaction)
        .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// A tenant's subscriptions, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn subscriptions(&self, tenant: &TenantId) -> Result<Vec<Subscription>, sqlx::Error> {
        let rows: Vec<Row> = query_as(
            "SELECT id, url, events, secret, created_at FROM webhook_subscriptions
             WHERE tenant = $1 ORDER BY created_at, id",
        )
        .bind(tenant.as_str())
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(Row::subscription).collect()
    }

    /// One of a tenant's subscriptions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn subscription(
        &self,
        tenant: &TenantId,
        id: &SubscriptionId,
    ) -> Result<Option<Subscription>, sqlx::Error> {
        let row: Option<Row> = query_as(
            "SELECT id, url, events, secret, created_at FROM webhook_subscriptions
             WHERE tenant = $1 AND id = $2",
        )
        .bind(tenant.as_str())
        .bind(id.as_str())
        .fetch_optional(&self.reader)
        .await?;
        row.map(Row::subscription).transpose()
    }

    /// Forgets a subscription and all that it was still to be told. Says
    /// whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_subscription(
        &self,
        tenant: &TenantId,
        id: &SubscriptionId,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.transaction().await?;
        let done = query("DELETE FROM webhook_subscriptions WHERE tenant = $1 AND id = $2")
            .bind(tenant.as_str())
            .bind(id.as_str())
            .execute(&mut transaction)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        query("DELETE FROM webhook_messages WHERE receiver = $1")
            .bind(id.as_str())
            .execute(&mut transaction)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }
}

fn read_id(text: &str) -> Result<SubscriptionId, sqlx::Error> {
    let bad = || sqlx::Error::Decode(format!("no subscription {text:?}").into());
    SubscriptionId::parse(text).ok_or_else(bad)
}

/// Names with spaces between them. Those of a newer version are left out.
fn read_events(text: &str) -> Vec<EventKind> {
    text.split(' ').filter_map(EventKind::parse).collect()
}

fn write_events(events: &[EventKind]) -> String {
    let names: Vec<&str> = events.iter().map(|kind| kind.name()).collect();
    names.join(" ")
}
