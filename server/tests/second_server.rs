//! Two servers on one database: the second one does not start.

mod support;

use std::path::Path;

use protocol::ServerMessage;
use support::{
    client::Client,
    database::{self, folder},
    http::get,
    process::{Process, program, run, server, stderr},
};

/// A second server in the same folder: how it ended, and what it said.
fn second(folder: &Path) -> (Option<i32>, String) {
    let output = run(server(folder));
    (output.status.code(), stderr(&output))
}

fn beside(folder: &Path, arguments: &[&str]) {
    let mut command = program(folder);
    command
        .args(arguments)
        .env("MEETFRAME__DATABASE__URL", database::address(folder));
    let output = run(command);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[tokio::test]
async fn second_server_says_why_it_does_not_start_and_harms_nobody() {
    let folder = folder();
    let process = Process::start(folder.path());
    let mut ada = Client::connect(process.address).await;
    ada.join("room", "Ada").await;
    let (code, said) = second(folder.path());
    assert_eq!(code, Some(75), "{said}");
    assert!(said.contains("another server uses the database"), "{said}");
    assert!(said.contains("database.url"), "{said}");
    assert_eq!(ada.chat("still here").await, ServerMessage::Ok);
    let health = get(process.address, "/healthz", &[]).await;
    assert_eq!((health.status, health.text().as_str()), (200, "ok"));
}

#[tokio::test]
async fn commands_work_beside_a_server() {
    let folder = folder();
    let process = Process::start(folder.path());
    beside(folder.path(), &["check-config"]);
    let create = ["token", "create", "--name", "x", "--scope", "all"];
    beside(folder.path(), &create);
    beside(folder.path(), &["token", "list"]);
    beside(folder.path(), &["user", "list"]);
    if database::postgres().is_none() {
        beside(folder.path(), &["backup", "copy.db"]);
    }
    let health = get(process.address, "/healthz", &[]).await;
    assert_eq!(health.status, 200);
}

#[tokio::test]
async fn next_server_starts_however_the_first_one_ended() {
    let folder = folder();
    for signal in ["KILL", "TERM", "KILL"] {
        let mut process = Process::start(folder.path());
        process.signal(signal);
        process.wait();
    }
    drop(Process::start(folder.path()));
}
