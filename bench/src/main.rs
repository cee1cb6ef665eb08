//! Owns the command line of the benchmarks; what is measured is `bench`'s own.

use std::time::Duration;

use anyhow::Result;
use bench::{floor, routing};
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
    /// Everything below.
    All,
    /// What sealing and sending alone costs.
    Floor,
    /// What choosing and rewriting alone costs.
    Routing,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let time = Duration::from_secs_f64(arguments.seconds);
    match arguments.measurement.unwrap_or(Measurement::All) {
        Measurement::Floor => floor::run(&arguments.subscribers, time),
        Measurement::Routing => routing::run(&arguments.subscribers, time),
        Measurement::All => {
            floor::run(&arguments.subscribers, time)?;
            routing::run(&arguments.subscribers, time)
        }
    }
}
