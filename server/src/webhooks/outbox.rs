//! What backends do with webhooks over REST: subscribe, look at dead letters,
//! have them sent again.

use std::sync::Arc;

use url::Url;

use super::{EventKind, MessageId, News, Subscription, SubscriptionId};
use crate::{
    clock::Now,
    db::{Database, DeadLetter},
    room_key::TenantId,
};

/// The most subscriptions of a tenant: each event is written once for each.
pub const SUBSCRIPTIONS_MAX: i64 = 32;

/// What backends do with webhooks.
#[derive(Debug, Clone)]
pub struct Outbox {
    database: Database,
    news: Arc<News>,
}

impl Outbox {
    pub(crate) fn new(database: Database, news: Arc<News>) -> Self {
        Self { database, news }
    }

    /// Subscribes; nothing when the tenant has too many subscriptions.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn subscribe(
        &self,
        tenant: &TenantId,
        url: Url,
        events: Vec<EventKind>,
    ) -> Result<Option<Subscription>, sqlx::Error> {
        let new = Subscription::new(url, events, Now::read().unix);
        let added = self
            .database
            .add_subscription(tenant, &new, SUBSCRIPTIONS_MAX)
            .await?;
        Ok(added.then_some(new))
    }

    /// A tenant's subscriptions, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn subscriptions(&self, tenant: &TenantId) -> Result<Vec<Subscription>, sqlx::Error> {
        self.database.subscriptions(tenant).await
    }

    /// Ends a subscription, and forgets what it was still to be told. Says
    /// whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unsubscribe(
        &self,
        tenant: &TenantId,
        id: &SubscriptionId,
    ) -> Result<bool, sqlx::Error> {
        self.database.delete_subscription(tenant, id).await
    }

    /// A tenant's dead letters after a place, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn dead(
        &self,
        tenant: &TenantId,
        after: i64,
        at_most: i64,
    ) -> Result<Vec<DeadLetter>, sqlx::Error> {
        self.database.dead_webhooks(tenant, after, at_most).await
    }

    /// Sends a dead letter again, with what has to go before it, or all of a
    /// tenant's. Says how many it were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replay(
        &self,
        tenant: &TenantId,
        id: Option<&MessageId>,
    ) -> Result<u64, sqlx::Error> {
        let now = Now::read().unix;
        let replayed = match id {
            Some(id) => self.database.replay_webhook(tenant, id, now).await?,
            None => self.database.replay_webhooks(tenant, now).await?,
        };
        if replayed > 0 {
            self.news.come_again();
        }
        Ok(replayed)
    }
}
