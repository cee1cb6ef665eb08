//! Table `room_pins`: the private rooms. They outlive those who are in them.

use sqlx::{Any, Executor, query, query_scalar};

use super::Database;
use crate::{clock::UnixMillis, room_key::RoomKey};

impl Database {
    /// Makes a room private. False when it is already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_room_pin(
        &self,
        room: &RoomKey,
        hash: &str,
        now: UnixMillis,
    ) -> Result<bool, sqlx::Error> {
        let done = query(
            "INSERT INTO room_pins (room_id, pin_hash, created_at) VALUES ($1, $2, $3)
             ON CONFLICT (room_id) DO NOTHING",
        )
        .bind(room.to_string())
        .bind(hash)
        .bind(now.to_sql())
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// Makes a room private with this PIN, whatever it was before.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_room_pin(
        &self,
        room: &RoomKey,
        hash: &str,
        now: UnixMillis,
    ) -> Result<(), sqlx::Error> {
        set(&self.writer, room, hash, now).await
    }

    /// Makes a room one without a PIN.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remove_room_pin(&self, room: &RoomKey) -> Result<(), sqlx::Error> {
        remove(&self.writer, room).await
    }

    /// The hash of a room's PIN, if it is private.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn room_pin(&self, room: &RoomKey) -> Result<Option<String>, sqlx::Error> {
        query_scalar("SELECT pin_hash FROM room_pins WHERE room_id = $1")
            .bind(room.to_string())
            .fetch_optional(&self.reader)
            .await
    }
}

/// Gives a room a PIN, alone or within a transaction.
pub(super) async fn set(
    on: impl Executor<'_, Database = Any>,
    room: &RoomKey,
    hash: &str,
    now: UnixMillis,
) -> Result<(), sqlx::Error> {
    query(
        "INSERT INTO room_pins (room_id, pin_hash, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (room_id) DO UPDATE SET pin_hash = excluded.pin_hash",
    )
    .bind(room.to_string())
    .bind(hash)
    .bind(now.to_sql())
    .execute(on)
    .await
    .map(drop)
}

/// Takes a room's PIN away, alone or within a transaction.
pub(super) async fn remove(
    on: impl Executor<'_, Database = Any>,
    room: &RoomKey,
) -> Result<(), sqlx::Error> {
    query("DELETE FROM room_pins WHERE room_id = $1")
        .bind(room.to_string())
        .execute(on)
        .await
        .map(drop)
}
