//! Measures the page in Chromium: bytes and hydration of a first visit, and
//! the time from the click on Join to somebody else's first picture.
//!
//! Chromium is driven by `page/measure.mjs`; here the server is started and
//! the figures are told.

use std::{
    collections::BTreeMap,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};

use crate::{figures::quantile, output, server::Server, table::Table};

/// Visits whose hydration is timed.
const VISITS: usize = 20;
/// The aims: bytes of the first visit, milliseconds to the first picture.
const AIM_BYTES: f64 = 400.0 * 1_024.0;
const AIM_FRAME: f64 = 300.0;
/// What happens on the way to the first picture, in its order.
const MOMENTS: [&str; 7] = [
    "socket",
    "welcome",
    "answer",
    "connected",
    "slotAssigned",
    "unmute",
    "frame",
];

#[derive(Debug, Serialize, Deserialize)]
struct Measured {
    visit: Vec<Request>,
    hydrations: Vec<f64>,
    joins: Vec<BTreeMap<String, f64>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Request {
    path: String,
    status: u16,
    encoding: String,
    /// On the wire, with headers.
    bytes: u64,
    raw: u64,
}

/// Measures and prints the tables. Says so when there is no server to measure.
///
/// # Errors
/// When Chromium cannot be driven or the results not be written.
pub fn run(joins: usize) -> Result<()> {
    let server = match Server::start() {
        Ok(server) => server,
        Err(error) => {
            output::show(&format!("\nThe page is left out: {error:#}"));
            return Ok(());
        }
    };
    let measured = measure(&server, joins)?;
    output::publish("page-bytes", &bytes(&measured.visit), &measured.visit)?;
    output::publish("page-times", &times(&measured), &measured)
}

/// Gets Playwright, if nobody has yet; the browser is the system's.
pub(crate) fn install_playwright() -> Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end");
    if folder.join("node_modules/@playwright").exists() {
        return Ok(());
    }
    let npm = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(folder)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .stdout(Stdio::null())
        .status()
        .context("start npm")?;
    ensure!(npm.success(), "npm ci failed");
    Ok(())
}

fn measure(server: &Server, joins: usize) -> Result<Measured> {
    install_playwright()?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("page/measure.mjs");
    let output = Command::new("node")
        .arg(&script)
        .arg(format!("http://{}", server.address))
        .args([VISITS.to_string(), joins.to_string()])
        .stderr(Stdio::inherit())
        .output()
        .context("start node")?;
    ensure!(output.status.success(), "{} failed", script.display());
    serde_json::from_slice(&output.stdout).context("read what the script measured")
}

fn bytes(visit: &[Request]) -> Table {
    let mut table = Table::new(
        "Bytes of a first visit to /call (aim: below 400 KB on the wire in all)",
        &["file", "encoding", "raw KB", "wire KB", "of the aim"],
    );
    let mut row = |name: &str, encoding: &str, raw: u64, wire: u64| {
        table.row([
            name.to_owned(),
            encoding.to_owned(),
            format!("{:.1}", raw as f64 / 1_024.0),
            format!("{:.1}", wire as f64 / 1_024.0),
            format!("{:.0} %", wire as f64 / AIM_BYTES * 100.0),
        ]);
    };
    for request in visit {
        row(&request.path, &request.encoding, request.raw, request.bytes);
    }
    let sum = |counts: fn(&Request) -> bool| {
        visit
            .iter()
            .filter(|request| counts(request))
            .fold((0, 0), |(raw, wire), request| {
                (raw + request.raw, wire + request.bytes)
            })
    };
    let (raw, wire) = sum(|request| !is_for_later(request));
    row("in all, for the page", "", raw, wire);
    let (raw, wire) = sum(is_for_later);
    row("loaded then, for the meeting", "", raw, wire);
    table
}

/// Parts of the program that are loaded when the page is in use already
/// (`app::parts`).
fn is_for_later(request: &Request) -> bool {
    request.path.contains("/split_")
}

fn times(measured: &Measured) -> Table {
    let mut table = Table::new(
        "Times in Chromium on loopback: milliseconds (aim: first picture below 300 at the median)",
        &["until", "times", "median", "p95", "of the aim"],
    );
    let mut row = |name: &str, values: &[f64], aim: Option<f64>| {
        let (median, p95) = (quantile(values, 0.5), quantile(values, 0.95));
        let text = |value: Option<f64>| value.map_or_else(String::new, |v| format!("{v:.0}"));
        let share = median.zip(aim).map(|(median, aim)| median / aim * 100.0);
        table.row([
            name.to_owned(),
            values.len().to_string(),
            text(median),
            text(p95),
            share.map_or_else(String::new, |share| format!("{share:.0} %")),
        ]);
    };
    row("hydrated, after the navigation", &measured.hydrations, None);
    for moment in MOMENTS {
        let values: Vec<f64> = measured
            .joins
            .iter()
            .filter_map(|join| join.get(moment).copied())
            .collect();
        let name = format!("{moment}, after Join");
        row(&name, &values, (moment == "frame").then_some(AIM_FRAME));
    }
    table
}
