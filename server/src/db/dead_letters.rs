//! Table `webhook_messages`: those that were given up, and their second chance.

use serde::Deserialize;
use sqlx::{FromRow, query, query_as};

use super::{Database, clean, counted::Work};
use crate::{
    clock::UnixMillis,
    room_key::{RoomKey, TenantId},
    webhooks::{EventKind, Kind, MessageId, Receiver},
};

/// A message that was given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its place in the outbox.
    pub seq: i64,
    /// Its id.
    pub id: String,
    /// The room that it tells of.
    pub room: RoomKey,
    /// Who should have got it.
    pub receiver: Receiver,
    /// What it tells.
    pub kind: String,
    /// Its body: JSON.
    pub body: String,
    /// How often it was sent in vain.
    pub attempts: i64,
    /// When it was written.
    pub created_at: UnixMillis,
    /// When it was given up.
    pub died_at: UnixMillis,
    /// Why, as of the last time.
    pub reason: String,
}

#[derive(FromRow)]
struct DeadRow {
    seq: i64,
    id: String,
    room_id: String,
    receiver: String,
    kind: String,
    body: String,
    attempts: i64,
    created_at: i64,
    died_at: Option<i64>,
    reason: Option<String>,
}

impl DeadRow {
    fn letter(self) -> Result<DeadLetter, sqlx::Error> {
        Ok(DeadLetter {
            seq: self.seq,
            id: self.id,
            room: RoomKey::try_from(self.room_id).map_err(|e| sqlx::Error::Decode(Box::new(e)))?,
            receiver: Receiver::from_sql(&self.receiver)
                .map_err(|e| sqlx::Error::Decode(Box::new(e)))?,
            kind: self.kind,
            body: self.body,
            attempts: self.attempts,
            created_at: UnixMillis::from_sql(self.created_at),
            died_at: UnixMillis::from_sql(self.died_at.unwrap_or_default()),
            reason: self.reason.unwrap_or_default(),
        })
    }
}

impl Database {
    /// Gives a message up. It is kept for a while, for people to look at.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn webhook_dead(
        &self,
        seq: i64,
        now: UnixMillis,
        reason: &str,
    ) -> Result<(), sqlx::Error> {
        query(
            "UPDATE webhook_messages
             SET state = 'dead', attempts = attempts + 1, died_at = $1, reason = $2 WHERE seq = $3",
        )
        .bind(now.to_sql())
        .bind(clean(reason))
        .bind(seq)
        .execute(&self.writer)
        .await
        .map(drop)
    }

    /// Forgets messages that were given up before this moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_dead_webhooks(&self, before: UnixMillis) -> Result<(), sqlx::Error> {
        query("DELETE FROM webhook_messages WHERE state = 'dead' AND died_at < $1")
            .bind(before.to_sql())
            .execute(&self.writer)
            .await
            .map(drop)
    }

    /// A tenant's messages that were given up, after a place in the outbox, at
    /// most so many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn dead_webhooks(
        &self,
        tenant: &TenantId,
        after: i64,
        at_most: i64,
    ) -> Result<Vec<DeadLetter>, sqlx::Error> {
        let rows: Vec<DeadRow> = query_as(
            "SELECT seq, id, room_id, receiver, kind, body, attempts, created_at, died_at, reason
             FROM webhook_messages
             WHERE state = 'dead' AND substr(room_id, 1, length($1)) = $1 AND seq > $2
             ORDER BY seq LIMIT $3",
        )
        .bind(rooms_of(tenant))
        .bind(after)
        .bind(at_most)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(DeadRow::letter).collect()
    }

    /// Lets a message wait again that was given up, and what has to go before
    /// it: of an end, the beginnings and ends of the same person that were given
    /// up earlier. As if they were written now; their places in the order stay.
    /// Says how many it were.
    ///
    /// # Errors
    /// When the database fails; then none waits again.
    pub async fn replay_webhook(
        &self,
        tenant: &TenantId,
        id: &MessageId,
        now: UnixMillis,
    ) -> Result<u64, sqlx::Error> {
        let mut transaction = self.transaction().await?;
        let asked: Option<Told> = query_as(
            "SELECT seq, room_id, receiver, kind, body FROM webhook_messages
             WHERE state = 'dead' AND substr(room_id, 1, length($1)) = $1 AND id = $2",
        )
        .bind(rooms_of(tenant))
        .bind(id.as_str())
        .fetch_optional(&mut transaction)
        .await?;
        let Some(asked) = asked else {
            return Ok(0);
        };
        let mut again = before(&mut transaction, &asked).await?;
        again.push(asked.seq);
        for seq in &again {
            query(
                "UPDATE webhook_messages
                 SET state = 'waiting', attempts = 0, created_at = $1, next_at = $1,
                   died_at = NULL, reason = NULL
                 WHERE seq = $2",
            )
            .bind(now.to_sql())
            .bind(*seq)
            .execute(&mut transaction)
            .await?;
        }
        transaction.commit().await?;
        Ok(u64::try_from(again.len()).unwrap_or(u64::MAX))
    }

    /// Lets all of a tenant's messages wait again that were given up, as if they
    /// were written now; their places in the order stay. Says how many it were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replay_webhooks(
        &self,
        tenant: &TenantId,
        now: UnixMillis,
    ) -> Result<u64, sqlx::Error> {
        let done = query(
            "UPDATE webhook_messages
             SET state = 'waiting', attempts = 0, created_at = $1, next_at = $1,
               died_at = NULL, reason = NULL
             WHERE state = 'dead' AND substr(room_id, 1, length($2)) = $2",
        )
        .bind(now.to_sql())
        .bind(rooms_of(tenant))
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected())
    }
}

