//! A media plane in this process with rooms full of the load's clients.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use media::{MediaConfig, MediaPlane, RoomMedia, WorkerStats};
use protocol::{Offer, View};
use tokio::runtime::Runtime;

use crate::{
    cpu::{self, Thread},
    crowd::{Crowd, Seats, peer, sources},
    load::message::{Counts, Order, Role},
};

/// How a worker's thread is named.
const WORKER: &str = "media";

/// Rooms with one publisher and some viewers each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// How many rooms.
    pub rooms: usize,
    /// Viewers in each room.
    pub viewers: usize,
    /// How many times 1.2 Mbit/s each publisher sends.
    pub multiple: u64,
    /// Whether viewers negotiate and give transport-wide feedback.
    pub feedback: bool,
}

/// One worker, pinned to the server's core, and its clients.
pub struct Meeting {
    crowd: Crowd<Plane>,
    worker: Thread,
    shape: Shape,
}

impl Meeting {
    /// Starts plane and load; nobody is connected yet.
    ///
    /// # Errors
    /// When sockets or processes cannot be had.
    pub fn start(shape: Shape) -> Result<Self> {
        let plane = Plane::start(shape.rooms)?;
        // A thread has its name once it runs, which an answer shows.
        plane.runtime.block_on(plane.plane.stats());
        let worker = match Thread::named(WORKER)?.as_slice() {
            [worker] => *worker,
            other => bail!("one media worker expected, not {}", other.len()),
        };
        worker.pin(cpu::SERVER_CORE)?;
        Ok(Self {
            crowd: Crowd::start(plane, shape.rooms)?,
            worker,
            shape,
        })
    }

    /// Connects each room's publisher and starts to send, then the viewers.
    ///
    /// # Errors
    /// When a client cannot connect.
    pub fn fill(&mut self) -> Result<()> {
        let Shape {
            rooms,
            viewers,
            multiple,
            feedback,
        } = self.shape;
        self.crowd.connect(rooms, Role::Publisher { multiple })?;
        self.crowd.load.order(&Order::Publish)?;
        let viewer = |verify| Role::Viewer { feedback, verify };
        // One viewer in each room shows that what the others count can be decrypted.
        let witnesses = rooms.min(rooms * viewers);
        self.crowd.connect(witnesses, viewer(true))?;
        self.crowd
            .connect(rooms * viewers - witnesses, viewer(false))
    }

    /// Lets the meeting go on for a while.
    pub fn pass(&self, time: Duration) {
        let runtime = &self.crowd.seats.runtime;
        runtime.block_on(async { tokio::time::sleep(time).await });
    }

    /// All counters now.
    ///
    /// # Errors
    /// When the worker or the load is gone.
    pub fn sample(&mut self) -> Result<Sample> {
        let seats = &self.crowd.seats;
        let stats = seats.runtime.block_on(seats.plane.stats());
        Ok(Sample {
            at: Instant::now(),
            worker: self.worker.time()?,
            stats: stats.into_iter().next().context("the worker is gone")?,
            counts: self.crowd.load.counts()?,
        })
    }
}

/// Counters of server and load at one moment.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The moment.
    pub at: Instant,
    /// Processor time of the worker so far.
    pub worker: Duration,
    /// What the worker counted.
    pub stats: WorkerStats,
    /// What the load counted.
    pub counts: Counts,
}

/// A media plane with one worker and open rooms.
pub struct Plane {
    runtime: Runtime,
    plane: MediaPlane,
    rooms: Vec<RoomMedia>,
}

impl Plane {
    /// Binds a socket on loopback and opens the rooms.
    ///
    /// # Errors
    /// When there is no socket or no thread.
    pub fn start(rooms: usize) -> Result<Self> {
        let mut plane = Self {
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()?,
            plane: MediaPlane::start(&MediaConfig {
                listen: ([127, 0, 0, 1], 0).into(),
                announce: Vec::new(),
                workers: 1,
            })?,
            rooms: Vec::new(),
        };
        for room in 0..rooms {
            plane.open(room)?;
        }
        Ok(plane)
    }

    fn open(&mut self, room: usize) -> Result<()> {
        let id = format!("bench-{room}");
        let (media, mut events) = self.plane.open_room(&id)?;
        // Nobody needs to know; but the queue must not fill up.
        self.runtime
            .spawn(async move { while events.recv().await.is_some() {} });
        self.rooms.push(media);
        Ok(())
    }
}

impl Seats for Plane {
    fn take(&mut self, room: usize, client: usize) -> Result<()> {
        let peer = peer(client)?;
        self.rooms[room].add(&peer)?;
        Ok(self.rooms[room].set_sources(&peer, sources(room, client))?)
    }

    fn offer(&mut self, room: usize, client: usize, offer: Offer) -> Result<String> {
        let peer = peer(client)?;
        let answer = self.rooms[room].offer(&peer, offer);
        Ok(self.runtime.block_on(answer)?)
    }

    fn set_view(&mut self, room: usize, client: usize, view: View) -> Result<()> {
        Ok(self.rooms[room].set_view(&peer(client)?, view)?)
    }
}
