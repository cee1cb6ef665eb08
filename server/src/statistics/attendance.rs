//! The attendance list of a room, page by page: as long as it may be, little of
//! it is in memory at once.

use std::collections::{HashSet, VecDeque};

use futures::{Stream, stream};

use super::{Period, Stay, csv};
use crate::{
    db::{Database, PageOfVisits},
    room_key::RoomKey,
};

/// How many visits are read at once.
const PAGE: i64 = 1_000;

/// What is still to be written.
struct Rest {
    database: Database,
    room: RoomKey,
    period: Period,
    /// Read ahead.
    page: Option<PageOfVisits>,
    /// Those who are still there, last of all.
    there: VecDeque<Stay>,
    /// They may leave while the list is written, and are listed once.
    listed: HashSet<(String, u64)>,
}

/// The list as CSV, in pieces: who left, in that order, then who is there. The
/// first page is read at once, so that a failure of the database can still be
/// told.
///
/// # Errors
/// When the database fails.
pub async fn attendance(
    database: &Database,
    room: &RoomKey,
    period: Period,
) -> Result<impl Stream<Item = Result<String, sqlx::Error>> + use<>, sqlx::Error> {
    let there = database.stays_that_go_on(room, period).await?;
    let listed = there.iter().map(key).collect();
    let rest = Rest {
        page: Some(database.stays(room, period, None, PAGE).await?),
        database: database.clone(),
        room: room.clone(),
        period,
        there: there.into(),
        listed,
    };
    let head = stream::iter([Ok(csv::HEADER.to_owned())]);
    let body = stream::try_unfold(rest, next);
    Ok(futures::StreamExt::chain(head, body))
}

async fn next(mut rest: Rest) -> Result<Option<(String, Rest)>, sqlx::Error> {
    let Some(page) = rest.page.take() else {
        let lines: String = rest.there.drain(..).map(|stay| csv::line(&stay)).collect();
        return Ok((!lines.is_empty()).then_some((lines, rest)));
    };
    let fresh = page
        .stays
        .iter()
        .filter(|stay| !rest.listed.contains(&key(stay)));
    let lines: String = fresh.map(csv::line).collect();
    if let Some(after) = page.next {
        let next = rest
            .database
            .stays(&rest.room, rest.period, Some(after), PAGE);
        rest.page = Some(next.await?);
    }
    Ok(Some((lines, rest)))
}

fn key(stay: &Stay) -> (String, u64) {
    (stay.visit.peer.clone(), stay.visit.joined_at.get())
}
