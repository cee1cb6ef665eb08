//! Table `webhook_messages`: the outbox of messages to integrators. Those that
//! were given up are in `dead_letters`.

use sqlx::{FromRow, query, query_as};
use tracing::error;

use super::{Database, clean, counted::Work};
use crate::{
    clock::UnixMillis,
    config::Secret,
    room_key::RoomKey,
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
    fn known(self) -> Option<Line> {
        let last = self.last;
        let line = self.line();
        let complain =
            |error| error!(seq = last, %error, "Webhooks cannot be read, and are not sent");
        line.map_err(complain).ok()
    }

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
    /// the longest first, and the last of these messages. A line that cannot be
    /// read is left out: it must not hold up the others.
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
        Ok((rows.into_iter().filter_map(LineRow::known).collect(), last))
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
