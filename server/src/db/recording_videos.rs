//! Table `recording_videos`: the videos of recordings.

use sqlx::{FromRow, query, query_as, query_scalar};

use super::{Database, clean};
use crate::{
    clock::UnixMillis,
    room_key::{RoomKey, TenantId},
};

/// The most videos that a search gives.
const FOUND_MAX: i64 = 200;
const COLUMNS: &str = "id, recording_id, tenant, room_id, volume, name, state, created_at, \
     duration, size, width, height, frame_rate, missing, place";

/// A video: one volume of a recording.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct StoredVideo {
    /// Its number.
    pub id: i64,
    /// Which recording it is of.
    pub recording_id: String,
    /// Whose.
    pub tenant: String,
    /// Of which room: without the tenant.
    pub room_id: String,
    /// Which volume, from 1.
    pub volume: i64,
    /// Its name, for people.
    pub name: String,
    /// `processing`, `ready` or `failed`.
    pub state: String,
    /// When the volume began: milliseconds since 1970-01-01 UTC.
    pub created_at: i64,
    /// How long it is, in milliseconds.
    pub duration: Option<i64>,
    /// Bytes of the file for downloads.
    pub size: Option<i64>,
    /// Width of the picture in pixels.
    pub width: Option<i64>,
    /// Height of the picture in pixels.
    pub height: Option<i64>,
    /// Pictures in a thousand seconds.
    pub frame_rate: Option<i64>,
    /// What is missing in it, in milliseconds.
    pub missing: Option<i64>,
    /// Where its files are; none: in the folder of the recordings.
    pub place: Option<String>,
}

impl StoredVideo {
    /// What the video is like, once it is made.
    #[must_use]
    pub fn facts(&self) -> Option<VideoFacts> {
        Some(VideoFacts {
            duration: self.duration?,
            size: self.size?,
            width: self.width?,
            height: self.height?,
            frame_rate: self.frame_rate?,
            missing: self.missing?,
        })
    }
}

/// What is known of a video when it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VideoFacts {
    /// How long it is, in milliseconds.
    pub duration: i64,
    /// Bytes of the file for downloads.
    pub size: i64,
    /// Width of the picture in pixels.
    pub width: i64,
    /// Height of the picture in pixels.
    pub height: i64,
    /// Pictures in a thousand seconds.
    pub frame_rate: i64,
    /// What is missing in it, in milliseconds.
    pub missing: i64,
}

impl Database {
    /// Keeps that a video is being made, or finds that it is known. Its number
    /// grows with time and was never another's.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_video(
        &self,
        recording: &str,
        room: &RoomKey,
        volume: u32,
        name: &str,
        at: UnixMillis,
    ) -> Result<i64, sqlx::Error> {
        query_scalar(
            "INSERT INTO recording_videos
                 (id, recording_id, tenant, room_id, volume, name, state, created_at)
             SELECT CASE WHEN COALESCE(MAX(id), 0) < $1 THEN $1 ELSE MAX(id) + 1 END,
                    $2, $3, $4, $5, $6, 'processing', $1
             FROM recording_videos WHERE true
             ON CONFLICT (recording_id, volume) DO UPDATE SET name = recording_videos.name
             RETURNING id",
        )
        .bind(at.to_sql())
        .bind(recording)
        .bind(room.tenant.as_str())
        .bind(room.room.as_str())
        .bind(i64::from(volume))
        .bind(name)
        .fetch_one(&self.writer)
        .await
    }

    /// Keeps what a video is like that was made. It may still have to be brought
    /// to its place.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn video_made(&self, id: i64, facts: VideoFacts) -> Result<(), sqlx::Error> {
        query(
            "UPDATE recording_videos SET duration = $1, size = $2, width = $3,
                 height = $4, frame_rate = $5, missing = $6 WHERE id = $7",
        )
        .bind(facts.duration)
        .bind(facts.size)
        .bind(facts.width)
        .bind(facts.height)
        .bind(facts.frame_rate)
        .bind(facts.missing)
        .bind(id)
        .execute(&self.writer)
        .await
        .map(drop)
    }

    /// Keeps that a video is there, and where: `None` is the folder of the
    /// recordings.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn video_ready(
        &self,
        id: i64,
        facts: VideoFacts,
        place: Option<&str>,
    ) -> Result<(), sqlx::Error> {
        self.video_made(id, facts).await?;
        query("UPDATE recording_videos SET state = 'ready', place = $1 WHERE id = $2")
            .bind(place)
            .bind(id)
            .execute(&self.writer)
            .await
            .map(drop)
    }

    /// Keeps that there will be no video.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn video_failed(&self, id: i64) -> Result<(), sqlx::Error> {
        query("UPDATE recording_videos SET state = 'failed' WHERE id = $1")
            .bind(id)
            .execute(&self.writer)
            .await
            .map(drop)
    }

    /// The videos of a recording, in order.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn videos_of(&self, recording: &str) -> Result<Vec<StoredVideo>, sqlx::Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM recording_videos WHERE recording_id = $1 ORDER BY volume"
        );
        query_as(sqlx::AssertSqlSafe(text))
            .bind(recording)
            .fetch_all(&self.reader)
            .await
    }

    /// One video.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn video(&self, id: i64) -> Result<Option<StoredVideo>, sqlx::Error> {
        let text = format!("SELECT {COLUMNS} FROM recording_videos WHERE id = $1");
        query_as(sqlx::AssertSqlSafe(text))
            .bind(id)
            .fetch_optional(&self.reader)
            .await
    }

    /// The newest videos of a tenant whose name contains a text, in any case.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn find_videos(
        &self,
        tenant: &TenantId,
        text: &str,
    ) -> Result<Vec<StoredVideo>, sqlx::Error> {
        let escaped = clean(text)
            .replace('\\', "\\\\")
            .replace('%', "\\%")
            .replace('_', "\\_");
        let query = format!(
            "SELECT {COLUMNS} FROM recording_videos
             WHERE tenant = $1 AND lower(name) LIKE $2 ESCAPE '\\'
             ORDER BY created_at DESC, id DESC LIMIT $3"
        );
        query_as(sqlx::AssertSqlSafe(query))
            .bind(tenant.as_str())
            .bind(format!("%{}%", escaped.to_lowercase()))
            .bind(FOUND_MAX)
            .fetch_all(&self.reader)
            .await
    }

    /// Videos that began before a time, oldest first, none that is being made.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn old_videos(&self, before: UnixMillis) -> Result<Vec<StoredVideo>, sqlx::Error> {
        let text = format!(
            "SELECT {COLUMNS} FROM recording_videos
             WHERE created_at < $1 AND state <> 'processing' ORDER BY created_at LIMIT $2"
        );
        query_as(sqlx::AssertSqlSafe(text))
            .bind(before.to_sql())
            .bind(FOUND_MAX)
            .fetch_all(&self.reader)
            .await
    }

    /// Forgets a video. Gives whether its recording has none any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_video(&self, id: i64, recording: &str) -> Result<bool, sqlx::Error> {
        query("DELETE FROM recording_videos WHERE id = $1")
            .bind(id)
            .execute(&self.writer)
            .await?;
        let left: i64 =
            query_scalar("SELECT count(*) FROM recording_videos WHERE recording_id = $1")
                .bind(recording)
                .fetch_one(&self.writer)
                .await?;
        Ok(left == 0)
    }
}
