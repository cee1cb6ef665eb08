//! The estimate finds the capacity of a steady line.

use std::time::Duration;

use sfu::Bitrate;

use crate::call::{Call, Source};
use crate::link::LinkConfig;

fn finds_the_capacity(kbps: u64) {
    let mut call = Call::over(kbps);
    call.run_until(60.0);
    let mean = call.mean_kbps(20.0, 60.0) / kbps as f64;
    assert!((0.8..=1.0).contains(&mean), "{kbps} kbit/s: {mean}");
    let queueing = call.queueing_above(0.02, 10.0, 60.0);
    assert!(
        queueing < Duration::from_millis(150),
        "{kbps}: {queueing:?}"
    );
}

#[test]
fn finds_300_kbps_without_a_standing_queue() {
    finds_the_capacity(300);
}

#[test]
fn finds_1_mbps_without_a_standing_queue() {
    finds_the_capacity(1_000);
}

#[test]
fn finds_3_mbps_without_a_standing_queue() {
    finds_the_capacity(3_000);
}

#[test]
fn fast_line_reaches_all_layers_within_a_second() {
    let source = Source::layers(&[150, 500, 1_500, 2_500, 5_000]);
    let mut call = Call::new(LinkConfig::default(), source);
    call.run_until(10.0);
    let reached = call.reached(5_000, 0.0);
    assert!(reached.is_some_and(|seconds| seconds < 1.0), "{reached:?}");
    assert!(call.lowest_kbps(1.0, 10.0) >= 5_000);
}

#[test]
fn estimate_gets_the_reserve_that_an_upgrade_asks_for() {
    for wanted in [700, 1_000, 1_700, 2_500, 4_000] {
        let mut call = Call::new(LinkConfig::default(), Source::layers(&[150, wanted]));
        call.run_until(8.0);
        let estimate = call.downlink.estimate();
        let enough = Bitrate::from_kbps(wanted * 115 / 100);
        assert!(estimate >= enough, "{estimate} for {wanted}");
    }
}

#[test]
fn loopback_reaches_all_layers_within_a_second() {
    let line = LinkConfig {
        delay: Duration::from_micros(50),
        ..LinkConfig::default()
    };
    let mut call = Call::new(line, Source::layers(&[150, 500, 2_500]));
    call.back.config.delay = Duration::from_micros(50);
    call.run_until(5.0);
    let reached = call.reached(2_500, 0.0);
    assert!(reached.is_some_and(|seconds| seconds < 1.0), "{reached:?}");
}

#[test]
fn finds_the_capacity_over_a_long_way() {
    let mut call = Call::over(1_000);
    call.line.config.delay = Duration::from_millis(150);
    call.back.config.delay = Duration::from_millis(150);
    call.run_until(60.0);
    let mean = call.mean_kbps(20.0, 60.0);
    assert!((700.0..=1_000.0).contains(&mean), "{mean}");
}
