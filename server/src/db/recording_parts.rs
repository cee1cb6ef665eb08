//! Table `recording_parts`: what browsers recorded of volumes.

use sqlx::{query, query_as};

use super::Database;
use crate::clock::UnixMillis;

/// A part of a volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoredPart {
    /// The volume, from 1.
    pub volume: u32,
    /// Which part of it, from 1.
    pub part: u32,
    /// When its first picture was taken.
    pub at: UnixMillis,
}

impl Database {
    /// Keeps that a part began.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_part(&self, recording: &str, part: StoredPart) -> Result<(), sqlx::Error> {
        query(
            "INSERT INTO recording_parts (recording_id, volume, part, at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (recording_id, volume, part) DO UPDATE SET at = excluded.at",
        )
        .bind(recording)
        .bind(i64::from(part.volume))
        .bind(i64::from(part.part))
        .bind(part.at.to_sql())
        .execute(&self.writer)
        .await
        .map(drop)
    }

    /// Keeps how long a part became.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn close_part(
        &self,
        recording: &str,
        volume: u32,
        part: u32,
        bytes: u64,
    ) -> Result<(), sqlx::Error> {
        query(
            "UPDATE recording_parts SET bytes = $1
             WHERE recording_id = $2 AND volume = $3 AND part = $4",
        )
        .bind(i64::try_from(bytes).unwrap_or(i64::MAX))
        .bind(recording)
        .bind(i64::from(volume))
        .bind(i64::from(part))
        .execute(&self.writer)
        .await
        .map(drop)
    }

    /// The parts of a recording, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn parts_of(&self, recording: &str) -> Result<Vec<StoredPart>, sqlx::Error> {
        let rows: Vec<(i64, i64, i64)> = query_as(
            "SELECT volume, part, at FROM recording_parts
             WHERE recording_id = $1 ORDER BY volume, part",
        )
        .bind(recording)
        .fetch_all(&self.reader)
        .await?;
        let number = |value| u32::try_from(value).unwrap_or(0);
        let part = |(volume, part, at)| StoredPart {
            volume: number(volume),
            part: number(part),
            at: UnixMillis::from_sql(at),
        };
        Ok(rows.into_iter().map(part).collect())
    }
}
