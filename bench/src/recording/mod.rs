//! Measures one recording of two people: what its browser costs, what is in
//! the video, and what a crash takes.
//!
//! The people are pages in Chromium (`page/meet.mjs`), the recorder is the
//! server's own. Beside the figures stand those of the sketch that the way of
//! recording was chosen by: a tab that showed four pictures of 360 lines.

mod browser;
mod film;
mod meeting;

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use crate::{output, page::install_playwright, server::Server, table::Table};
use browser::Browsers;
use meeting::{Backend, People};

/// How long it runs before anything is measured: start-up is no steady state.
const SETTLE: Duration = Duration::from_secs(3);
/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often something is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// Bytes of some seconds of a recording.
const SOME: u64 = 300_000;

/// What the sketch had: cores, bytes, pictures a second, and how many seconds
/// were finished in one.
const SKETCH: Figures = Figures {
    cores: 0.675,
    memory: 510e6,
    pictures: 30.0,
    start: 2.1,
    finish: 61.0,
    missing: 3.0,
    still: 0,
    seconds: 0,
};

/// What was measured, of one recording.
#[derive(Debug, Clone, Copy, Serialize)]
struct Figures {
    /// Processors that the recorder's browsers used: the one that records, and
    /// the one that waits for its death.
    cores: f64,
    /// Memory of both in bytes; what processes share counts once.
    memory: f64,
    /// Pictures a second, over the whole video.
    pictures: f64,
    /// Seconds from the wish until it recorded.
    start: f64,
    /// Seconds of video that were finished in one second.
    finish: f64,
    /// Seconds that the death of the browser took.
    missing: f64,
    /// Seconds of the video in which somebody's tile did not move.
    still: usize,
    /// Seconds that were looked at.
    seconds: usize,
}

/// Measures and prints the table. Says so when there is nothing to measure
/// with.
///
/// # Errors
/// When a browser or ffmpeg fails, or the results cannot be written.
pub fn run(time: Duration) -> Result<()> {
    let server = match Server::start() {
        Ok(server) => server,
        Err(error) => {
            output::show(&format!("\nRecordings are left out: {error:#}"));
            return Ok(());
        }
    };
    install_playwright()?;
    let figures = measure(&server, time)?;
    output::publish("recording", &table(&figures), &figures)
}

fn measure(server: &Server, time: Duration) -> Result<Figures> {
    let room = "bench-recording";
    let backend = Backend::of(server, room)?;
    let people = People::enter(server, room, 2)?;
    let begin = Instant::now();
    let recording = backend.start()?;
    until("it records", || Ok(backend.state()? == "recording"))?;
    let start = begin.elapsed().as_secs_f64();
    sleep(SETTLE);
    let browsers = Browsers::of(server)?;
    let (used, from) = (browsers.time()?, Instant::now());
    sleep(time);
    let cores = (browsers.time()? - used).as_secs_f64() / from.elapsed().as_secs_f64();
    let memory = browsers.memory()?;
    browsers.kill()?;
    let folder = server.folder().join("recordings").join(&recording);
    until("another browser records", || {
        let part = folder.join("raw/v001_p002.mkv");
        Ok(std::fs::metadata(part).is_ok_and(|file| file.len() > SOME))
    })?;
    backend.stop()?;
    let begin = Instant::now();
    until("the video is ready", || Ok(backend.state()? == "ready"))?;
    let finished = begin.elapsed().as_secs_f64();
    drop(people);
    let video = backend.video()?;
    let film = film::look(&folder.join("v001/video.mp4"))?;
    Ok(Figures {
        cores,
        memory,
        pictures: film.pictures / video.duration,
        start,
        finish: video.duration / finished,
        missing: video.missing,
        still: film.still,
        seconds: film.seconds,
    })
}

/// Looks again and again until it is so.
fn until(what: &str, so: impl Fn() -> Result<bool>) -> Result<()> {
    let begin = Instant::now();
    while !so().with_context(|| format!("until {what}"))? {
        ensure!(begin.elapsed() < PATIENCE, "waited in vain until {what}");
        sleep(LOOK);
    }
    Ok(())
}

fn table(figures: &Figures) -> Table {
    let mut table = Table::new(
        "One recording of two people, 1280×720 (beside the sketch's four pictures of 360 lines; \
         after kill -9 of the browser beside the aim)",
        &["what", "measured", "sketch or aim", "ratio"],
    );
    let mut row = |what: &str, figure: fn(&Figures) -> f64, unit: &str, scale: f64| {
        let (measured, peer) = (figure(figures) / scale, figure(&SKETCH) / scale);
        table.row([
            what.to_owned(),
            format!("{measured:.2} {unit}"),
            format!("{peer:.2} {unit}"),
            format!("{:.0} %", measured / peer * 100.0),
        ]);
    };
    row("processors", |f| f.cores, "cores", 1.0);
    row("memory", |f| f.memory, "MB", 1e6);
    row("pictures a second", |f| f.pictures, "fps", 1.0);
    row("until it records", |f| f.start, "s", 1.0);
    row("finished in a second", |f| f.finish, "s", 1.0);
    row("missing after kill -9", |f| f.missing, "s", 1.0);
    let still = format!("{} of {}", figures.still, figures.seconds);
    let row = ["seconds without motion".to_owned(), still, "0".to_owned()];
    table.row(row.into_iter().chain([String::new()]));
    table
}
