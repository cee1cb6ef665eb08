//! Table `recordings`: what somebody asked for, of one room.

use protocol::{Recording, RecordingState};
use sqlx::{query, query_as};

use super::{
    Database,
    telling::{Telling, tell},
};
use crate::{clock::UnixMillis, journal::Notice, room_key::RoomKey};

/// A recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecording {
    /// Its id.
    pub id: String,
    /// Of which room.
    pub room: RoomKey,
    /// How far it is.
    pub state: RecordingState,
    /// When it was asked for.
    pub created_at: UnixMillis,
}

impl Database {
    /// Keeps a recording that begins.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_recording(
        &self,
        recording: &StoredRecording,
        started_by: &str,
    ) -> Result<(), sqlx::Error> {
        query(
            "INSERT INTO recordings (id, room_id, state, started_by, created_at)
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(recording.id.as_str())
        .bind(recording.room.to_string())
        .bind(name(recording.state))
        .bind(started_by)
        .bind(recording.created_at.to_sql())
        .execute(&self.writer)
        .await
        .map(drop)
    }

    /// Keeps how far a recording is and tells of it those who asked for it: both
    /// or, on an error, neither. When it stopped is kept once. Says whether
    /// anybody is to be told.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_recording_state(
        &self,
        room: &RoomKey,
        recording: &Recording,
        stopped_at: Option<UnixMillis>,
        telling: Telling<'_>,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.transaction().await?;
        query(
            "UPDATE recordings SET state = $1, stopped_at = COALESCE(stopped_at, $2) WHERE id = $3",
        )
        .bind(name(recording.state))
        .bind(stopped_at.map(UnixMillis::to_sql))
        .bind(recording.id.as_str())
        .execute(&mut transaction)
        .await?;
        let notice = Notice::Recording(recording.clone());
        let told = tell(&mut transaction, room, &notice, telling).await?;
        transaction.commit().await?;
        Ok(told)
    }

    /// The recordings that are not over, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_recordings(&self) -> Result<Vec<StoredRecording>, sqlx::Error> {
        let rows: Vec<(String, String, String, i64)> = query_as(
            "SELECT id, room_id, state, created_at FROM recordings
             WHERE state IN ('starting', 'recording', 'processing') ORDER BY created_at, id",
        )
        .fetch_all(&self.reader)
        .await?;
        rows.into_iter().map(read).collect()
    }

    /// Forgets a recording with all that belongs to it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_recording(&self, id: &str) -> Result<(), sqlx::Error> {
        query("DELETE FROM recordings WHERE id = $1")
            .bind(id)
            .execute(&self.writer)
            .await
            .map(drop)
    }
}

fn read(row: (String, String, String, i64)) -> Result<StoredRecording, sqlx::Error> {
    let (id, room, state, created_at) = row;
    Ok(StoredRecording {
        id,
        room: RoomKey::try_from(room).map_err(|e| sqlx::Error::Decode(Box::new(e)))?,
        state: match state.as_str() {
            "starting" => RecordingState::Starting,
            "recording" => RecordingState::Recording,
            "processing" => RecordingState::Processing,
            "ready" => RecordingState::Ready,
            _ => RecordingState::Failed,
        },
        created_at: UnixMillis::from_sql(created_at),
    })
}

fn name(state: RecordingState) -> &'static str {
    match state {
        RecordingState::Starting => "starting",
        RecordingState::Recording => "recording",
        RecordingState::Processing => "processing",
        RecordingState::Ready => "ready",
        RecordingState::Failed | RecordingState::Unknown => "failed",
    }
}