/// A message that was given up, and of whom it tells.
#[derive(FromRow)]
struct Told {
    seq: i64,
    room_id: String,
    receiver: String,
    kind: String,
    body: String,
}

/// Whom a body names: `joinPeer` and `closePeer` at the top, events below.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    peer_id: Option<String>,
    data: Option<Box<Named>>,
}

impl Told {
    /// What the beginning and the end are called that belong together, where
    /// this is an end.
    fn visit(&self) -> Option<[&'static str; 2]> {
        let joined = EventKind::ParticipantJoined.name();
        match Kind::parse(&self.kind)? {
            Kind::ClosePeer => Some([Kind::JoinPeer.name(), Kind::ClosePeer.name()]),
            Kind::Event(left @ EventKind::ParticipantLeft) => Some([joined, left.name()]),
            Kind::JoinPeer | Kind::Event(_) => None,
        }
    }

    fn peer(&self) -> Option<String> {
        let named: Named = serde_json::from_str(&self.body).ok()?;
        named.peer_id.or_else(|| named.data?.peer_id)
    }
}

/// What was given up earlier and has to go before a message, in order.
async fn before(connection: &mut Work, asked: &Told) -> Result<Vec<i64>, sqlx::Error> {
    let (Some([begins, ends]), Some(peer)) = (asked.visit(), asked.peer()) else {
        return Ok(Vec::new());
    };
    let earlier: Vec<Told> = query_as(
        "SELECT seq, room_id, receiver, kind, body FROM webhook_messages
         WHERE state = 'dead' AND room_id = $1 AND receiver = $2 AND seq < $3
           AND kind IN ($4, $5) ORDER BY seq",
    )
    .bind(&asked.room_id)
    .bind(&asked.receiver)
    .bind(asked.seq)
    .bind(begins)
    .bind(ends)
    .fetch_all(connection)
    .await?;
    let of_peer = |told: &&Told| told.peer().as_deref() == Some(&peer);
    Ok(earlier
        .iter()
        .filter(of_peer)
        .map(|told| told.seq)
        .collect())
}

/// What the keys of a tenant's rooms begin with.
fn rooms_of(tenant: &TenantId) -> String {
    format!("{}/", tenant.as_str())
}
