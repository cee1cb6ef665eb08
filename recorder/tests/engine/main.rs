//! A real browser records a real page, and ffmpeg makes the video. What may
//! die in between dies here.

mod bench;
mod full_disk;
mod host;

use std::{path::Path, process::Command, time::Duration};

use recorder::{Event, session::End};

use bench::{Bench, kill};

/// The most that may be missing after a crash.
const MISSING_MAX: Duration = Duration::from_secs(3);

fn mean_volume(file: &Path) -> f64 {
    let said = Command::new("ffmpeg")
        .args(["-hide_banner", "-i"])
        .arg(file)
        .args(["-vn", "-af", "volumedetect", "-f", "null", "-"])
        .output()
        .expect("ffmpeg runs");
    let said = String::from_utf8_lossy(&said.stderr).into_owned();
    let (_, rest) = said.split_once("mean_volume: ").expect("a volume");
    let number = rest.split(' ').next().expect("a number");
    number.parse().expect("decibels")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_recorded_and_becomes_a_video() {
    let mut bench = Bench::start(|_| {}).await;
    bench.until(|event| matches!(event, Event::Live)).await;
    bench.until_written(0, 200_000).await;
    assert_eq!(bench.stop().await, End::Stopped);
    assert_eq!(bench.parts.len(), 1);
    let video = bench.finish(&bench.parts).await;
    let probe = &video.probe;
    assert_eq!((probe.width, probe.height), (1_280, 720));
    let seconds = probe.duration.as_secs_f64();
    eprintln!(
        "{seconds:.1} s, {:.1} pictures a second, {} bytes",
        probe.frame_rate, video.bytes
    );
    assert!(seconds > 2.0, "{seconds}");
    assert_eq!(video.missing, Duration::ZERO);
    let folder = bench.files().volume(1);
    assert!(mean_volume(&folder.join("video.mp4")) > -40.0);
    let master = std::fs::read_to_string(folder.join("hls/master.m3u8")).expect("a playlist");
    assert!(master.contains("CODECS=\"avc1."), "{master}");
    assert!(folder.join("poster.jpg").is_file());
    let left = std::fs::read_dir(bench.files().path()).expect("a folder");
    let names: Vec<_> = left.flatten().map(|entry| entry.file_name()).collect();
    assert!(
        names
            .iter()
            .all(|name| !name.to_string_lossy().ends_with(".tmp"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_is_killed_is_followed_by_another_part() {
    let mut bench = Bench::start(|_| {}).await;
    bench.until(|event| matches!(event, Event::Live)).await;
    bench.until_written(0, 200_000).await;
    kill(bench.process.expect("a browser"));
    bench
        .until(|event| matches!(event, Event::Opened { .. }))
        .await;
    bench.until_written(1, 200_000).await;
    assert_eq!(bench.stop().await, End::Stopped);
    assert_eq!(bench.parts.len(), 2);
    let video = bench.finish(&bench.parts).await;
    eprintln!(
        "{:?} long, {:?} missing",
        video.probe.duration, video.missing
    );
    assert!(video.missing > Duration::ZERO);
    assert!(video.missing <= MISSING_MAX, "{:?}", video.missing);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_volume_begins_while_the_last_one_ends() {
    let mut bench = Bench::start(|s| s.volume = Duration::from_secs(5)).await;
    bench
        .until(|event| matches!(event, Event::VolumeOver { volume: 1 }))
        .await;
    bench.until_written(1, 100_000).await;
    bench.stop().await;
    assert!(bench.volumes.starts_with(&[1, 2]), "{:?}", bench.volumes);
    let video = bench.finish(&bench.parts[..1]).await;
    let end = bench.parts[0].at + u64::try_from(video.probe.duration.as_millis()).expect("ms");
    let gap = i128::from(bench.parts[1].at) - i128::from(end);
    eprintln!("gap: {gap} ms");
    assert!(gap < 100, "{gap} ms are missing");
}
