//! What is no congestion does not lower the estimate, and what was not
//! measured does not raise it.

use std::time::Duration;

use rtc_rtcp::transport_feedbacks::transport_layer_cc::TransportLayerCc;
use sfu::Bitrate;

use crate::call::{Call, Source, bottleneck};
use crate::link::LinkConfig;

fn tolerates_random_loss(loss: f64) {
    let line = LinkConfig {
        loss,
        ..bottleneck(5_000)
    };
    let mut call = Call::new(line, Source::layers(&[150, 500, 1_700]));
    call.run_until(60.0);
    let reached = call.reached(1_700, 0.0);
    assert!(reached.is_some_and(|seconds| seconds < 5.0), "{reached:?}");
    let full = call.samples.iter().filter(|s| s.at.as_secs() >= 10);
    let (all, full) = (
        full.clone().count(),
        full.filter(|s| s.sending.as_bps() == 1_700_000).count(),
    );
    let part = full as f64 / all as f64;
    assert!(part > 0.9, "full layer {part} of the time with loss {loss}");
}

#[test]
fn tolerates_2_percent_random_loss() {
    tolerates_random_loss(0.02);
}

#[test]
fn tolerates_5_percent_random_loss() {
    tolerates_random_loss(0.05);
}

#[test]
fn tolerates_10_percent_random_loss() {
    tolerates_random_loss(0.10);
}

#[test]
fn fills_a_lossy_line_without_a_standing_queue() {
    let line = LinkConfig {
        loss: 0.05,
        ..bottleneck(1_000)
    };
    let mut call = Call::new(line, Source::UpTo(Bitrate::from_kbps(10_000)));
    call.run_until(60.0);
    let mean = call.mean_kbps(20.0, 60.0);
    assert!((700.0..=1_000.0).contains(&mean), "{mean}");
    let queueing = call.queueing_above(0.02, 10.0, 60.0);
    assert!(queueing < Duration::from_millis(150), "{queueing:?}");
}

#[test]
fn jitter_does_not_lower_the_estimate() {
    let line = LinkConfig {
        jitter: Duration::from_millis(30),
        ..bottleneck(5_000)
    };
    let mut call = Call::new(line, Source::layers(&[150, 500, 1_700]));
    call.run_until(60.0);
    assert!(call.lowest_kbps(5.0, 60.0) >= 1_700);
}

#[test]
fn reordering_does_not_lower_the_estimate() {
    let line = LinkConfig {
        jitter: Duration::from_millis(15),
        reorders: true,
        ..bottleneck(5_000)
    };
    let mut call = Call::new(line, Source::layers(&[150, 500, 1_700]));
    call.run_until(60.0);
    assert!(call.lowest_kbps(5.0, 60.0) >= 1_700);
}

#[test]
fn estimate_stays_while_little_is_sent() {
    let mut call = Call::new(bottleneck(4_000), Source::layers(&[150, 500, 2_500]));
    call.run_until(10.0);
    let before = call.lowest_kbps(9.0, 10.0);
    call.source = Source::Fixed(Bitrate::from_kbps(60));
    call.run_until(120.0);
    assert!(call.lowest_kbps(10.0, 120.0) >= before * 9 / 10);
    assert!(call.highest_kbps(10.0, 120.0) <= 4_000);
    assert!(
        call.last_padding() < 11.0,
        "probes although nothing is wanted"
    );
}

#[test]
fn estimate_does_not_run_away_while_little_is_sent() {
    let mut call = Call::new(LinkConfig::default(), Source::Fixed(Bitrate::from_kbps(60)));
    call.run_until(120.0);
    assert!(call.highest_kbps(0.0, 120.0) <= 600);
    assert!(call.lowest_kbps(0.0, 120.0) >= 500);
}

#[test]
fn short_stall_costs_little_while_little_is_sent() {
    let mut call = Call::new(bottleneck(4_000), Source::layers(&[150, 500, 2_500]));
    call.run_until(10.0);
    call.source = Source::Fixed(Bitrate::from_kbps(200));
    call.run_until(15.0);
    call.line.config.capacity = Bitrate::from_kbps(100);
    call.run_until(15.4);
    call.line.config.capacity = Bitrate::from_kbps(4_000);
    call.run_until(20.0);
    assert!(call.lowest_kbps(15.0, 20.0) >= 1_000);
}

#[test]
fn receivers_limit_and_cap_bound_the_estimate() {
    let mut call = Call::new(LinkConfig::default(), Source::layers(&[150, 500, 2_500]));
    call.downlink.on_remb(Bitrate::from_kbps(900));
    call.run_until(5.0);
    assert_eq!(call.downlink.estimate(), Bitrate::from_kbps(900));
    call.downlink.set_cap(Some(Bitrate::from_kbps(400)));
    call.run_until(10.0);
    assert_eq!(call.downlink.estimate(), Bitrate::from_kbps(400));
    call.downlink.set_cap(None);
    call.downlink.on_remb(Bitrate::from_kbps(50_000));
    call.run_until(15.0);
    assert!(call.downlink.estimate() >= Bitrate::from_kbps(2_500));
}

#[test]
fn receiver_without_feedback_is_believed_and_never_probed() {
    let mut call = Call::new(LinkConfig::default(), Source::layers(&[150, 500, 2_500]));
    call.back.config.loss = 1.0;
    call.run_until(3.0);
    assert_eq!(call.padding, 0);
    assert_eq!(call.downlink.estimate(), Bitrate::from_kbps(600));
    call.downlink.on_remb(Bitrate::from_kbps(1_800));
    call.run_until(6.0);
    assert_eq!(call.downlink.estimate(), Bitrate::from_kbps(1_800));
}

#[test]
fn feedback_about_packets_never_sent_changes_nothing() {
    let mut call = Call::over(1_000);
    call.run_until(5.0);
    let before = call.downlink.estimate();
    let forged = TransportLayerCc {
        base_sequence_number: 40_000,
        packet_status_count: 65_535,
        ..Default::default()
    };
    call.downlink.on_feedback(&forged, call.now());
    assert_eq!(call.downlink.estimate(), before);
}
