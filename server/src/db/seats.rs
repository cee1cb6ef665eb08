//! Table `seats`: who is in which room, and since when, as far as it is written
//! down. All of it happens within transactions of the journal.

use sqlx::{FromRow, query, query_as, query_scalar};

use super::{Database, counted::Work};
use crate::{room::SeatId, room_key::RoomKey};

/// Somebody's seat. Times are milliseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, FromRow)]
pub(super) struct Row {
    pub(super) room_id: String,
    pub(super) peer_id: String,
    pub(super) seat_id: i64,
    pub(super) interface: String,
    pub(super) display_name: String,
    pub(super) role: String,
    pub(super) joined_at: i64,
    pub(super) seen_at: i64,
    /// What is added to the steady clock to give the times of this room.
    pub(super) shift: i64,
    /// Who is told by `joinPeer` and `closePeer`.
    pub(super) receiver: Option<String>,
    pub(super) authorization: Option<String>,
    /// The room ended without them: which time.
    pub(super) lost: Option<i64>,
}

impl Database {
    /// Takes all who are open for lost, with the mark 0.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn lose_seats(&self) -> Result<(), sqlx::Error> {
        query("UPDATE seats SET lost = 0")
            .execute(&self.writer)
            .await
            .map(drop)
    }
}

/// The same bits as the database keeps them.
pub(super) fn seat_to_sql(seat: SeatId) -> i64 {
    seat.0.cast_signed()
}

/// Whether anybody is in a room, the lost included.
pub(super) async fn any(connection: &mut Work, room_id: &str) -> Result<bool, sqlx::Error> {
    let one: Option<i64> = query_scalar("SELECT seat_id FROM seats WHERE room_id = $1 LIMIT 1")
        .bind(room_id)
        .fetch_optional(connection)
        .await?;
    Ok(one.is_some())
}

/// The shift of a room in which somebody is.
pub(super) async fn shift(
    connection: &mut Work,
    room_id: &str,
) -> Result<Option<i64>, sqlx::Error> {
    query_scalar("SELECT shift FROM seats WHERE room_id = $1 AND lost IS NULL LIMIT 1")
        .bind(room_id)
        .fetch_optional(connection)
        .await
}

/// Until when anybody was in a room at last.
pub(super) async fn last_seen(
    connection: &mut Work,
    room_id: &str,
) -> Result<Option<i64>, sqlx::Error> {
    query_scalar("SELECT max(seen_at) FROM seats WHERE room_id = $1")
        .bind(room_id)
        .fetch_one(connection)
        .await
}

/// Those in a room who are not lost.
pub(super) async fn present(connection: &mut Work, room_id: &str) -> Result<Vec<Row>, sqlx::Error> {
    query_as(
        "SELECT room_id, peer_id, seat_id, interface, display_name, role, joined_at, seen_at,
           shift, receiver, \"authorization\", lost
         FROM seats WHERE room_id = $1 AND lost IS NULL",
    )
    .bind(room_id)
    .fetch_all(connection)
    .await
}

/// Takes somebody out of a room.
pub(super) async fn take(
    connection: &mut Work,
    room_id: &str,
    peer: &str,
) -> Result<Option<Row>, sqlx::Error> {
    query_as(
        "DELETE FROM seats WHERE room_id = $1 AND peer_id = $2
         RETURNING room_id, peer_id, seat_id, interface, display_name, role, joined_at, seen_at,
           shift, receiver, \"authorization\", lost",
    )
    .bind(room_id)
    .bind(peer)
    .fetch_optional(connection)
    .await
}

/// Takes somebody out of a room if this is their seat.
pub(super) async fn take_seat(
    connection: &mut Work,
    room_id: &str,
    peer: &str,
    seat: SeatId,
) -> Result<Option<Row>, sqlx::Error> {
    query_as(
        "DELETE FROM seats WHERE room_id = $1 AND peer_id = $2 AND seat_id = $3
         RETURNING room_id, peer_id, seat_id, interface, display_name, role, joined_at, seen_at,
           shift, receiver, \"authorization\", lost",
    )
    .bind(room_id)
    .bind(peer)
    .bind(seat_to_sql(seat))
    .fetch_optional(connection)
    .await
}

/// Takes all out who were lost with this mark.
pub(super) async fn take_lost(connection: &mut Work, mark: i64) -> Result<Vec<Row>, sqlx::Error> {
    query_as(
        "DELETE FROM seats WHERE lost = $1
         RETURNING room_id, peer_id, seat_id, interface, display_name, role, joined_at, seen_at,
           shift, receiver, \"authorization\", lost",
    )
    .bind(mark)
    .fetch_all(connection)
    .await
}

/// Puts somebody into a room; nobody has their id there.
pub(super) async fn put(connection: &mut Work, row: &Row) -> Result<(), sqlx::Error> {
    query(
        "INSERT INTO seats
           (room_id, peer_id, seat_id, interface, display_name, role, joined_at, seen_at,
            shift, receiver, \"authorization\", lost)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(&row.room_id)
    .bind(&row.peer_id)
    .bind(row.seat_id)
    .bind(&row.interface)
    .bind(&row.display_name)
    .bind(&row.role)
    .bind(row.joined_at)
    .bind(row.seen_at)
    .bind(row.shift)
    .bind(&row.receiver)
    .bind(&row.authorization)
    .bind(row.lost)
    .execute(connection)
    .await
    .map(drop)
}

/// Takes those of a room for lost who are not already, seen until now.
pub(super) async fn lose(
    connection: &mut Work,
    room: &RoomKey,
    mark: i64,
    steady: i64,
) -> Result<(), sqlx::Error> {
    query("UPDATE seats SET lost = $1, seen_at = $2 + shift WHERE room_id = $3 AND lost IS NULL")
        .bind(mark)
        .bind(steady)
        .bind(room.to_string())
        .execute(connection)
        .await
        .map(drop)
}

/// Whoever is not lost is seen now.
pub(super) async fn beat(connection: &mut Work, steady: i64) -> Result<(), sqlx::Error> {
    query("UPDATE seats SET seen_at = $1 + shift WHERE lost IS NULL")
        .bind(steady)
        .execute(connection)
        .await
        .map(drop)
}
