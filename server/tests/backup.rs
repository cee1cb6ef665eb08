//! Copies of SQLite's file, by the command line.

mod support;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use protocol::ServerMessage;
use server::{clock::UnixMillis, config::DatabaseUrl, db::Database};
use sqlx::{Connection, SqliteConnection, query};
use support::{
    client::{Client, room_key},
    process::{Process, program, run, stderr, stdout},
};

/// Says what came of a command: exit code, and what was said.
fn meetframe(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = program(folder);
    let url = format!("sqlite:{}", file(folder).display());
    command.args(arguments).env("MEETFRAME__DATABASE__URL", url);
    let output = run(command);
    (output.status.code(), stdout(&output) + &stderr(&output))
}

fn done(folder: &Path, arguments: &[&str]) -> String {
    let (code, said) = meetframe(folder, arguments);
    assert_eq!(code, Some(0), "{said}");
    said
}

fn refused(folder: &Path, arguments: &[&str], word: &str) {
    let (code, said) = meetframe(folder, arguments);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains(word), "{word:?} is missing in: {said}");
}

fn file(folder: &Path) -> PathBuf {
    support::database::file(folder)
}

/// A database with one room.
async fn with_room(folder: &Path, room: &str) {
    let database = open(folder).await;
    let room = room_key(room);
    let made = database.open_room(&room, UnixMillis::new(1), 0);
    made.await.expect("a room");
    database.close().await;
}

async fn open(folder: &Path) -> Database {
    let config = DatabaseUrl::sqlite(file(folder)).into();
    Database::open(&config).await.expect("a database")
}

async fn rooms(folder: &Path) -> Vec<String> {
    let database = open(folder).await;
    let rooms = database.room_ids().await.expect("rooms");
    database.close().await;
    rooms.iter().map(ToString::to_string).collect()
}

/// The names of what lies in the data folder.
fn listing(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder.join("data")).expect("a folder");
    let name = |file: fs::DirEntry| file.file_name().to_string_lossy().into_owned();
    let mut names: Vec<_> = files.map(|file| name(file.expect("a file"))).collect();
    // what a server locks stays
    names.retain(|name| !name.ends_with(".lock"));
    names.sort();
    names
}

#[tokio::test]
async fn backup_of_a_running_server_has_all_that_was_acknowledged() {
    if support::database::postgres().is_some() {
        return; // it has its own tools
    }
    let folder = tempfile::tempdir().expect("a folder");
    let process = Process::start(folder.path());
    let mut ada = Client::connect(process.address).await;
    ada.join("room", "Ada").await;
    assert_eq!(ada.chat("kept").await, ServerMessage::Ok);
    done(folder.path(), &["backup", "copy.db"]);
    assert_eq!(ada.chat("later").await, ServerMessage::Ok);

    let copy = folder.path().join("copy.db");
    let mode = fs::metadata(&copy).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    refused(
        folder.path(),
        &["backup", "copy.db"],
        "nothing is overwritten",
    );
    refused(
        folder.path(),
        &["restore", "copy.db"],
        "stop the server first",
    );
    assert_eq!(ada.chat("last").await, ServerMessage::Ok);
    drop(process);

    let said = done(folder.path(), &["restore", "copy.db"]);
    assert!(said.contains("before-restore"), "{said}");
    let database = open(folder.path()).await;
    let room = room_key("room");
    let stored = database.open_room(&room, UnixMillis::new(0), 10);
    let chat = stored.await.expect("the room").chat;
    let texts: Vec<_> = chat.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["kept"]);
}

#[tokio::test]
async fn restore_keeps_what_was_there() {
    let folder = tempfile::tempdir().expect("a folder");
    with_room(folder.path(), "first").await;
    done(folder.path(), &["backup", "copy.db"]);
    with_room(folder.path(), "second").await;
    done(folder.path(), &["restore", "copy.db"]);
    assert_eq!(rooms(folder.path()).await, ["*/first"]);
    let mode = fs::metadata(file(folder.path()))
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let names = listing(folder.path());
    let [_, aside] = names.as_slice() else {
        panic!("{names:?}");
    };
    assert!(aside.starts_with("meetframe.db.before-restore-"), "{aside}");
    let aside = format!("data/{aside}");
    done(folder.path(), &["restore", &aside]);
    let mut both = rooms(folder.path()).await;
    both.sort();
    assert_eq!(both, ["*/first", "*/second"]);
}

#[tokio::test]
async fn restore_works_where_nothing_is_and_where_nothing_can_be_read() {
    let folder = tempfile::tempdir().expect("a folder");
    with_room(folder.path(), "room").await;
    done(folder.path(), &["backup", "copy.db"]);
    fs::write(file(folder.path()), "no database at all").expect("a file");
    done(folder.path(), &["restore", "copy.db"]);
    assert_eq!(rooms(folder.path()).await, ["*/room"]);
    fs::remove_dir_all(folder.path().join("data")).expect("removed");
    done(folder.path(), &["restore", "copy.db"]);
    assert_eq!(rooms(folder.path()).await, ["*/room"]);
}

#[tokio::test]
async fn restore_refuses_what_is_no_good_backup_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    with_room(folder.path(), "room").await;
    done(folder.path(), &["backup", "copy.db"]);
    let copy = folder.path().join("copy.db");
    let good = fs::read(&copy).expect("a file");

    fs::write(
        folder.path().join("text.db"),
        "no database at all, but long enough",
    )
    .expect("a file");
    refused(folder.path(), &["restore", "text.db"], "text.db");
    refused(folder.path(), &["restore", "none.db"], "there is no file");
    refused(folder.path(), &["backup", "none/copy.db"], "cannot write");
    fs::write(folder.path().join("cut.db"), &good[..good.len() / 2]).expect("a file");
    refused(folder.path(), &["restore", "cut.db"], "cut.db");

    let mut newer = SqliteConnection::connect(&format!("sqlite://{}", copy.display()))
        .await
        .expect("the copy");
    let later = "UPDATE _sqlx_migrations SET version = 9999
                 WHERE version = (SELECT max(version) FROM _sqlx_migrations)";
    query(later).execute(&mut newer).await.expect("changed");
    newer.close().await.expect("closed");
    refused(folder.path(), &["restore", "copy.db"], "newer version");

    fs::write(&copy, &good).expect("a file");
    fs::write(folder.path().join("copy.db-wal"), "changes").expect("a file");
    refused(folder.path(), &["restore", "copy.db"], "write-ahead log");
    // who only reads a database leaves its empty log
    let mut files = listing(folder.path());
    files.retain(|name| !name.ends_with("-wal") && !name.ends_with("-shm"));
    assert_eq!(files, ["meetframe.db"]);
    assert_eq!(rooms(folder.path()).await, ["*/room"]);
}
