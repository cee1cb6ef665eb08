//! Table `chat_messages`: the chat of rooms with somebody in them.

use protocol::{ChatMessage, DisplayName, PeerId, RoomId};
use sqlx::{FromRow, query, query_as};

use super::Database;
use crate::clock::UnixMillis;

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
            from: PeerId::parse(&self.peer_id).map_err(|e| sqlx::Error::Decode(Box::new(e)))?,
            display_name: DisplayName::from(self.display_name),
            text: self.body,
            sent_at: UnixMillis::from_sql(self.sent_at).get(),
            nonce: self.nonce,
        })
    }
}

impl Database {
    /// Adds a message to a room's chat.
    ///
    /// # Errors
    /// When the database fails, or the room is not stored.
    pub async fn add_chat(&self, room: &RoomId, message: &ChatMessage) -> Result<(), sqlx::Error> {
        query(
            "INSERT INTO chat_messages (room_id, id, peer_id, display_name, body, nonce, sent_at)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(room.as_str())
        .bind(message.id.cast_signed())
        .bind(message.from.as_str())
        .bind(message.display_name.as_str())
        .bind(&message.text)
        .bind(&message.nonce)
        .bind(UnixMillis::new(message.sent_at).to_sql())
        .execute(&self.writer)
        .await
        .map(drop)
    }

    /// The newest messages of a room's chat, oldest first.
    pub(super) async fn newest_chat(
        &self,
        room: &RoomId,
        limit: u32,
    ) -> Result<Vec<ChatMessage>, sqlx::Error> {
        let rows: Vec<Row> = query_as(
            "SELECT id, peer_id, display_name, body, nonce, sent_at FROM chat_messages
             WHERE room_id = ? ORDER BY id DESC LIMIT ?",
        )
        .bind(room.as_str())
        .bind(limit)
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().rev().map(Row::message).collect()
    }
}
