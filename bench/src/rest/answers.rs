//! How long an answer takes, and how many there are in a second.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Result, ensure};
use futures::future::try_join_all;
use serde::Serialize;

use super::http::{Connection, get};
use crate::{
    crowd::Seats,
    figures::{per_second, quantile},
    output,
    server::Server,
    signaling::ServerSeats,
    table::{Table, thousands},
};

/// Connections that ask at the same time, each with a token of its own: the
/// server limits tokens.
const AT_ONCE: usize = 16;
/// What is asked: a room's task, and the database.
const QUESTIONS: [(&str, &str); 3] = [
    ("exists", "/rooms/bench-0/exists"),
    (
        "summary",
        "/streaming/statistics/peers/summary?room_id=bench-0&from=0&to=4102444800",
    ),
    ("bare handler", "/"),
];

#[derive(Debug, Clone, Serialize)]
struct Answered {
    what: &'static str,
    /// One after another: milliseconds.
    median: f64,
    p95: f64,
    /// With [`AT_ONCE`] connections.
    per_second: f64,
}

pub(super) fn run(server: &Server, bare: SocketAddr, time: Duration) -> Result<()> {
    let tokens: Vec<String> = (0..AT_ONCE)
        .map(|_| server.token())
        .collect::<Result<_>>()?;
    let mut seats = ServerSeats::new(server.address)?;
    seats.take(0, 0)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut all = Vec::new();
    for (what, path) in QUESTIONS {
        let address = match path {
            "/" => bare,
            _ => server.address,
        };
        let requests: Vec<_> = tokens.iter().map(|token| get(path, token)).collect();
        all.push(runtime.block_on(measure(what, address, &requests, time))?);
    }
    output::publish("rest-answers", &table(&all), &all)
}

async fn measure(
    what: &'static str,
    address: SocketAddr,
    requests: &[Vec<u8>],
    time: Duration,
) -> Result<Answered> {
    // warm, and wrong answers are found before they are measured
    let mut alone = Connection::open(address).await?;
    for request in requests {
        let status = alone.ask(request).await?;
        ensure!(status == 200, "{what}: {status}");
    }
    let times = one_by_one(&mut alone, requests, time).await?;
    let began = Instant::now();
    let counts = requests
        .iter()
        .map(|request| ask_on(address, request, time));
    let count: u64 = try_join_all(counts).await?.into_iter().sum();
    Ok(Answered {
        what,
        median: quantile(&times, 0.5).unwrap_or_default(),
        p95: quantile(&times, 0.95).unwrap_or_default(),
        per_second: per_second(count, began.elapsed()),
    })
}

async fn one_by_one(
    connection: &mut Connection,
    requests: &[Vec<u8>],
    time: Duration,
) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    let began = Instant::now();
    for request in requests.iter().cycle() {
        let start = Instant::now();
        let status = connection.ask(request).await?;
        ensure!(status == 200, "{status}");
        times.push(start.elapsed().as_secs_f64() * 1_000.0);
        if began.elapsed() >= time {
            break;
        }
    }
    Ok(times)
}

async fn ask_on(address: SocketAddr, request: &[u8], time: Duration) -> Result<u64> {
    let mut connection = Connection::open(address).await?;
    let began = Instant::now();
    let mut count = 0;
    while began.elapsed() < time {
        let status = connection.ask(request).await?;
        ensure!(status == 200, "{status}");
        count += 1;
    }
    Ok(count)
}

fn table(all: &[Answered]) -> Table {
    let mut table = Table::new(
        "Answers of the REST API beside a bare handler, one core",
        &["GET", "median ms", "p95 ms", "answers/s", "of the floor"],
    );
    let floor = all.last().map_or(0.0, |floor| floor.per_second);
    for one in all {
        table.row([
            one.what.to_owned(),
            format!("{:.2}", one.median),
            format!("{:.2}", one.p95),
            thousands(one.per_second),
            format!("{:.0} %", one.per_second / floor.max(1e-9) * 100.0),
        ]);
    }
    table
}
