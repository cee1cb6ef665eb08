//! Table `planned_rooms`: what integrators planned for rooms. The rows outlive
//! those who are in them.

use protocol::RoomId;
use sqlx::{FromRow, query, query_as, query_scalar};

use super::{Database, room_pins};
use crate::{
    clock::UnixMillis,
    room_key::{RoomKey, TenantId},
};

/// A room that was planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedRoom {
    /// What is to hold in it, as JSON of `room`.
    pub plan: String,
    /// When it was planned.
    pub created_at: UnixMillis,
    /// When the plan was changed last.
    pub changed_at: UnixMillis,
}

/// A room to be planned.
pub struct NewPlan {
    /// What is to hold in it, as JSON of `room`.
    pub plan: String,
    /// When its time is over.
    pub expires_at: Option<UnixMillis>,
    /// What becomes of its PIN.
    pub pin: NewPin,
}

/// What becomes of a room's PIN when the room is planned.
pub enum NewPin {
    /// It stays, if there is one.
    Kept,
    /// The room has none.
    Removed,
    /// It is the one with this hash.
    Hash(String),
}

#[derive(FromRow)]
struct Row {
    plan: String,
    created_at: i64,
    changed_at: i64,
}

impl Database {
    /// Plans a room, with its PIN. False when it is planned already; then its PIN
    /// stays as it is, too.
    ///
    /// # Errors
    /// When the database fails; then nothing is planned.
    pub async fn plan_room(
        &self,
        room: &RoomKey,
        new: &NewPlan,
        now: UnixMillis,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.transaction().await?;
        let done = query(
            "INSERT INTO planned_rooms (tenant, room, plan, created_at, changed_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (tenant, room) DO NOTHING",
        )
        .bind(room.tenant.as_str())
        .bind(room.room.as_str())
        .bind(&new.plan)
        .bind(now.to_sql())
        .bind(now.to_sql())
        .bind(new.expires_at.map(UnixMillis::to_sql))
        .execute(&mut transaction)
        .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        match &new.pin {
            NewPin::Kept => {}
            NewPin::Removed => room_pins::remove(&mut transaction, room).await?,
            NewPin::Hash(hash) => room_pins::set(&mut transaction, room, hash, now).await?,
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Changes what is planned for a room. False when nothing is planned, or
    /// when it is not `before` any more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_plan(
        &self,
        room: &RoomKey,
        (before, plan): (&str, &str),
        expires_at: Option<UnixMillis>,
        now: UnixMillis,
    ) -> Result<bool, sqlx::Error> {
        let done = query(
            "UPDATE planned_rooms SET plan = $1, expires_at = $2, changed_at = $3
             WHERE tenant = $4 AND room = $5 AND plan = $6",
        )
        .bind(plan)
        .bind(expires_at.map(UnixMillis::to_sql))
        .bind(now.to_sql())
        .bind(room.tenant.as_str())
        .bind(room.room.as_str())
        .bind(before)
        .execute(&self.writer)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    /// What is planned for a room.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn planned_room(&self, room: &RoomKey) -> Result<Option<PlannedRoom>, sqlx::Error> {
        let row: Option<Row> = query_as(
            "SELECT plan, created_at, changed_at FROM planned_rooms
             WHERE tenant = $1 AND room = $2",
        )
        .bind(room.tenant.as_str())
        .bind(room.room.as_str())
        .fetch_optional(&self.reader)
        .await?;
        Ok(row.map(|row| PlannedRoom {
            plan: row.plan,
            created_at: UnixMillis::from_sql(row.created_at),
            changed_at: UnixMillis::from_sql(row.changed_at),
        }))
    }

    /// The plan of a room alone.
    pub(super) async fn plan_text(&self, room: &RoomKey) -> Result<Option<String>, sqlx::Error> {
        query_scalar("SELECT plan FROM planned_rooms WHERE tenant = $1 AND room = $2")
            .bind(room.tenant.as_str())
            .bind(room.room.as_str())
            .fetch_optional(&self.reader)
            .await
    }

    /// The planned rooms of a tenant after one, by their ids' bytes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn planned_room_ids(
        &self,
        tenant: &TenantId,
        after: &str,
        most: u32,
    ) -> Result<Vec<RoomId>, sqlx::Error> {
        let ids: Vec<String> = query_scalar(
            "SELECT room FROM planned_rooms WHERE tenant = $1 AND room > $2
             ORDER BY room LIMIT $3",
        )
        .bind(tenant.as_str())
        .bind(after)
        .bind(i64::from(most))
        .fetch_all(&self.reader)
        .await?;
        ids.iter()
            .map(|id| RoomId::parse(id).map_err(|e| sqlx::Error::Decode(Box::new(e))))
            .collect()
    }

    /// Forgets what was planned for a room, and its PIN. False when nothing was
    /// planned.
    ///
    /// # Errors
    /// When the database fails; then nothing is forgotten.
    pub async fn forget_planned_room(&self, room: &RoomKey) -> Result<bool, sqlx::Error> {
        let mut transaction = self.transaction().await?;
        let done = query("DELETE FROM planned_rooms WHERE tenant = $1 AND room = $2")
            .bind(room.tenant.as_str())
            .bind(room.room.as_str())
            .execute(&mut transaction)
            .await?;
        let was_planned = done.rows_affected() == 1;
        if was_planned {
            room_pins::remove(&mut transaction, room).await?;
        }
        transaction.commit().await?;
        Ok(was_planned)
    }

    /// Forgets the rooms whose time was over before a moment, with their PINs.
    ///
    /// # Errors
    /// When the database fails; then none is forgotten.
    pub async fn forget_expired_rooms(&self, before: UnixMillis) -> Result<(), sqlx::Error> {
        let mut transaction = self.transaction().await?;
        query(
            "DELETE FROM room_pins WHERE room_id IN
             (SELECT tenant || '/' || room FROM planned_rooms WHERE expires_at < $1)",
        )
        .bind(before.to_sql())
        .execute(&mut transaction)
        .await?;
        query("DELETE FROM planned_rooms WHERE expires_at < $1")
            .bind(before.to_sql())
            .execute(&mut transaction)
            .await?;
        transaction.commit().await
    }
}
