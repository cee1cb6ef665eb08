//! What is special about PostgreSQL: it is another program, which may be away.

mod support;

use std::{fs, net::TcpListener, path::Path};

use protocol::{ClientMessage, ServerMessage};
use server::{
    Server,
    config::{Config, DatabaseUrl},
    limits::Limits,
    site::Site,
};
use sqlx::{Connection, PgConnection, query, query_scalar};
use support::{
    client::{Client, chat, snapshot},
    cluster::Cluster,
    http::get,
    patient_limits,
    process::{Process, program, run, stderr},
    until, write_site,
};
use tokio::sync::Mutex;

async fn start(folder: &Path, url: &str, limits: &Limits) -> Server {
    let site = folder.join("site");
    write_site(&site);
    let config = Config {
        database: DatabaseUrl::try_from(url.to_owned())
            .expect("an address")
            .into(),
        ..support::config(folder)
    };
    let site = Site::in_folder(&site).expect("a site");
    let started = Server::start(&config, &site, limits.clone()).await;
    started.expect("a server")
}

#[tokio::test]
async fn rooms_go_on_while_the_database_is_started_again() {
    let Some(cluster) = Cluster::start() else {
        return; // PostgreSQL is not installed here
    };
    let folder = support::database::folder();
    let limits = patient_limits();
    let server = start(folder.path(), &cluster.url(), &limits).await;
    let mut ada = Client::connect(server.address()).await;
    let mut bob = Client::connect(server.address()).await;
    let seat = ada.join("room", "Ada").await;
    bob.join("room", "Bob").await;
    assert_eq!(ada.chat("before").await, ServerMessage::Ok);

    cluster.crash();
    let meanwhile = ada.send(chat("meanwhile")).await;
    // what needs no database goes on
    assert_eq!(ada.ask(ClientMessage::Ping).await, ServerMessage::Pong);
    let health = get(server.address(), "/healthz", &[]).await;
    assert_eq!(health.status, 503);
    let numbers = get(server.address(), "/metrics", &[]).await.text();
    // the question of the health was not answered
    let none = "meetframe_database_errors_total{kind=\"timeout\"} 0\n";
    assert!(numbers.contains("meetframe_database_errors_total{kind=\"timeout\"}"));
    assert!(!numbers.contains(none), "{numbers}");
    cluster.again();
    assert_eq!(ada.reply(meanwhile).await, ServerMessage::Ok);
    assert_eq!(bob.chat("after").await, ServerMessage::Ok);
    let mut eve = Client::connect(server.address()).await;
    eve.join("other", "Eve").await;
    until("it is well again", async || {
        get(server.address(), "/healthz", &[]).await.status == 200
    })
    .await;

    server.stop().await;
    let server = start(folder.path(), &cluster.url(), &limits).await;
    let mut back = Client::connect(server.address()).await;
    let mut wish = support::client::join("room", "Ada");
    wish.ticket = Some(seat.ticket.clone());
    let welcome = back.join_with(wish).await;
    assert_eq!(welcome.peer_id, seat.peer_id);
    let told = snapshot(&welcome).chat.iter();
    let told: Vec<_> = told.map(|message| message.text.as_str()).collect();
    assert_eq!(told, ["before", "meanwhile", "after"]);
    server.stop().await;
}

/// The process of PostgreSQL that has the lock of a server.
const HOLDER: &str = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted";
/// Ends it, as a network or an administrator does.
const END_HOLDER: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_locks
     WHERE locktype = 'advisory' AND granted";
/// Waits for the lock of a server of this schema.
const WAIT: &str = "SELECT pg_advisory_lock(hashtextextended('meetframe server public', 0))";

async fn holder(connection: &mut PgConnection) -> Option<i32> {
    let found = query_scalar(HOLDER).fetch_optional(connection).await;
    found.expect("the locks")
}

async fn end_holder(connection: &mut PgConnection) {
    let ended: i64 = query_scalar(END_HOLDER)
        .fetch_one(connection)
        .await
        .expect("ended");
    assert_eq!(ended, 1);
}

