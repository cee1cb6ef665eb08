//! Owns the command line of the benchmarks; what is measured is `bench`'s own.

use std::time::Duration;

use anyhow::Result;
use bench::{
    floor, forwarding, load, memory, page, recording, rest, routing,
    webinar::{self, figures::Scale},
};
use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(about = "Measures Meetframe beside a physical floor")]
struct Arguments {
    #[command(subcommand)]
    measurement: Option<Measurement>,
    /// How many subscribers to measure with, one run for each.
    #[arg(long, global = true, value_delimiter = ',', default_values_t = [10, 100, 500])]
    subscribers: Vec<usize>,
    /// Seconds of each run.
    #[arg(long, global = true, default_value_t = 3.0)]
    seconds: f64,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Measurement {
    /// Everything below; the default.
    All,
    /// What sealing and sending alone costs.
    Floor,
    /// What choosing and rewriting alone costs.
    Routing,
    /// What forwarding costs from socket to socket.
    Forwarding {
        /// How many rooms; by default one, then as many as load a core.
        #[arg(long)]
        rooms: Option<usize>,
    },
    /// Resident memory per viewer.
    Memory,
    /// Bytes, hydration and the first picture, in Chromium.
    Page {
        /// How many participants join, one after another.
        #[arg(long, default_value_t = JOINS)]
        joins: usize,
    },
    /// One recording of two people: its browser, its video, a crash.
    Recording,
    /// Twenty speakers and thousands of viewers.
    Webinar {
        /// All viewers.
        #[arg(long, default_value_t = WEBINAR.viewers)]
        viewers: usize,
        /// Those of them who have media.
        #[arg(long, default_value_t = WEBINAR.watching)]
        watching: usize,
    },
    /// Answers of the REST API, and a webhook's way.
    Rest,
    /// The bare handler beside which answers are measured.
    #[command(hide = true)]
    Bare,
    /// The load process of the other measurements.
    #[command(hide = true)]
    Load,
}

const JOINS: usize = 50;
/// How long a recording is looked at.
const RECORDED: Duration = Duration::from_secs(20);
const WEBINAR: Scale = Scale {
    viewers: 2_000,
    watching: 300,
};

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let time = Duration::from_secs_f64(arguments.seconds);
    let subscribers = &arguments.subscribers;
    match arguments.measurement.unwrap_or(Measurement::All) {
        Measurement::Floor => floor::run(subscribers, time),
        Measurement::Routing => routing::run(subscribers, time),
        Measurement::Forwarding { rooms } => forwarding::run(subscribers, rooms, time),
        Measurement::Memory => memory::run(),
        Measurement::Page { joins } => page::run(joins),
        Measurement::Recording => recording::run(RECORDED),
        Measurement::Webinar { viewers, watching } => {
            webinar::run(Scale { viewers, watching }, time)
        }
        Measurement::Rest => rest::run(time),
        Measurement::Bare => rest::bare::serve(),
        Measurement::Load => load::process::run(),
        Measurement::All => {
            // first: memory that the others leave behind would hide what is measured
            memory::run()?;
            floor::run(subscribers, time)?;
            routing::run(subscribers, time)?;
            forwarding::run(subscribers, None, time)?;
            webinar::run(WEBINAR, time)?;
            rest::run(time)?;
            page::run(JOINS)?;
            recording::run(RECORDED)
        }
    }
}
