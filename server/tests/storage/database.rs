//! A database that does not take what was made, and takes it later.

use std::path::Path;

use server::config::StorageConfig;
use sqlx::{AssertSqlSafe, raw_sql};

use crate::{
    support::{TestServer, database, http, until},
    videos::{RECORDING, get, made, recorded, until_video},
};

/// Another video, ready and of the same room, with which others can collide.
const ANOTHER: &str = "\
    INSERT INTO recordings (id, room_id, state, started_by, created_at, stopped_at)
    SELECT 'rec0', room_id, 'ready', started_by, 1000, 2000 FROM recordings;
    INSERT INTO recording_videos (id, recording_id, tenant, room_id, volume, name, state, created_at)
    SELECT 1, 'rec0', tenant, room_id, volume, name, 'ready', 1000 FROM recording_videos;";

async fn execute(folder: &Path, sql: String) {
    let mut connection = database::connection(folder).await;
    let done = raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await;
    done.expect("a statement");
}

/// Waits until the database has refused this often.
async fn until_refused(server: &TestServer, times: f64) {
    let refused = async || {
        let shown = http::get(server.address(), "/metrics", &[]).await.text();
        let name = "meetframe_database_errors_total{kind=\"constraint\"} ";
        let line = shown.lines().find_map(|line| line.strip_prefix(name));
        line.is_some_and(|count| count.parse::<f64>().expect("a number") >= times)
    };
    until("the database has refused", refused).await;
}

async fn number(folder: &Path) -> Option<i64> {
    let mut connection = database::connection(folder).await;
    let number = sqlx::query_scalar("SELECT id FROM recording_videos WHERE recording_id = $1")
        .bind(RECORDING);
    number.fetch_optional(&mut connection).await.expect("rows")
}

#[tokio::test]
async fn a_video_that_the_database_did_not_take_is_brought_to_it_again() {
    let left = recorded().await;
    let raw = left
        .folder
        .path()
        .join("recordings")
        .join(RECORDING)
        .join("raw/v001_p001.mkv");
    // one video a room: there is no place for another one
    let full = format!(
        "{ANOTHER} DELETE FROM recording_videos WHERE recording_id = '{RECORDING}';
         CREATE UNIQUE INDEX in_the_way ON recording_videos (room_id)"
    );
    execute(left.folder.path(), full).await;
    let (server, _) = left.start(StorageConfig::default()).await;
    let folder = server.folder.path();
    until_refused(&server, 1.0).await;
    assert_eq!(number(folder).await, None);
    assert!(raw.exists());
    // one video a state: it can begin, and not be ready
    let half = "DROP INDEX in_the_way; CREATE UNIQUE INDEX in_the_way ON recording_videos (state)";
    execute(folder, half.to_owned()).await;
    until("it begins", async || number(folder).await.is_some()).await;
    let video = number(folder).await.expect("a video");
    until("it is made", async || !raw.exists()).await;
    until_refused(&server, 2.0).await;
    execute(folder, "DROP INDEX in_the_way".to_owned()).await;
    until_video(&server, video, "state", "ready").await;
    assert_eq!(get(&server, video, "video.mp4", &[]).await.status, 200);
    server.stop().await;
}

/// Somebody who wants to hear of recordings, and whom nothing can be told.
const WISH: &str = "\
    INSERT INTO webhook_subscriptions (id, tenant, url, events, secret, created_at)
    VALUES ('sub_00000000000000000000000000000000', '*', 'https://a.example/',
            'recording.ready', '', 1);
    INSERT INTO webhook_messages
      (id, room_id, receiver, kind, body, state, attempts, created_at, next_at, died_at)
    VALUES ('msg_1', '*/another', 'sub_00000000000000000000000000000000', 'recording.ready',
            '{}', 'dead', 1, 1, 1, 9000000000000);
    CREATE UNIQUE INDEX in_the_way ON webhook_messages (receiver)";

async fn count(folder: &Path, question: &'static str) -> i64 {
    let mut connection = database::connection(folder).await;
    let count = sqlx::query_scalar(question).fetch_one(&mut connection);
    count.await.expect("a number")
}

#[tokio::test]
async fn a_recording_that_cannot_be_told_to_be_ready_is_not_and_becomes_so_later() {
    const READY: &str = "SELECT count(*) FROM recordings WHERE state = 'ready'";
    const TOLD: &str = "SELECT count(*) FROM webhook_messages WHERE kind = 'recording.ready'
        AND room_id = '*/lesson'";
    let left = made(1_000).await;
    execute(left.folder.path(), WISH.to_owned()).await;
    let (server, video) = left.start(StorageConfig::default()).await;
    let folder = server.folder.path();
    until_refused(&server, 2.0).await;
    until_video(&server, video, "state", "ready").await;
    assert_eq!(
        [count(folder, READY).await, count(folder, TOLD).await],
        [0, 0]
    );
    execute(folder, "DROP INDEX in_the_way".to_owned()).await;
    until("it is ready", async || count(folder, READY).await == 1).await;
    assert_eq!(count(folder, TOLD).await, 1);
    server.stop().await;
}
