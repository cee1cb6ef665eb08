//! A database that does not take what was made, and takes it later.

use std::path::Path;

use server::config::StorageConfig;
use sqlx::{AssertSqlSafe, raw_sql};

use crate::{
    support::{TestServer, database, http, until},
    videos::{RECORDING, get, recorded, until_video},
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
        .join("raw/v001_p001.mp4");
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
