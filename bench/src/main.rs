//! Owns the command line of the benchmarks; what is measured is `bench`'s own.

use std::time::Duration;

use anyhow::Result;
use bench::floor;
use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(about = "Measures Meetframe beside a physical floor")]
struct Arguments {
    #[command(subcommand)]
    measurement: Measurement,
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
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let time = Duration::from_secs_f64(arguments.seconds);
    match arguments.measurement {
        Measurement::All | Measurement::Floor => floor::run(&arguments.subscribers, time),
    }
}
