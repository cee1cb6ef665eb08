//! Heartbeats of a running server.

use std::time::Duration;

use server::{clock::UnixMillis, db::Database, limits::JournalLimits, statistics::Period};

use crate::support::{TestServer, client::room_key, patient_limits, until};

/// Until when somebody is known to be in the room.
async fn seen_at(database: &Database) -> Option<UnixMillis> {
    let visits = database.visits(&room_key("room"), Period::ALWAYS).await;
    visits.expect("visits").first().map(|visit| visit.left_at)
}

#[tokio::test]
async fn running_server_writes_again_and_again_who_is_there() {
    let mut limits = patient_limits();
    limits.journal.heartbeat = Duration::from_millis(20);
    let server = TestServer::with(limits).await;
    let mut ada = server.client().await;
    ada.join("room", "Ada").await;
    let database = server.database().await;
    until("she is there", async || seen_at(&database).await.is_some()).await;
    for _ in 0..3 {
        let before = seen_at(&database).await;
        until("she is there later", async || {
            seen_at(&database).await > before
        })
        .await;
    }
}

#[test]
fn heart_beats_twice_a_minute() {
    let limits = JournalLimits::default();
    assert_eq!(limits.heartbeat, Duration::from_secs(30));
}
