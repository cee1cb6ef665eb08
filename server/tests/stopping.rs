//! The end of a server, asked for or not.

mod support;

use std::time::{Duration, Instant};

use protocol::{ErrorCode, ServerMessage};
use support::{
    TestServer,
    client::{Client, chat, code, join, snapshot},
    database::folder,
    http, patient_limits,
    process::Process,
};

#[tokio::test]
async fn participants_are_told_and_asked_to_come_back_at_different_times() {
    let mut limits = patient_limits();
    limits.shutdown.spread_per_session = Duration::from_millis(100);
    let server = TestServer::with(limits).await;
    let mut clients = Vec::new();
    for n in 0..20 {
        let mut client = server.client().await;
        client.join(&format!("room-{}", n % 3), "Somebody").await;
        clients.push(client);
    }
    // also one that has not joined yet
    let mut early = server.client().await;
    let address = server.address();
    let started = Instant::now();
    server.stop().await;
    assert!(started.elapsed() < Duration::from_secs(5));
    let mut times = Vec::new();
    for client in &mut clients {
        let ended = client.ended().await;
        assert_eq!(ended.code, ErrorCode::ServerShutdown);
        times.push(ended.retry_after_ms.expect("a time"));
        client.closed().await;
    }
    assert_eq!(early.ended().await.code, ErrorCode::ServerShutdown);
    assert!(
        times.iter().all(|time| (500..=2_600).contains(time)),
        "{times:?}"
    );
    let span = times.iter().max().zip(times.iter().min());
    assert!(span.is_some_and(|(max, min)| max - min > 200), "{times:?}");
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn client_that_does_not_read_does_not_hold_up_the_end() {
    let server = TestServer::with(patient_limits()).await;
    let mut deaf = server.client().await;
    deaf.join("room", "Deaf").await;
    let started = Instant::now();
    server.stop().await;
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn program_says_where_it_is_and_stops_when_it_is_told() {
    for signal in ["TERM", "INT"] {
        let folder = folder();
        let mut process = Process::start(folder.path());
        let health = http::get(process.address, "/healthz", &[]).await;
        assert_eq!((health.status, health.text().as_str()), (200, "ok"));
        let mut ada = Client::connect(process.address).await;
        ada.join("room", "Ada").await;
        process.signal(signal);
        assert_eq!(ada.ended().await.code, ErrorCode::ServerShutdown);
        ada.closed().await;
        let (exit, rest) = process.wait();
        assert_eq!(exit, Some(0));
        let said = process.said.clone() + &rest;
        let link = format!("http://localhost:{}/call/", process.address.port());
        assert!(said.contains(&link), "{said}");
    }
}

#[tokio::test]
async fn killed_server_has_lost_no_chat_that_was_acknowledged() {
    let folder = folder();
    let mut process = Process::start(folder.path());
    let mut ada = Client::connect(process.address).await;
    let seat = ada.join("room", "Ada").await;
    for n in 0..50 {
        ada.send(chat(&format!("message {n}"))).await;
    }
    assert_eq!(ada.chat("acknowledged").await, ServerMessage::Ok);
    process.signal("KILL");
    process.wait();

    let process = Process::start(folder.path());
    let mut back = Client::connect(process.address).await;
    let reply = back.resume("room", &seat.ticket, 1).await;
    assert_eq!(code(&reply), ErrorCode::SeatGone);
    let mut back = Client::connect(process.address).await;
    let mut wish = join("room", "Ada");
    wish.ticket = Some(seat.ticket.clone());
    let again = back.join_with(wish).await;
    assert_eq!(again.peer_id, seat.peer_id);
    let chat = &snapshot(&again).chat;
    assert_eq!(chat.last().map(|m| m.text.as_str()), Some("acknowledged"));
    assert_eq!(chat.len(), 51);
}
