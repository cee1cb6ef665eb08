//! Table `rooms`: the rooms with somebody in them.

use protocol::{ChatMessage, RoomId};
use sqlx::{query, query_scalar};

use super::Database;
use crate::clock::UnixMillis;

/// What the database knows of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRoom {
    /// When the room was made.
    pub created_at: UnixMillis,
    /// The newest messages of its chat, oldest first.
    pub chat: Vec<ChatMessage>,
}

impl Database {
    /// Makes a room, or finds the one that a stopped server left, with at most
    /// `chat_limit` of its newest messages.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_room(
        &self,
        room: &RoomId,
        now: UnixMillis,
        chat_limit: u32,
    ) -> Result<StoredRoom, sqlx::Error> {
        // the update changes nothing; it makes RETURNING give the old row
        let created_at: i64 = query_scalar(
            "INSERT INTO rooms (id, created_at) VALUES (?, ?)
             ON CONFLICT (id) DO UPDATE SET id = excluded.id
             RETURNING created_at",
        )
        .bind(room.as_str())
        .bind(now.to_sql())
        .fetch_one(&self.writer)
        .await?;
        Ok(StoredRoom {
            created_at: UnixMillis::from_sql(created_at),
            chat: self.newest_chat(room, chat_limit).await?,
        })
    }

    /// Forgets a room and its chat.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_room(&self, room: &RoomId) -> Result<(), sqlx::Error> {
        query("DELETE FROM rooms WHERE id = ?")
            .bind(room.as_str())
            .execute(&self.writer)
            .await
            .map(drop)
    }

    /// Forgets several rooms and their chats: all of them or, on an error, none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_rooms(&self, rooms: &[RoomId]) -> Result<(), sqlx::Error> {
        let mut transaction = self.writer.begin().await?;
        for room in rooms {
            query("DELETE FROM rooms WHERE id = ?")
                .bind(room.as_str())
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await
    }

    /// All rooms that are stored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn room_ids(&self) -> Result<Vec<RoomId>, sqlx::Error> {
        let ids: Vec<String> = query_scalar("SELECT id FROM rooms")
            .fetch_all(&self.reader)
            .await?;
        ids.iter()
            .map(|id| RoomId::parse(id).map_err(|e| sqlx::Error::Decode(Box::new(e))))
            .collect()
    }
}
