//! All who have media: native clients, driven by one thread on the load's core.
//! Each decrypts all that it gets, gives feedback, and speakers send.

use std::{
    collections::HashMap,
    sync::mpsc::{self, Receiver, Sender, SyncSender},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use media::client::{Client, OPUS_PT, Received, VP8_PT};
use sfu::rtp::Header;
use socket2::SockRef;

use super::{SPEAKERS, TALKING, speaker::Speaker};
use crate::{cpu, feedback::Arrivals, load::client::Sequence, sinks::RECEIVE_BUFFER, traffic};

/// How often sockets are emptied. They are not waited for: on loopback the
/// server's core would pay for waking this thread.
const SWEEP: Duration = Duration::from_millis(2);
/// How often receivers give feedback; browsers do every 50 to 250 ms.
const FEEDBACK: Duration = Duration::from_millis(100);
/// How long somebody talks.
const TURN: Duration = Duration::from_secs(4);

/// What all viewers counted since the start.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Whose media can flow, speakers included.
    pub connected: usize,
    /// Packets of sound and picture that viewers got.
    pub received: u64,
    /// Those that they should have got, by sequence numbers.
    pub expected: u64,
    /// How long each viewer waited for the first picture since it began to
    /// join.
    pub waits: Vec<Duration>,
    /// Pictures that moved in the last second, of all viewers together.
    pub pictures: usize,
    /// When the last of them had it.
    pub last_picture: Option<Instant>,
}

impl Counts {
    /// Share of the packets since `before` that did not arrive.
    #[must_use]
    pub fn loss_since(&self, before: &Self) -> f64 {
        let expected = self.expected.saturating_sub(before.expected);
        let received = self.received - before.received;
        expected.saturating_sub(received) as f64 / expected.max(1) as f64
    }
}

enum Order {
    Add(Box<Member>),
    Count(SyncSender<Counts>),
}

/// The thread with the clients. Dropping it ends the thread.
pub struct Members {
    orders: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
}

impl Members {
    /// Nobody is there yet.
    ///
    /// # Errors
    /// When there is no thread.
    pub fn start() -> Result<Self> {
        let (orders, inbox) = mpsc::channel();
        let thread = thread::Builder::new().name("members".to_owned());
        let thread = thread.spawn(move || run(&inbox))?;
        Ok(Self {
            orders: Some(orders),
            thread: Some(thread),
        })
    }

    /// Takes a client that has its answer and goes on from there.
    ///
    /// # Errors
    /// When the thread is gone.
    pub fn add(&self, client: Client, role: Role, since: Instant) -> Result<()> {
        SockRef::from(client.socket()).set_recv_buffer_size(RECEIVE_BUFFER)?;
        self.order(Order::Add(Box::new(Member::new(client, role, since))))
    }

    /// The counters now.
    ///
    /// # Errors
    /// When the thread is gone.
    pub fn counts(&self) -> Result<Counts> {
        let (reply, answer) = mpsc::sync_channel(1);
        self.order(Order::Count(reply))?;
        answer.recv().context("the clients' thread is gone")
    }

    fn order(&self, order: Order) -> Result<()> {
        let orders = self
            .orders
            .as_ref()
            .context("the clients' thread is gone")?;
        orders
            .send(order)
            .ok()
            .context("the clients' thread is gone")
    }
}

impl Drop for Members {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            // a client that failed was counted as one without a picture
            let _ = thread.join();
        }
    }
}

/// What a client does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Sends and receives; the number counts from 0.
    Speaker(usize),
    /// Receives.
    Viewer,
}

struct Member {
    client: Client,
    role: Role,
    since: Instant,
    speaker: Option<Speaker>,
    first_picture: Option<Instant>,
    received: u64,
    streams: HashMap<u32, Stream>,
    media: u32,
    arrivals: Arrivals,
    report: Vec<u8>,
    next_feedback: Instant,
}

/// What came in one slot.
struct Stream {
    picture: bool,
    sequence: Sequence,
    latest: Instant,
}

impl Stream {
    fn moves(&self, now: Instant) -> bool {
        self.picture && now.saturating_duration_since(self.latest) < Duration::from_secs(1)
    }
}

