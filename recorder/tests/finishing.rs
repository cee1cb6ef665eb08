//! Makes videos of parts that crashes left. No browser: ffmpeg makes the parts.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use recorder::{FinishError, RawPart, Recorder, Settings, Video};
use tempfile::TempDir;
use tokio::sync::mpsc;

struct Bench {
    folder: TempDir,
    recorder: Recorder,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = Settings::of(folder.path().to_path_buf());
        let recorder = Recorder::find(settings).expect("Chromium and ffmpeg");
        Self { folder, recorder }
    }

    /// A part like a browser's, of so many seconds; its picture sets in later.
    fn part(&self, at: u64, seconds: u32, picture_after: u32) -> RawPart {
        let path = self.folder.path().join(format!("part{at}.mkv"));
        let made = Command::new("ffmpeg")
            .args(["-v", "error", "-f", "lavfi", "-itsoffset"])
            .arg(picture_after.to_string())
            .args(["-i", "testsrc2=size=320x180:rate=30", "-f", "lavfi", "-i"])
            .args(["sine=frequency=440:sample_rate=48000", "-t"])
            .arg((seconds + picture_after).to_string())
            .args(["-c:v", "libx264", "-preset", "ultrafast", "-g", "30"])
            .args([
                "-pix_fmt",
                "yuv420p",
                "-fps_mode",
                "passthrough",
                "-c:a",
                "libopus",
            ])
            .args(["-live", "1", "-cluster_time_limit", "500"])
            .arg(&path)
            .status();
        assert!(made.expect("ffmpeg runs").success());
        RawPart { path, at }
    }

    async fn finish(&self, parts: &[RawPart]) -> Result<Video, FinishError> {
        let (progress, mut heard) = mpsc::channel(8);
        let target = self.target();
        let listen = async { while heard.recv().await.is_some() {} };
        let (video, ()) = tokio::join!(self.recorder.finish(parts, &target, progress), listen);
        video
    }

    fn target(&self) -> PathBuf {
        self.folder.path().join("v001")
    }
}

/// Cuts a file off behind its first clusters.
fn cut(part: &RawPart, clusters: usize) {
    let bytes = fs::read(&part.path).expect("a part");
    let begins = |at: &usize| bytes[*at..*at + 4] == [0x1F, 0x43, 0xB6, 0x75];
    let mut starts = (0..bytes.len() - 4).filter(begins);
    let end = starts.nth(clusters).expect("clusters");
    fs::write(&part.path, &bytes[..end]).expect("written");
}

#[tokio::test]
async fn what_lies_between_two_parts_is_said_to_be_missing() {
    let bench = Bench::new();
    let parts = [bench.part(10_000, 4, 0), bench.part(16_500, 3, 0)];
    let video = bench.finish(&parts).await.expect("a video");
    let missing = video.missing.as_secs_f64();
    assert!((2.4..=2.6).contains(&missing), "{missing}");
    let seconds = video.probe.duration.as_secs_f64();
    assert!((6.8..=7.2).contains(&seconds), "{seconds}");
}

#[tokio::test]
async fn a_part_that_ended_before_its_first_picture_is_left_out() {
    let bench = Bench::new();
    let early = bench.part(10_000, 2, 6);
    cut(&early, 2);
    let only_head = bench.part(11_000, 2, 0);
    cut(&only_head, 0);
    let never = RawPart {
        path: bench.folder.path().join("never.mkv"),
        at: 12_000,
    };
    let useless = [early, only_head, never];
    let nothing = bench.finish(&useless).await;
    assert!(matches!(nothing, Err(FinishError::Nothing)), "{nothing:?}");
    assert!(!bench.target().exists());

    let [early, only_head, never] = useless;
    let parts = [early, only_head, never, bench.part(15_000, 3, 0)];
    let video = bench.finish(&parts).await.expect("a video");
    assert!(video.probe.duration >= Duration::from_millis(2_800));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tool_that_is_killed_takes_nothing_with_it() {
    let bench = Bench::new();
    let parts = [bench.part(10_000, 60, 0)];
    let killer = tokio::task::spawn_blocking({
        let folder = bench.folder.path().to_path_buf();
        move || kill_a_tool_in(&folder)
    });
    let killed = bench.finish(&parts).await;
    killer.await.expect("a tool was killed");
    assert!(matches!(killed, Err(FinishError::Tool(_))), "{killed:?}");
    let names = fs::read_dir(bench.folder.path()).expect("a folder");
    let names = names.flatten().map(|entry| entry.file_name());
    assert_eq!(names.collect::<Vec<_>>(), ["part10000.mkv"]);
    let video = bench.finish(&parts).await.expect("a video");
    assert!(video.probe.duration > Duration::from_secs(59));
}

#[tokio::test]
async fn what_a_killed_server_left_is_swept_away() {
    let bench = Bench::new();
    let draft = bench.folder.path().join("r1/v001.0a1b2c3d.tmp/hls");
    let video = bench.folder.path().join("r1/v001/hls");
    for folder in [&draft, &video] {
        fs::create_dir_all(folder).expect("a folder");
    }
    let (left, used) = (profile("left"), profile("used"));
    let lock = fs::File::open(&used).expect("a folder");
    lock.try_lock().expect("nobody else has it");
    bench.recorder.sweep();
    assert!(!draft.parent().expect("a folder").exists());
    assert!(video.exists());
    assert!(!left.exists());
    assert!(used.exists(), "a browser that runs");
    fs::remove_dir_all(used).expect("deleted");
}

/// A browser's profile.
fn profile(name: &str) -> PathBuf {
    let name = format!("meetframe-recorder-{name}-{}", std::process::id());
    let path = std::env::temp_dir().join(name);
    fs::create_dir(&path).expect("a folder");
    if rustix::process::geteuid().is_root() {
        // nobody
        std::os::unix::fs::chown(&path, Some(65_534), Some(65_534)).expect("root may");
    }
    path
}

/// Kills the first process that works in a folder.
fn kill_a_tool_in(folder: &Path) {
    let folder = fs::canonicalize(folder).expect("a folder");
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_secs(60) {
        for process in fs::read_dir("/proc").expect("processes").flatten() {
            let works_in = fs::read_link(process.path().join("cwd"));
            if works_in.is_ok_and(|path| path.starts_with(&folder)) {
                let id = process.file_name();
                let killed = Command::new("kill").args(["-s", "KILL"]).arg(id).status();
                assert!(killed.expect("kill runs").success());
                return;
            }
        }
        std::thread::yield_now();
    }
    panic!("nothing works in the folder");
}
