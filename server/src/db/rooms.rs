//! Table `rooms`: the rooms with somebody in them.

use protocol::ChatMessage;
use sqlx::{query, query_as, query_scalar};

use super::Database;
use crate::{clock::UnixMillis, room_key::RoomKey};

/// What the database knows of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRoom {
    /// When the room was made.
    pub created_at: UnixMillis,
    /// The newest messages of its chat, oldest first.
    pub chat: Vec<ChatMessage>,
    /// What moderators decided, as JSON of `room`.
    pub decisions: Option<String>,
    /// What an integrator planned for it, as JSON of `room`.
    pub plan: Option<String>,
}

impl Database {
    /// Makes a room, or finds the one that a stopped server left, with at most
    /// `chat_limit` of its newest messages.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_room(
        &self,
        room: &RoomKey,
        now: UnixMillis,
        chat_limit: u32,
    ) -> Result<StoredRoom, sqlx::Error> {
        // the update changes nothing; it makes RETURNING give the old row
        let (created_at, decisions): (i64, Option<String>) = query_as(
            "INSERT INTO rooms (id, created_at) VALUES ($1, $2)
             ON CONFLICT (id) DO UPDATE SET id = excluded.id
             RETURNING created_at, decisions",
        )
        .bind(room.to_string())
        .bind(now.to_sql())
        .fetch_one(&self.writer)
        .await?;
        Ok(StoredRoom {
            created_at: UnixMillis::from_sql(created_at),
            chat: self.newest_chat(room, chat_limit).await?,
            decisions,
            plan: self.plan_text(room).await?,
        })
    }

    /// Keeps what moderators decided in a room.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_decisions(&self, room: &RoomKey, text: &str) -> Result<(), sqlx::Error> {
        query("UPDATE rooms SET decisions = $1 WHERE id = $2")
            .bind(text)
            .bind(room.to_string())
            .execute(&self.writer)
            .await
            .map(drop)
    }

    /// When a room was made that is there now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn room_created_at(&self, room: &RoomKey) -> Result<Option<UnixMillis>, sqlx::Error> {
        let made: Option<i64> = query_scalar("SELECT created_at FROM rooms WHERE id = $1")
            .bind(room.to_string())
            .fetch_optional(&self.reader)
            .await?;
        Ok(made.map(UnixMillis::from_sql))
    }

    /// Forgets a room and its chat.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_room(&self, room: &RoomKey) -> Result<(), sqlx::Error> {
        query("DELETE FROM rooms WHERE id = $1")
            .bind(room.to_string())
            .execute(&self.writer)
            .await
            .map(drop)
    }

    /// Forgets several rooms and their chats: all of them or, on an error, none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_rooms(&self, rooms: &[RoomKey]) -> Result<(), sqlx::Error> {
        let mut transaction = self.transaction().await?;
        for room in rooms {
            query("DELETE FROM rooms WHERE id = $1")
                .bind(room.to_string())
                .execute(&mut transaction)
                .await?;
        }
        transaction.commit().await
    }

    /// All rooms that are stored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn room_ids(&self) -> Result<Vec<RoomKey>, sqlx::Error> {
        let ids: Vec<String> = query_scalar("SELECT id FROM rooms")
            .fetch_all(&self.reader)
            .await?;
        ids.into_iter()
            .map(|id| RoomKey::try_from(id).map_err(|e| sqlx::Error::Decode(Box::new(e))))
            .collect()
    }
}
