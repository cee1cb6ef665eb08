//! Table `chat_messages`: the chat of rooms with somebody in them.

use protocol::{ChatMessage, DisplayName, PeerId};
use sqlx::{FromRow, query, query_as};

use super::{
    Database, clean,
    telling::{Telling, tell},
};
use crate::{clock::UnixMillis, journal::Notice, room_key::RoomKey};

#[derive(FromRow)]
struct Row {
    id: i64,
    peer_id: String,
    display_name: String,
    body: String,
    nonce: String,
    sent_at: i64,
}

impl Row {
    fn message(self) -> Result<ChatMessage, sqlx::Error> {
        Ok(ChatMessage {
            id: self.id.unsigned_abs(),
            from: writer(&self.peer_id)?,
            display_name: DisplayName::from(self.display_name),
            text: self.body,
            sent_at: UnixMillis::from_sql(self.sent_at).get(),
            nonce: self.nonce,
        })
    }
}

/// Who wrote a message; the empty text stands for the integrator.
fn writer(text: &str) -> Result<Option<PeerId>, sqlx::Error> {
    if text.is_empty() {
        return Ok(None);
    }
    let peer = PeerId::parse(text).map_err(|e| sqlx::Error::Decode(Box::new(e)))?;
    Ok(Some(peer))
}

impl Database {
    /// Adds a message to a room's chat and tells of it those who asked for it:
    /// both or, on an error, neither. Says whether anybody is to be told.
    ///
    /// # Errors
    /// When the database fails, or the room is not stored.
    pub async fn add_chat(
        &self,
        room: &RoomKey,
        message: &ChatMessage,
        telling: Telling<'_>,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.transaction().await?;
        query(
            "INSERT INTO chat_messages (room_id, id, peer_id, display_name, body, nonce, sent_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(room.to_string())
        .bind(message.id.cast_signed())
        .bind(message.from.as_ref().map_or("", PeerId::as_str))
        .bind(message.display_name.as_str())
        .bind(clean(&message.text))
        .bind(clean(&message.nonce))
        .bind(UnixMillis::new(message.sent_at).to_sql())
        .execute(&mut transaction)
        .await?;
        let notice = Notice::Chat(message.clone());
        let told = tell(&mut transaction, room, &notice, telling).await?;
        transaction.commit().await?;
        Ok(told)
    }

    /// Forgets a room's chat, and says how many messages it had.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn clear_chat(&self, room: &RoomKey) -> Result<u64, sqlx::Error> {
        query("DELETE FROM chat_messages WHERE room_id = $1")
            .bind(room.to_string())
            .execute(&self.writer)
            .await
            .map(|done| done.rows_affected())
    }

    /// The newest messages of a room's chat, oldest first.
    pub(super) async fn newest_chat(
        &self,
        room: &RoomKey,
        limit: u32,
    ) -> Result<Vec<ChatMessage>, sqlx::Error> {
        let rows: Vec<Row> = query_as(
            "SELECT id, peer_id, display_name, body, nonce, sent_at FROM chat_messages
             WHERE room_id = $1 ORDER BY id DESC LIMIT $2",
        )
        .bind(room.to_string())
        .bind(i64::from(limit))
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().rev().map(Row::message).collect()
    }
}
