//! How long a webhook is under way: from the request to come into a room until
//! the whole message is at the integrator's.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use serde::Serialize;
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    runtime::Runtime,
    sync::mpsc,
    time::timeout,
};

use super::{
    bare::Bare,
    http::{Connection, message, post},
};
use crate::{
    crowd::Seats, figures::quantile, output, server::Server, signaling::ServerSeats, table::Table,
};

/// How often it is measured.
const TIMES: usize = 300;
/// Rooms and clients of this measurement start here.
const FIRST: usize = 1_000;
/// A webhook that takes longer is lost.
const PATIENCE: Duration = Duration::from_secs(20);
/// A message waits here no longer than until the next one is asked for.
const WAITING: usize = 64;
const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
/// As long as `joinPeer`'s.
const BODY: &str = r#"{"event":"connected","roomId":"bench-1000","peerId":"peer-1000","name":"C"}"#;

/// An integrator: takes all messages, and notes when each was there.
pub(super) struct Listener {
    runtime: Runtime,
    address: SocketAddr,
    arrived: mpsc::Receiver<Instant>,
}

impl Listener {
    pub(super) fn open() -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let (tell, arrived) = mpsc::channel(WAITING);
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(take(stream, tell.clone()));
            }
        });
        Ok(Self {
            runtime,
            address,
            arrived,
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    fn next(&mut self) -> Result<Instant> {
        let arrived = &mut self.arrived;
        let next = async { timeout(PATIENCE, arrived.recv()).await };
        let next = self.runtime.block_on(next);
        next.context("a webhook is lost")?.context("nobody listens")
    }
}

async fn take(mut stream: TcpStream, tell: mpsc::Sender<Instant>) -> Result<()> {
    stream.set_nodelay(true)?;
    let mut read = Vec::new();
    while message(&mut stream, &mut read).await?.is_some() {
        tell.send(Instant::now()).await?;
        stream.write_all(OK).await?;
    }
    Ok(())
}

#[derive(Debug, Clone, Serialize)]
struct Way {
    what: &'static str,
    /// Milliseconds.
    median: f64,
    p95: f64,
}

impl Way {
    fn of(what: &'static str, times: &[f64]) -> Self {
        Self {
            what,
            median: quantile(times, 0.5).unwrap_or_default(),
            p95: quantile(times, 0.95).unwrap_or_default(),
        }
    }
}

pub(super) fn run(server: &Server, bare: &Bare, mut listener: Listener) -> Result<()> {
    // those of who came before
    while listener.arrived.try_recv().is_ok() {}
    let mut seats = ServerSeats::new(server.address)?;
    let (mut joined, mut told) = (Vec::new(), Vec::new());
    for client in FIRST..FIRST + TIMES {
        let began = Instant::now();
        seats.take(client, client)?;
        joined.push(millis(began.elapsed()));
        let at = listener.next()?;
        told.push(millis(at.saturating_duration_since(began)));
    }
    let floor = bare_posts(bare.address)?;
    let ways = [
        Way::of("joining: WebSocket, welcome", &joined),
        Way::of("joinPeer: joining to delivery", &told),
        Way::of("bare POST", &floor),
    ];
    output::publish("webhooks", &table(&ways), &ways)
}

fn bare_posts(address: SocketAddr) -> Result<Vec<f64>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut connection = Connection::open(address).await?;
        let request = post(BODY);
        let mut times = Vec::new();
        for _ in 0..TIMES {
            let began = Instant::now();
            connection.ask(&request).await?;
            times.push(millis(began.elapsed()));
        }
        Ok(times)
    })
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn table(ways: &[Way]) -> Table {
    let mut table = Table::new(
        "A webhook's way, one join after another",
        &["from, to", "median ms", "p95 ms", "times the floor"],
    );
    let floor = ways.last().map_or(0.0, |floor| floor.median);
    for way in ways {
        table.row([
            way.what.to_owned(),
            format!("{:.2}", way.median),
            format!("{:.2}", way.p95),
            format!("{:.1}", way.median / floor.max(1e-9)),
        ]);
    }
    table
}
