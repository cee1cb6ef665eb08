//! The estimate follows a line that changes.

use std::time::Duration;

use sfu::Bitrate;

use crate::call::{Call, Source, bottleneck};

#[test]
fn falls_within_two_seconds_when_the_capacity_drops() {
    let mut call = Call::over(2_500);
    call.run_until(20.0);
    call.line.config.capacity = Bitrate::from_kbps(500);
    call.run_until(40.0);
    let fell = call.fell_below(500, 20.0);
    assert!(fell.is_some_and(|seconds| seconds < 2.0), "{fell:?}");
    let mean = call.mean_kbps(25.0, 40.0);
    assert!((350.0..=500.0).contains(&mean), "{mean}");
}

#[test]
fn falls_within_a_second_when_layers_stop_fitting() {
    let source = Source::layers(&[150, 500, 1_700]);
    let mut call = Call::new(bottleneck(20_000), source);
    call.run_until(10.0);
    assert!(call.downlink.estimate() >= Bitrate::from_kbps(1_700));
    call.line.config = bottleneck(400);
    call.run_until(16.0);
    let fell = call.fell_below(500, 10.0);
    assert!(fell.is_some_and(|seconds| seconds < 1.0), "{fell:?}");
}

#[test]
fn rises_again_when_the_capacity_returns() {
    let mut call = Call::over(2_500);
    call.run_until(10.0);
    call.line.config.capacity = Bitrate::from_kbps(500);
    call.run_until(20.0);
    call.line.config.capacity = Bitrate::from_kbps(2_500);
    call.run_until(45.0);
    let reached = call.reached(2_000, 20.0);
    assert!(reached.is_some_and(|seconds| seconds < 12.0), "{reached:?}");
}

#[test]
fn layers_come_back_when_the_capacity_returns() {
    let source = Source::layers(&[150, 500, 1_700]);
    let mut call = Call::new(bottleneck(4_000), source);
    call.run_until(10.0);
    call.line.config.capacity = Bitrate::from_kbps(400);
    call.run_until(20.0);
    assert!(call.mean_kbps(14.0, 20.0) < 500.0);
    call.line.config.capacity = Bitrate::from_kbps(4_000);
    call.run_until(40.0);
    let reached = call.reached(1_700, 20.0);
    assert!(reached.is_some_and(|seconds| seconds < 12.0), "{reached:?}");
}

#[test]
fn loss_of_a_policed_line_lowers_the_estimate() {
    // hardly any queue: the delay says nothing, only loss does
    let mut line = bottleneck(1_000);
    line.queue = line.capacity.bytes_in(Duration::from_millis(30));
    let mut call = Call::new(line, Source::UpTo(Bitrate::from_kbps(5_000)));
    call.run_until(40.0);
    let mean = call.mean_kbps(15.0, 40.0);
    assert!((600.0..=1_150.0).contains(&mean), "{mean}");
}

#[test]
fn gives_way_to_other_traffic_and_takes_the_line_back() {
    let mut call = Call::over(2_000);
    call.run_until(20.0);
    call.competing = Bitrate::from_kbps(1_000);
    call.run_until(40.0);
    let beside = call.mean_kbps(25.0, 40.0);
    assert!((500.0..=1_000.0).contains(&beside), "{beside}");
    call.competing = Bitrate::ZERO;
    call.run_until(60.0);
    let alone = call.mean_kbps(50.0, 60.0);
    assert!(alone > 1_500.0, "{alone}");
}

#[test]
fn falls_when_the_line_goes_silent_and_recovers() {
    let mut call = Call::over(2_000);
    call.run_until(20.0);
    call.line.config.loss = 1.0;
    call.run_until(30.0);
    assert!(call.lowest_kbps(29.0, 30.0) < 600);
    call.line.config.loss = 0.0;
    call.run_until(50.0);
    assert!(call.mean_kbps(45.0, 50.0) > 1_400.0);
}
