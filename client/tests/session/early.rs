//! Events that have not started yet are entered by themselves when they do.

use std::time::Duration;

use client::{Intent, model::Phase, session::Input};
use protocol::{ErrorCode, ErrorDetails};

use crate::stage::Stage;

fn starts_at(ms: Option<u64>) -> ErrorDetails {
    ErrorDetails {
        starts_at: ms,
        ..ErrorDetails::default()
    }
}

/// Refused for coming so many milliseconds before the start.
fn early(by_ms: Option<u64>) -> Stage {
    let mut stage = Stage::new();
    stage.intent(Intent::Join);
    stage.open_socket();
    let start = by_ms.map(|ms| stage.unix_ms() + ms);
    stage.refuse_with(1, ErrorCode::NotStarted, starts_at(start));
    stage.take_effects();
    stage
}

#[test]
fn an_event_is_entered_by_itself_when_it_starts() {
    let mut stage = early(Some(60_000));
    let Phase::Early { starts_at } = stage.model().phase else {
        panic!("not early: {:?}", stage.model().phase);
    };
    assert_eq!(starts_at, stage.unix_ms() + 60_000);
    stage.pass_ms(59_900);
    assert_eq!(stage.socket, 1, "not before");
    stage.pass_ms(1_200);
    assert_eq!(stage.socket, 2);
    assert!(matches!(stage.model().phase, Phase::Early { .. }));
    stage.open_socket();
    stage.welcome();
    assert_eq!(stage.model().phase, Phase::Joined);
}

#[test]
fn a_start_that_only_this_clock_has_seen_is_asked_for_again() {
    let mut stage = early(Some(1_000));
    let start = stage.unix_ms() + 1_000;
    stage.pass_ms(2_100);
    assert_eq!(stage.socket, 2);
    stage.open_socket();
    stage.refuse_with(1, ErrorCode::NotStarted, starts_at(Some(start)));
    stage.pass_ms(4_900);
    assert_eq!(stage.socket, 2);
    stage.pass_ms(200);
    assert_eq!(stage.socket, 3);
    stage.open_socket();
    let moved = stage.unix_ms() + 20_000;
    stage.refuse_with(1, ErrorCode::NotStarted, starts_at(Some(moved)));
    assert_eq!(stage.model().phase, Phase::Early { starts_at: moved });
    stage.pass_ms(19_000);
    assert_eq!(stage.socket, 3);
}

#[test]
fn an_event_without_a_start_is_asked_for_every_half_a_minute() {
    let mut stage = early(None);
    assert_eq!(stage.model().phase, Phase::Early { starts_at: 0 });
    stage.pass(Duration::from_secs(29));
    assert_eq!(stage.socket, 1);
    stage.pass(Duration::from_secs(2));
    assert_eq!(stage.socket, 2);
}

#[test]
fn a_slow_clock_does_not_keep_anybody_out() {
    let mut stage = early(Some(10_000_000));
    stage.pass(Duration::from_secs(301));
    assert_eq!(
        stage.socket, 2,
        "the server is asked, whatever the clock says"
    );
}

#[test]
fn a_page_that_slept_over_the_start_enters_when_it_wakes() {
    let mut stage = early(Some(200_000));
    stage.unix_ms += 250_000;
    stage.input(Input::Wake);
    assert_eq!(stage.socket, 2);
}

#[test]
fn who_does_not_want_to_wait_for_the_start_goes_back_out() {
    let mut stage = early(Some(60_000));
    stage.intent(Intent::Leave);
    assert_eq!(stage.model().phase, Phase::Prejoin);
    stage.pass(Duration::from_secs(100));
    assert_eq!(stage.socket, 1);
}

#[test]
fn trouble_on_the_way_to_an_early_event_is_tried_again() {
    let mut stage = early(Some(1_000));
    stage.pass_ms(2_100);
    stage.open_socket();
    stage.refuse(1, ErrorCode::AccessUnreachable);
    assert!(matches!(stage.model().phase, Phase::Early { .. }));
    stage.pass_ms(1_000);
    assert_eq!(stage.socket, 3);
}
