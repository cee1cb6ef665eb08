//! Measures resident memory per viewer: of the media plane alone, and of the
//! whole server with its WebSockets.

use std::time::Duration;

use anyhow::Result;
use serde::Serialize;

use crate::{
    crowd::{Crowd, Seats},
    load::message::{Order, Role},
    meeting::Plane,
    output,
    server::{self, Server},
    signaling::ServerSeats,
    table::Table,
};

/// How many viewers a room has when memory is looked at.
const STEPS: [usize; 3] = [0, 100, 500];
/// How long packets flow before, so that caches and histories are full.
const SETTLE: Duration = Duration::from_secs(4);
/// The aim: bytes per viewer.
pub const AIM: f64 = 200.0 * 1_024.0;

/// Memory of one process with some viewers.
#[derive(Debug, Clone, Serialize)]
pub struct Memory {
    /// What was measured: the media plane or the server.
    pub what: &'static str,
    /// Viewers of one publisher's video in one room.
    pub viewers: usize,
    /// Bytes that the process holds.
    pub resident: u64,
    /// Bytes per viewer beyond what it held with none.
    pub per_viewer: Option<f64>,
}

/// Measures both and prints the table.
///
/// # Errors
/// When a client cannot connect or the results not be written.
pub fn run() -> Result<()> {
    let mut rows = plane()?;
    match Server::start() {
        Ok(server) => rows.extend(whole_server(&server)?),
        Err(error) => output::show(&format!("\nMemory of the server is left out: {error:#}")),
    }
    let mut table = Table::new(
        "Memory: one room, one publisher of 1.2 Mbit/s, viewers that watch it (aim: below 200 KB each)",
        &[
            "process",
            "viewers",
            "resident MB",
            "KB/viewer",
            "of the aim",
        ],
    );
    for row in &rows {
        let per_viewer = row.per_viewer;
        table.row([
            row.what.to_owned(),
            row.viewers.to_string(),
            format!("{:.1}", row.resident as f64 / 1_048_576.0),
            per_viewer.map_or_else(String::new, |bytes| format!("{:.0}", bytes / 1_024.0)),
            per_viewer.map_or_else(String::new, |bytes| format!("{:.0} %", bytes / AIM * 100.0)),
        ]);
    }
    output::publish("memory", &table, &rows)
}

fn plane() -> Result<Vec<Memory>> {
    let crowd = Crowd::start(Plane::start(1)?, 1)?;
    grow(crowd, "media plane", || server::resident("self"))
}

fn whole_server(server: &Server) -> Result<Vec<Memory>> {
    let crowd = Crowd::start(ServerSeats::new(server.address)?, 1)?;
    grow(crowd, "server", || server.resident())
}

fn grow<S: Seats>(
    mut crowd: Crowd<S>,
    what: &'static str,
    resident: impl Fn() -> Result<u64>,
) -> Result<Vec<Memory>> {
    crowd.connect(1, Role::Publisher { multiple: 1 })?;
    crowd.load.order(&Order::Publish)?;
    let viewer = Role::Viewer {
        feedback: true,
        verify: false,
    };
    let (mut connected, mut rows) = (0, Vec::<Memory>::new());
    for viewers in STEPS {
        crowd.connect(viewers - connected, viewer)?;
        connected = viewers;
        std::thread::sleep(SETTLE);
        let resident = resident()?;
        let base = rows.first().map(|row| row.resident);
        let per_viewer = base.map(|base| resident.saturating_sub(base) as f64 / viewers as f64);
        rows.push(Memory {
            what,
            viewers,
            resident,
            per_viewer,
        });
    }
    Ok(rows)
}
