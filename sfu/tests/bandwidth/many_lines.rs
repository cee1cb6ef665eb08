//! Slow and fast, near and far, jittery and lossy lines: none of them ends in
//! a collapse or in a standing queue.

use std::time::Duration;

use sfu::Bitrate;

use crate::call::{Call, Source, bottleneck};
use crate::link::LinkConfig;

fn settles_on(line: LinkConfig) {
    let kbps = line.capacity.as_bps() as f64 / 1_000.0;
    let name = format!("{line:?}");
    let delay = line.delay;
    let mut call = Call::new(line, Source::UpTo(Bitrate::from_bps(kbps as u64 * 10_000)));
    call.back.config.delay = delay;
    call.run_until(40.0);
    let mean = call.mean_kbps(15.0, 40.0) / kbps;
    assert!((0.8..=1.03).contains(&mean), "mean {mean} of {name}");
    let lowest = call.lowest_kbps(15.0, 40.0) as f64 / kbps;
    assert!(lowest > 0.6, "lowest {lowest} of {name}");
    let queueing = call.queueing_above(0.1, 15.0, 40.0);
    assert!(
        queueing < Duration::from_millis(150),
        "{queueing:?} of {name}"
    );
}

fn settles_at(kbps: u64) {
    for delay in [2, 20, 100].map(Duration::from_millis) {
        for jitter in [0, 20].map(Duration::from_millis) {
            for loss in [0.0, 0.03] {
                settles_on(LinkConfig {
                    delay,
                    jitter,
                    loss,
                    ..bottleneck(kbps)
                });
            }
        }
    }
}

#[test]
fn settles_on_lines_of_300_kbps() {
    settles_at(300);
}

#[test]
fn settles_on_lines_of_1_mbps() {
    settles_at(1_000);
}

#[test]
fn settles_on_lines_of_3_mbps() {
    settles_at(3_000);
}

#[test]
fn settles_on_lines_of_8_mbps() {
    settles_at(8_000);
}