fn run(inbox: &Receiver<Order>) {
    // without a core of its own the load disturbs, which the figures show
    let _ = cpu::pin_current(cpu::load_core());
    let start = Instant::now();
    let mut members: Vec<Member> = Vec::new();
    let mut next = start;
    loop {
        loop {
            match inbox.try_recv() {
                Ok(Order::Add(member)) => members.push(*member),
                Ok(Order::Count(reply)) => drop(reply.send(count(&members))),
                Err(mpsc::TryRecvError::Empty) => break,
                Err(mpsc::TryRecvError::Disconnected) => return,
            }
        }
        let turns = (start.elapsed().as_secs() / TURN.as_secs()) as usize;
        // a client whose connection failed gets nothing more, and that counts
        members.iter_mut().for_each(|m| drop(m.turn(turns)));
        next = (next + SWEEP).max(Instant::now());
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
}

fn count(members: &[Member]) -> Counts {
    let (mut counts, now) = (Counts::default(), Instant::now());
    for member in members {
        counts.connected += usize::from(member.client.is_connected());
        if member.role != Role::Viewer {
            continue;
        }
        counts.received += member.received;
        let streams = member.streams.values();
        counts.expected += streams.clone().map(|s| s.sequence.expected()).sum::<u64>();
        counts.pictures += streams.filter(|stream| stream.moves(now)).count();
        if let Some(at) = member.first_picture {
            counts.waits.push(at - member.since);
            counts.last_picture = counts.last_picture.max(Some(at));
        }
    }
    counts
}

impl Member {
    fn new(client: Client, role: Role, since: Instant) -> Self {
        let now = Instant::now();
        Self {
            client,
            role,
            since,
            speaker: None,
            first_picture: None,
            received: 0,
            streams: HashMap::new(),
            media: 0,
            arrivals: Arrivals::new(now),
            report: Vec::new(),
            next_feedback: now,
        }
    }

    /// Receives all that waits, and does what time asks for.
    fn turn(&mut self, turns: usize) -> Result<()> {
        let now = Instant::now();
        while let Some(received) = self.client.receive(Duration::ZERO)? {
            match received {
                Received::Rtp(packet) => {
                    let Ok(header) = Header::parse(packet) else {
                        continue;
                    };
                    if let Some(number) = traffic::transport_sequence(packet) {
                        self.arrivals.note(number, now);
                    }
                    self.take(&header, now);
                }
                Received::Rtcp(packet) => {
                    let asked = traffic::asks_for_keyframe(packet);
                    if let Some(speaker) = self.speaker.as_mut().filter(|_| asked) {
                        speaker.want_keyframe();
                    }
                }
            }
        }
        if !self.client.is_connected() {
            return Ok(());
        }
        if let Role::Speaker(number) = self.role {
            self.speak((number + turns) % SPEAKERS < TALKING, now)?;
        }
        if now >= self.next_feedback {
            self.next_feedback = now + FEEDBACK;
            if self.arrivals.write(1, self.media, &mut self.report) {
                self.client.send_rtcp(&self.report)?;
            }
        }
        Ok(())
    }

    fn take(&mut self, header: &Header, now: Instant) {
        let picture = header.payload_type == VP8_PT;
        if !picture && header.payload_type != OPUS_PT {
            return;
        }
        self.media = header.ssrc;
        self.received += 1;
        if picture {
            self.first_picture.get_or_insert(now);
        }
        let stream = self.streams.entry(header.ssrc);
        let stream = stream.or_insert_with(|| Stream {
            picture,
            sequence: Sequence::new(header.sequence),
            latest: now,
        });
        stream.sequence.note(header.sequence);
        stream.latest = now;
    }

    fn speak(&mut self, talks: bool, now: Instant) -> Result<()> {
        let sending = self.client.sending();
        let speaker = self.speaker.get_or_insert_with(|| {
            Speaker::new(sending[0].ssrc, &sending[0].mid, &sending[1].mid, now)
        });
        speaker.speaks = talks;
        let client = &mut self.client;
        let mut sent = Ok(());
        speaker.poll(now, |packet, _| {
            if sent.is_ok() {
                sent = client.send_rtp(packet);
            }
        });
        Ok(sent?)
    }
}
