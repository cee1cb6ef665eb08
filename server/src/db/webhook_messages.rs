//! Table `webhook_messages`: the outbox of messages to integrators.

use sqlx::{FromRow, query, query_as};

use super::{Database, clean, counted::Work};
use crate::{
    clock::UnixMillis,
    config::Secret,
    room_key::{RoomKey, TenantId},
    webhooks::{Kind, Line, Message, MessageId, Receiver},
};

/// A message to be written.
pub(super) struct NewMessage<'a> {
    pub(super) room: &'a str,
    pub(super) receiver: &'a str,
    pub(super) kind: Kind,
    pub(super) body: &'a str,
    pub(super) authorization: Option<&'a str>,
}

/// Puts a message at the end of its line.
pub(super) async fn add(
    connection: &mut Work,
    message: &NewMessage<'_>,
    now: UnixMillis,
) -> Result<(), sqlx::Error> {
    query(
        "INSERT INTO webhook_messages
           (id, room_id, receiver, kind, body, \"authorization\", state, attempts, created_at, next_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 0, $7, $8)",
    )
    .bind(MessageId::random().as_str())
    .bind(message.room)
    .bind(message.receiver)
    .bind(message.kind.name())
    .bind(message.body)
    .bind(message.authorization)
    .bind(now.to_sql())
    .bind(now.to_sql())
    .execute(connection)
    .await
    .map(drop)
}

/// What is in the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutboxFigures {
    /// Messages that wait to be delivered.
    pub waiting: i64,
    /// Messages that were given up.
    pub dead: i64,
    /// When the oldest waiting one was written.
    pub oldest: Option<UnixMillis>,
}

#[derive(FromRow)]
struct LineRow {
    room_id: String,
    receiver: String,
    last: i64,
}

#[derive(FromRow)]
struct Row {
    seq: i64,
    id: String,
    kind: String,
    body: String,
    authorization: Option<String>,
    attempts: i64,
    created_at: i64,
    next_at: i64,
}

impl Row {
    fn message(self) -> Result<Message, sqlx::Error> {
        let unknown = || sqlx::Error::Decode(format!("no webhook {:?}", self.kind).into());
        Ok(Message {
            kind: Kind::parse(&self.kind).ok_or_else(unknown)?,
            seq: self.seq,
            id: MessageId::from_sql(self.id),
            body: self.body,
            authorization: self.authorization.map(Secret::new),
            attempts: u32::try_from(self.attempts).unwrap_or(u32::MAX),
            created_at: UnixMillis::from_sql(self.created_at),
            next_at: UnixMillis::from_sql(self.next_at),
        })
    }
}

impl LineRow {
    fn line(self) -> Result<Line, sqlx::Error> {
        Ok(Line {
            room: RoomKey::try_from(self.room_id).map_err(|e| sqlx::Error::Decode(Box::new(e)))?,
            receiver: Receiver::from_sql(&self.receiver)
                .map_err(|e| sqlx::Error::Decode(Box::new(e)))?,
        })
    }
}

impl Database {
    /// The lines that have waiting messages after this one, the one that waits
    /// the longest first, and the last of these messages.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn new_webhooks(&self, after: i64) -> Result<(Vec<Line>, i64), sqlx::Error> {
        let rows: Vec<LineRow> = query_as(
            "SELECT room_id, receiver, max(seq) AS last FROM webhook_messages
             WHERE seq > $1 AND state = 'waiting' GROUP BY room_id, receiver
             ORDER BY min(seq)",
        )
        .bind(after)
        .fetch_all(&self.reader)
        .await?;
        let last = rows.iter().map(|row| row.last).max().unwrap_or(after);
        let lines: Result<_, _> = rows.into_iter().map(LineRow::line).collect();
        Ok((lines?, last))
    }

    /// The first waiting message of a line.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn next_webhook(&self, line: &Line) -> Result<Option<Message>, sqlx::Error> {
        let row: Option<Row> = query_as(
            "SELECT seq, id, kind, body, \"authorization\", attempts, created_at, next_at
             FROM webhook_messages
             WHERE room_id = $1 AND receiver = $2 AND state = 'waiting' ORDER BY seq LIMIT 1",
        )
        .bind(line.room.to_string())
        .bind(line.receiver.to_sql())
        .fetch_optional(&self.reader)
        .await?;
        row.map(Row::message).transpose()
    }

    /// Forgets a message that was delivered, and its authorization with it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn webhook_delivered(&self, seq: i64) -> Result<(), sqlx::Error> {
        query("DELETE FROM webhook_messages WHERE seq = $1")
            .bind(seq)
            .execute(&self.writer)
            .await
            .map(drop)
    }

    /// Notes that a message was sent in vain, and when to send it again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn webhook_failed(
        &self,
        seq: i64,
        next_at: UnixMillis,
        reason: &str,
    ) -> Result<(), sqlx::Error> {
        query(
            "UPDATE webhook_messages SET attempts = attempts + 1, next_at = $1, reason = $2
             WHERE seq = $3",
        )
        .bind(next_at.to_sql())
        .bind(clean(reason))
        .bind(seq)
        .execute(&self.writer)
        .await
        .map(drop)
    }

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

    /// What is in the outbox.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn outbox_figures(&self) -> Result<OutboxFigures, sqlx::Error> {
        let (waiting, dead, oldest): (i64, i64, Option<i64>) = query_as(
            "SELECT count(*) FILTER (WHERE state = 'waiting'),
                    count(*) FILTER (WHERE state = 'dead'),
                    min(created_at) FILTER (WHERE state = 'waiting')
             FROM webhook_messages",
        )
        .fetch_one(&self.reader)
        .await?;
        Ok(OutboxFigures {
            waiting,
            dead,
            oldest: oldest.map(UnixMillis::from_sql),
        })
    }

    /// How many messages wait, and how many were given up.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_webhooks(&self) -> Result<(i64, i64), sqlx::Error> {
        query_as(
            "SELECT count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'dead')
             FROM webhook_messages",
        )
        .fetch_one(&self.reader)
        .await
    }
}

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

    /// Lets a message wait again that was given up, or all of a tenant's, as if
    /// they were written now; their place in the order stays. Says how many it
    /// were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn replay_webhooks(
        &self,
        tenant: &TenantId,
        id: Option<&MessageId>,
        now: UnixMillis,
    ) -> Result<u64, sqlx::Error> {
        let (all, id) = (i64::from(id.is_none()), id.map_or("", MessageId::as_str));
        let done = query(
            "UPDATE webhook_messages
             SET state = 'waiting', attempts = 0, created_at = $1, next_at = $1,
               died_at = NULL, reason = NULL
             WHERE state = 'dead' AND substr(room_id, 1, length($2)) = $2 AND ($3 = 1 OR id = $4)",
        )
        .bind(now.to_sql())
        .bind(rooms_of(tenant))
        .bind(all)
        .bind(id)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected())
    }
}

/// What the keys of a tenant's rooms begin with.
fn rooms_of(tenant: &TenantId) -> String {
    format!("{}/", tenant.as_str())
}