#[tokio::test]
async fn lock_that_was_lost_is_taken_again() {
    let Some(cluster) = Cluster::start() else {
        return; // PostgreSQL is not installed here
    };
    let folder = support::database::folder();
    let server = start(folder.path(), &cluster.url(), &patient_limits()).await;
    let mut beside = PgConnection::connect(&cluster.url()).await.expect("it");
    let first = holder(&mut beside).await.expect("a lock");
    end_holder(&mut beside).await;
    let beside = Mutex::new(beside);
    until("another connection has it", async || {
        let now = holder(&mut *beside.lock().await).await;
        now.is_some_and(|now| now != first)
    })
    .await;
    until("it is well again", async || {
        get(server.address(), "/healthz", &[]).await.status == 200
    })
    .await;
    server.stop().await;
}

#[tokio::test]
async fn server_ends_when_another_took_the_lock_that_it_lost() {
    let Some(cluster) = Cluster::start() else {
        return; // PostgreSQL is not installed here
    };
    let folder = support::database::folder();
    let url = cluster.url();
    let mut process = Process::start_with(folder.path(), &[("MEETFRAME__DATABASE__URL", &url)]);
    let mut other = PgConnection::connect(&url).await.expect("it");
    let mut beside = PgConnection::connect(&url).await.expect("it");
    // whoever waits has it as soon as it is free
    let taken = tokio::spawn(async move {
        query(WAIT).execute(&mut other).await.expect("the lock");
        other
    });
    let waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    let asking = Mutex::new(PgConnection::connect(&url).await.expect("it"));
    until("the other one waits", async || {
        let mut asking = asking.lock().await;
        query_scalar::<_, i64>(waiting)
            .fetch_one(&mut *asking)
            .await
            .expect("a number")
            == 1
    })
    .await;
    end_holder(&mut beside).await;
    let _other = taken.await.expect("the lock");
    until("it is not well", async || {
        let health = get(process.address, "/healthz", &[]).await;
        (health.status, health.text().as_str()) == (503, "lock")
    })
    .await;
    let (code, _) = tokio::task::spawn_blocking(move || process.wait())
        .await
        .expect("it ends");
    assert_eq!(code, Some(75));
}

/// Runs the program, which must give up; gives what it says.
fn refused(url: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    write_site(&folder.path().join("site"));
    let mut command = program(folder.path());
    command
        .env("LEPTOS_SITE_ROOT", folder.path().join("site"))
        .env("MEETFRAME__HTTP__LISTEN", "127.0.0.1:0")
        .env("MEETFRAME__DATABASE__URL", url);
    let output = run(command);
    assert_eq!(output.status.code(), Some(1));
    let said = stderr(&output);
    assert!(said.contains("database.url"), "{said}");
    assert!(!said.contains("hunter2"), "{said}");
    said
}

#[test]
fn database_that_is_not_there_is_named_without_its_password() {
    let free = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = free.local_addr().expect("an address");
    drop(free);
    let said = refused(&format!("postgres://meet:hunter2@{address}/rooms"));
    let named = format!("postgres://meet:(set)@{address}/rooms");
    assert!(said.contains(&named), "{said}");
    assert!(said.contains("refused"), "{said}");
}

#[test]
fn database_that_does_not_answer_is_not_waited_for_long() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let address = silent.local_addr().expect("an address");
    let said = refused(&format!("postgres://meet:hunter2@{address}/rooms"));
    assert!(said.contains("does not answer"), "{said}");
}

#[test]
fn backup_and_restore_name_the_tools_of_postgresql() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("copy.db");
    fs::write(&file, "").expect("a file");
    for command in ["backup", "restore"] {
        let mut program = program(folder.path());
        program
            .args([command, "copy.db"])
            .env("MEETFRAME__DATABASE__URL", "postgres://meet:hunter2@db/x");
        let output = run(program);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains("pg_dump"), "{}", stderr(&output));
    }
}
