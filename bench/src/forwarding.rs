//! Measures forwarding from socket to socket, beside the floor in the same run.

use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use crate::{
    allocations, figures,
    floor::{self, Floor},
    load::message::Counts,
    meeting::{Meeting, Sample, Shape},
    output,
    table::{Table, thousands},
};

/// Viewers in all rooms together under load: some 250,000 packets per second.
const CROWD: usize = 1_840;
/// How long after the last viewer the measurement begins.
const SETTLE: Duration = Duration::from_secs(3);

/// What forwarding costs in one meeting.
#[derive(Debug, Clone, Serialize)]
pub struct Forwarding {
    /// Rooms with one publisher of 1.2 Mbit/s each.
    pub rooms: usize,
    /// Viewers in each.
    pub subscribers: usize,
    /// How many times 1.2 Mbit/s each publisher sends.
    pub multiple: u64,
    /// Packets per second that reached the viewers.
    pub delivered: f64,
    /// Share of the packets that did not.
    pub loss: f64,
    /// Share of the core that the worker used.
    pub core: f64,
    /// Processor time per delivered packet, all included: nanoseconds.
    pub nanos: f64,
    /// Packets per second that a whole core would forward at that cost.
    pub per_core: f64,
    /// Datagrams per system call.
    pub run: f64,
    /// Allocations of the server's process per delivered packet.
    pub allocations: f64,
    /// Sealing and sending alone, in runs as long as those above.
    pub floor: Floor,
    /// `per_core` as a share of the floor's.
    pub ratio: f64,
    /// What the load counted.
    pub counts: Counts,
}

/// Measures `rooms` rooms, or a single one and then as many as load a core, and
/// prints the table.
///
/// # Errors
/// When a client cannot connect or the results not be written.
pub fn run(subscribers: &[usize], rooms: Option<usize>, time: Duration) -> Result<()> {
    let mut table = Table::new(
        "Forwarding: one worker on one core, publishers of 1.2 Mbit/s, feedback every 100 ms",
        &[
            "rooms x subscribers",
            "delivered/s",
            "loss",
            "core",
            "ns/packet",
            "packets/s/core",
            "run",
            "floor",
            "of floor",
            "allocations/packet",
        ],
    );
    let mut rows = Vec::new();
    for &viewers in subscribers {
        let all = [1, CROWD.div_ceil(viewers)];
        for rooms in rooms.map_or(all.to_vec(), |rooms| vec![rooms]) {
            let shape = Shape {
                rooms,
                viewers,
                multiple: 1,
                feedback: true,
            };
            let row = measure(shape, time)?;
            table.row(cells(&row));
            rows.push(row);
        }
    }
    output::publish("forwarding", &table, &rows)
}

/// Measures one meeting.
///
/// # Errors
/// When a client cannot connect.
pub fn measure(shape: Shape, time: Duration) -> Result<Forwarding> {
    let mut meeting = Meeting::start(shape)?;
    meeting.fill()?;
    meeting.pass(SETTLE);
    let before = meeting.sample()?;
    let allocated = allocations::so_far();
    meeting.pass(time);
    let allocated = allocations::so_far() - allocated;
    let after = meeting.sample()?;
    drop(meeting);
    evaluate(shape, &before, &after, allocated)
}

fn evaluate(shape: Shape, before: &Sample, after: &Sample, allocated: u64) -> Result<Forwarding> {
    let wall = after.at - before.at;
    let spent = after.worker - before.worker;
    let counts = after.counts.since(before.counts);
    let sends = after.stats.sends - before.stats.sends;
    let datagrams = after.stats.packets_out - before.stats.packets_out;
    let run = datagrams as f64 / sends.max(1) as f64;
    let floor = floor::measure(
        shape.rooms * shape.viewers,
        run.round().clamp(1.0, 32.0) as usize,
        Duration::from_millis(500),
    )?;
    let per_core = figures::per_second(counts.received, spent);
    Ok(Forwarding {
        rooms: shape.rooms,
        subscribers: shape.viewers,
        multiple: shape.multiple,
        delivered: figures::per_second(counts.received, wall),
        loss: counts.loss(),
        core: spent.as_secs_f64() / wall.as_secs_f64(),
        nanos: figures::nanos_each(spent, counts.received),
        per_core,
        run,
        allocations: allocated as f64 / counts.received.max(1) as f64,
        ratio: per_core / floor.per_core,
        floor,
        counts,
    })
}

fn cells(row: &Forwarding) -> [String; 10] {
    [
        format!("{} x {}", row.rooms, row.subscribers),
        thousands(row.delivered),
        format!("{:.2} %", row.loss * 100.0),
        format!("{:.0} %", row.core * 100.0),
        format!("{:.0}", row.nanos),
        thousands(row.per_core),
        format!("{:.1}", row.run),
        thousands(row.floor.per_core),
        format!("{:.0} %", row.ratio * 100.0),
        format!("{:.4}", row.allocations),
    ]
}
