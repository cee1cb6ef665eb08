//! A database of an earlier version keeps what is in it.

mod support;

use server::{clock::UnixMillis, config::DatabaseUrl, db::Database};
use sqlx::{
    Connection, SqliteConnection,
    migrate::{Migration, Migrator},
    query,
    sqlite::SqliteConnectOptions,
};
use support::client::room_key;

/// The versions up to this one.
fn up_to(version: i64) -> Migrator {
    let all = sqlx::migrate!("./migrations/sqlite");
    let early = all.iter().filter(|one| one.version <= version);
    Migrator::with_migrations(early.cloned().collect::<Vec<Migration>>())
}

#[tokio::test]
async fn rooms_and_chats_from_before_tenants_belong_to_the_default_one() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = support::database::file(folder.path());
    std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
    let options = SqliteConnectOptions::new().filename(&file);
    let options = options.create_if_missing(true).foreign_keys(true);
    let mut old = SqliteConnection::connect_with(&options)
        .await
        .expect("a database");
    up_to(1).run(&mut old).await.expect("the first version");
    for sql in [
        "INSERT INTO rooms VALUES ('weekly', 5)",
        "INSERT INTO chat_messages VALUES ('weekly', 1, 'ada', 'Ada', 'Hello', 'n', 6)",
    ] {
        query(sql).execute(&mut old).await.expect("a row");
    }
    old.close().await.expect("closed");

    let config = DatabaseUrl::sqlite(&file).into();
    let database = Database::open(&config).await.expect("the database");
    let room = room_key("weekly");
    let rooms = database.room_ids().await.expect("the rooms");
    assert_eq!(rooms, std::slice::from_ref(&room));
    let now = UnixMillis::new(1_000);
    let stored = database.open_room(&room, now, 10).await.expect("the room");
    assert_eq!(stored.created_at, UnixMillis::new(5));
    assert_eq!(stored.chat[0].text, "Hello");
    database.delete_room(&room).await.expect("deleted");
    let again = database.open_room(&room, now, 10).await.expect("the room");
    assert!(again.chat.is_empty());
}
