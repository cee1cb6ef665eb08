//! Table `visits`: who was in which room, from when until when. Those who are
//! there still stand in `seats`.

use sqlx::{FromRow, query, query_as, query_scalar};

use super::{Database, counted::Work, seats::Row};
use crate::{
    clock::UnixMillis,
    room_key::RoomKey,
    statistics::{Period, Stay, Visit},
};

/// Visits of a room that touch a period.
const VISITS: &str = "SELECT peer_id, joined_at, left_at FROM visits
     WHERE room_id = $1 AND left_at >= $2 AND joined_at <= $3
     UNION ALL
     SELECT peer_id, joined_at, seen_at FROM seats
     WHERE room_id = $1 AND seen_at >= $2 AND joined_at <= $3
     ORDER BY 2, 1";

/// A page of these that are over.
const STAYS: &str =
    "SELECT id, peer_id, display_name, role, interface, joined_at, left_at FROM visits
     WHERE room_id = $1 AND left_at >= $2 AND joined_at <= $3 AND (left_at, id) > ($4, $5)
     ORDER BY left_at, id LIMIT $6";

/// Forgets what is old.
const FORGET: &str = "DELETE FROM visits WHERE id IN
     (SELECT id FROM visits WHERE left_at < $1 ORDER BY left_at LIMIT $2)";

/// Adds the visit of somebody who left.
pub(super) async fn add(connection: &mut Work, row: &Row, left_at: i64) -> Result<(), sqlx::Error> {
    query(
        "INSERT INTO visits
           (room_id, peer_id, interface, display_name, role, joined_at, left_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&row.room_id)
    .bind(&row.peer_id)
    .bind(&row.interface)
    .bind(&row.display_name)
    .bind(&row.role)
    .bind(row.joined_at)
    .bind(left_at)
    .execute(connection)
    .await
    .map(drop)
}

/// When the last one left a room.
pub(super) async fn last_left(
    connection: &mut Work,
    room_id: &str,
) -> Result<Option<i64>, sqlx::Error> {
    query_scalar("SELECT max(left_at) FROM visits WHERE room_id = $1")
        .bind(room_id)
        .fetch_one(connection)
        .await
}

impl Database {
    /// Forgets visits that ended before this moment, at most so many. Says how
    /// many it were.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_visits(
        &self,
        before: UnixMillis,
        at_most: i64,
    ) -> Result<u64, sqlx::Error> {
        let done = query(FORGET)
            .bind(before.to_sql())
            .bind(at_most)
            .execute(&self.writer)
            .await?;
        Ok(done.rows_affected())
    }
}

/// A page of visits.
#[derive(Debug)]
pub struct PageOfVisits {
    /// The visits.
    pub stays: Vec<Stay>,
    /// Where the next page goes on, if there may be one.
    pub next: Option<AfterVisit>,
}

/// A place in the list of a room's visits.
#[derive(Debug, Clone, Copy)]
pub struct AfterVisit {
    left_at: i64,
    id: i64,
}

#[derive(FromRow)]
struct StayRow {
    id: i64,
    peer_id: String,
    display_name: String,
    role: String,
    interface: String,
    joined_at: i64,
    left_at: i64,
}

impl StayRow {
    fn stay(self, goes_on: bool) -> Stay {
        Stay {
            visit: visit((self.peer_id, self.joined_at, self.left_at)),
            display_name: self.display_name,
            role: self.role,
            interface: self.interface,
            goes_on,
        }
    }
}

fn visit((peer, joined_at, left_at): (String, i64, i64)) -> Visit {
    Visit {
        peer,
        joined_at: UnixMillis::from_sql(joined_at),
        left_at: UnixMillis::from_sql(left_at),
    }
}

impl Database {
    /// All visits of a room that touch a period, in the order in which they
    /// began. Those of people who are there end at their last heartbeat.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn visits(&self, room: &RoomKey, period: Period) -> Result<Vec<Visit>, sqlx::Error> {
        let rows: Vec<(String, i64, i64)> = query_as(VISITS)
            .bind(room.to_string())
            .bind(period.from.to_sql())
            .bind(period.to.to_sql())
            .fetch_all(&self.reader)
            .await?;
        Ok(rows.into_iter().map(visit).collect())
    }

    /// Visits of a room that touch a period and are over, in the order in which
    /// they ended: at most so many, after a place in the list.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stays(
        &self,
        room: &RoomKey,
        period: Period,
        after: Option<AfterVisit>,
        at_most: i64,
    ) -> Result<PageOfVisits, sqlx::Error> {
        let start = AfterVisit {
            left_at: i64::MIN,
            id: 0,
        };
        let after = after.unwrap_or(start);
        let rows: Vec<StayRow> = query_as(STAYS)
            .bind(room.to_string())
            .bind(period.from.to_sql())
            .bind(period.to.to_sql())
            .bind(after.left_at)
            .bind(after.id)
            .bind(at_most)
            .fetch_all(&self.reader)
            .await?;
        let is_full = i64::try_from(rows.len()).is_ok_and(|rows| rows >= at_most);
        let last = rows.last().map(|row| AfterVisit {
            left_at: row.left_at,
            id: row.id,
        });
        Ok(PageOfVisits {
            stays: rows.into_iter().map(|row| row.stay(false)).collect(),
            next: last.filter(|_| is_full),
        })
    }

    /// Those who are in a room, as far as a period touches it, in the order in
    /// which they came.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stays_that_go_on(
        &self,
        room: &RoomKey,
        period: Period,
    ) -> Result<Vec<Stay>, sqlx::Error> {
        let rows: Vec<StayRow> = query_as(
            "SELECT seat_id AS id, peer_id, display_name, role, interface, joined_at,
               seen_at AS left_at
             FROM seats WHERE room_id = $1 AND seen_at >= $2 AND joined_at <= $3
             ORDER BY joined_at, peer_id",
        )
        .bind(room.to_string())
        .bind(period.from.to_sql())
        .bind(period.to.to_sql())
        .fetch_all(&self.reader)
        .await?;
        Ok(rows.into_iter().map(|row| row.stay(true)).collect())
    }
}

#[cfg(test)]
mod tests {
    use sqlx::{AssertSqlSafe, Row as _};

    use super::*;
    use crate::config::DatabaseUrl;

    /// How SQLite finds the rows of a question.
    async fn plan(database: &Database, question: &str) -> String {
        let rows = query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {question}")))
            .fetch_all(&database.reader)
            .await
            .expect("a plan");
        let steps = rows.iter().map(|row| row.get::<String, _>("detail"));
        steps.collect::<Vec<_>>().join("\n")
    }

    #[tokio::test]
    async fn questions_about_a_room_read_that_room_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = DatabaseUrl::sqlite(folder.path().join("test.db"));
        let database = Database::open(&url.into()).await.expect("a database");
        let visits = plan(&database, VISITS).await;
        let index = "visits USING INDEX visits_room (room_id=? AND left_at>?)";
        assert!(visits.contains(index), "{visits}");
        assert!(
            visits.contains("seats USING PRIMARY KEY (room_id=?)"),
            "{visits}"
        );
        let stays = plan(&database, STAYS).await;
        assert!(stays.contains(index), "{stays}");
        assert!(!stays.contains("TEMP B-TREE"), "{stays}");
        let forgotten = plan(&database, FORGET).await;
        assert!(forgotten.contains("visits_left (left_at<?)"), "{forgotten}");
    }
}
