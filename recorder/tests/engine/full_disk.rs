//! A disk that is really full: a small one in memory, in a namespace of mounts
//! that ends with the test.

use std::{
    env, fs,
    io::{self, Write},
    path::Path,
    process::Command,
};

use recorder::{Event, FinishError, session::End};

use crate::bench::{Bench, TURN};

const NAME: &str = "full_disk::a_full_disk_ends_the_recording_and_keeps_what_is_there";
/// Set in the namespace: where the small disk is.
const DISK: &str = "MEETFRAME_TEST_SMALL_DISK";
/// Enough for some seconds of a recording, its video and its stream.
const SIZE: &str = "16m";

#[test]
fn a_full_disk_ends_the_recording_and_keeps_what_is_there() {
    if let Some(disk) = env::var_os(DISK) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        return runtime.block_on(fills_up(Path::new(&disk)));
    }
    let _turn = TURN.blocking_lock();
    if let Err(why) = in_namespace(&["true"]) {
        // not by a macro: the test harness would keep it to itself
        let skipped = format!("skipped: {NAME}: no namespace of mounts here: {why}\n");
        io::stderr().write_all(skipped.as_bytes()).expect("stderr");
        return;
    }
    let own = env::current_exe().expect("this program");
    let own = own.to_str().expect("a plain path");
    in_namespace(&[own, "--exact", NAME, "--nocapture"]).expect("the test in the namespace");
}

/// Runs a command where a small disk is mounted.
fn in_namespace(command: &[&str]) -> Result<(), String> {
    let place = tempfile::tempdir().expect("a folder");
    let mount = format!("mount -t tmpfs -o size={SIZE},mode=755 small \"${DISK}\" && exec \"$@\"");
    let mut unshare = Command::new("unshare");
    unshare.arg("--mount");
    if !rustix::process::getuid().is_root() {
        unshare.arg("--map-root-user");
    }
    let status = unshare
        .args(["sh", "-c", &mount, "sh"])
        .args(command)
        .env(DISK, place.path())
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(status.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

async fn fills_up(disk: &Path) {
    let folder = tempfile::tempdir_in(disk).expect("a folder");
    let is_mapped = fs::read_to_string("/proc/self/uid_map")
        .is_ok_and(|map| map.split_whitespace().nth(2) == Some("1"));
    let mut bench = Bench::start_in(folder, |settings| {
        if is_mapped {
            // there is nobody else in a namespace that one user made
            settings.user = "root".to_owned();
        }
    })
    .await;
    bench.until(|event| matches!(event, Event::Live)).await;
    bench.until_written(0, 100_000).await;
    let ballast = disk.join("ballast");
    fill(&ballast);
    let over = bench.until(|event| matches!(event, Event::Over(_))).await;
    assert!(matches!(over, Event::Over(End::DiskFull)), "{over:?}");
    // what is there waits for a disk with space
    let tried = bench.try_to_finish(&bench.parts).await;
    let error = tried.expect_err("a full disk");
    assert!(!matches!(error, FinishError::Nothing), "{error}");
    fs::remove_file(ballast).expect("the ballast");
    let video = bench.finish(&bench.parts).await;
    eprintln!("{:?} kept", video.probe.duration);
    assert!(!video.probe.duration.is_zero());
}

/// Writes until the system says that there is no space left.
fn fill(path: &Path) {
    let mut file = fs::File::create(path).expect("a file");
    let error = loop {
        if let Err(error) = file.write_all(&[0; 4_096]) {
            break error;
        }
    };
    assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{error}");
}
