//! The load process: one thread on the load's core that drives all clients.
//!
//! Owns sockets' readiness, timers and the conversation with the measurement.
//! A process of its own, so that its memory and allocations are not taken for
//! the server's.

use std::{
    cmp::Reverse,
    collections::BinaryHeap,
    io::{self, BufRead, Write},
    sync::{Arc, mpsc},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use mio::{Events, Interest, Poll, Token, Waker};

use super::{
    client::Client,
    connection::Identity,
    message::{Counts, Order, Report},
};
use crate::{cpu, traffic::FRAME_RATE};

const ORDERS: Token = Token(usize::MAX);
/// How often consent is renewed; as often as browsers do.
const CONSENT: Duration = Duration::from_millis(2_500);
/// How often the handshake is looked at, until it is done.
const HANDSHAKE: Duration = Duration::from_millis(250);
/// How often the sockets of connected viewers are emptied. They are not waited
/// for: on loopback the server's core would pay for waking this process.
const SWEEP: Duration = Duration::from_millis(2);
/// How often viewers give feedback; browsers do every 50 to 250 ms.
pub const FEEDBACK: Duration = Duration::from_millis(100);

/// Runs until standard input ends.
///
/// # Errors
/// When the system gives no poll, or the measurement does not read.
pub fn run() -> Result<()> {
    cpu::pin_current(cpu::load_core())?;
    let poll = Poll::new()?;
    let waker = Waker::new(poll.registry(), ORDERS)?;
    let (sender, orders) = mpsc::channel();
    std::thread::spawn(move || read_orders(&sender, &waker));
    let mut process = Process {
        poll,
        identity: Arc::new(Identity::new()?),
        clients: Vec::new(),
        timers: BinaryHeap::new(),
        publishing: false,
        viewers: Vec::new(),
    };
    process.at(Instant::now(), Timer::Sweep);
    process.run(&orders)
}

/// Passes orders on; the channel's end says that input has ended.
fn read_orders(sender: &mpsc::Sender<Order>, waker: &Waker) {
    for line in io::stdin().lock().lines().map_while(Result::ok) {
        let Ok(order) = serde_json::from_str(&line) else {
            break;
        };
        if sender.send(order).is_err() || waker.wake().is_err() {
            break;
        }
    }
    std::process::exit(0);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Timer {
    Handshake(usize),
    Consent(usize),
    Frame(usize),
    Feedback(usize),
    Sweep,
}

struct Process {
    poll: Poll,
    identity: Arc<Identity>,
    clients: Vec<Client>,
    timers: BinaryHeap<Reverse<(Instant, Timer)>>,
    publishing: bool,
    /// Connected viewers.
    viewers: Vec<usize>,
}

impl Process {
    fn run(&mut self, orders: &mpsc::Receiver<Order>) -> Result<()> {
        let mut events = Events::with_capacity(1_024);
        loop {
            match self.poll.poll(&mut events, self.wait()) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                other => other.context("wait for datagrams")?,
            }
            for event in &events {
                match event.token() {
                    ORDERS => {}
                    Token(client) => self.read(client)?,
                }
            }
            while let Ok(order) = orders.try_recv() {
                self.obey(order)?;
            }
            self.handle_timers()?;
        }
    }

    fn wait(&self) -> Option<Duration> {
        let Reverse((at, _)) = self.timers.peek()?;
        Some(at.saturating_duration_since(Instant::now()))
    }

    fn at(&mut self, at: Instant, timer: Timer) {
        self.timers.push(Reverse((at, timer)));
    }

    fn read(&mut self, client: usize) -> Result<()> {
        match self.clients[client].read(Instant::now()) {
            Ok(false) => Ok(()),
            Ok(true) => self.connected(client),
            Err(error) => report(&Report::Failed {
                client,
                reason: error.to_string(),
            }),
        }
    }

    fn connected(&mut self, client: usize) -> Result<()> {
        // Spread over the interval, as those of independent clients are.
        let start = Instant::now() + FEEDBACK.mul_f64(spread(client));
        if !self.clients[client].publishes() {
            let registry = self.poll.registry();
            registry.deregister(&mut self.clients[client].socket)?;
            self.viewers.push(client);
            self.at(start, Timer::Feedback(client));
        } else if self.publishing {
            self.at(start, Timer::Frame(client));
        }
        report(&Report::Connected { client })
    }

    fn obey(&mut self, order: Order) -> Result<()> {
        match order {
            Order::Connect { client, role } => {
                let now = Instant::now();
                anyhow::ensure!(client == self.clients.len(), "clients come in order");
                let mut new = Client::new(client, role, self.identity.clone(), now)?;
                let registry = self.poll.registry();
                registry.register(&mut new.socket, Token(client), Interest::READABLE)?;
                let sdp = new.offer(role);
                self.clients.push(new);
                report(&Report::Offer { client, sdp })
            }
            Order::Answer { client, sdp } => {
                self.clients[client].accept(&sdp)?;
                let now = Instant::now();
                self.at(now + HANDSHAKE, Timer::Handshake(client));
                self.at(now + CONSENT, Timer::Consent(client));
                Ok(())
            }
            Order::Publish => {
                self.publish();
                Ok(())
            }
            Order::Count => report(&Report::Counts(self.count())),
        }
    }

    fn publish(&mut self) {
        self.publishing = true;
        let now = Instant::now();
        for client in 0..self.clients.len() {
            if self.clients[client].publishes() {
                let start = now + interval().mul_f64(spread(client));
                self.at(start, Timer::Frame(client));
            }
        }
    }

    fn handle_timers(&mut self) -> Result<()> {
        let now = Instant::now();
        while let Some(Reverse((at, timer))) = self.timers.peek().copied()
            && at <= now
        {
            self.timers.pop();
            match timer {
                Timer::Handshake(client) => {
                    self.clients[client].handle_timeout(now)?;
                    self.at(now + HANDSHAKE, timer);
                }
                Timer::Consent(client) => {
                    self.clients[client].check()?;
                    self.at(now + CONSENT, timer);
                }
                Timer::Frame(client) => {
                    self.clients[client].publish();
                    self.at(at + interval(), timer);
                }
                Timer::Feedback(client) => {
                    self.clients[client].give_feedback();
                    self.at(now + FEEDBACK, timer);
                }
                Timer::Sweep => {
                    self.sweep()?;
                    self.at(now + SWEEP, timer);
                }
            }
        }
        Ok(())
    }

    fn sweep(&mut self) -> Result<()> {
        for client in &self.viewers {
            self.clients[*client].read(Instant::now())?;
        }
        Ok(())
    }

    fn count(&self) -> Counts {
        let mut sum = Counts::default();
        for counts in self.clients.iter().map(Client::counts) {
            sum.sent += counts.sent;
            sum.received += counts.received;
            sum.expected += counts.expected;
            sum.other += counts.other;
            sum.authentic += counts.authentic;
            sum.forged += counts.forged;
            sum.feedback += counts.feedback;
            sum.watching += counts.watching;
        }
        sum
    }
}

fn interval() -> Duration {
    Duration::from_secs(1) / FRAME_RATE
}

/// A share of an interval that differs from client to client.
fn spread(client: usize) -> f64 {
    (client as f64 * 0.618_034).fract()
}

fn report(report: &Report) -> Result<()> {
    let mut output = io::stdout().lock();
    serde_json::to_writer(&mut output, report)?;
    output.write_all(b"\n")?;
    output.flush().context("tell the measurement")
}
