//! What becomes of a message, decided on a clock turned by hand.

use std::time::Duration;

use reqwest::StatusCode;
use server::{
    clock::UnixMillis,
    limits::WebhookLimits,
    webhooks::{Answer, Attempt, Fate, answer, fate, wait_until},
};

const HOUR: u64 = 3_600_000;

fn at(millis: u64) -> UnixMillis {
    UnixMillis::new(millis)
}

fn read(status: u16, retry_after: Option<&str>) -> Answer {
    let status = StatusCode::from_u16(status).expect("a status");
    // 2015-10-21T07:28:00Z
    answer(status, retry_after, at(1_445_412_480_000))
}

#[test]
fn success_is_two_hundred_and_something() {
    for status in [200, 201, 202, 204, 299] {
        assert_eq!(read(status, None), Answer::Taken);
    }
    for status in [100, 301, 307, 400, 401, 404, 409, 429, 500, 503] {
        assert_eq!(read(status, None), Answer::NotNow(None));
    }
    assert_eq!(read(410, Some("5")), Answer::Gone);
}

#[test]
fn receiver_may_wish_a_pause() {
    let wished = |seconds| Answer::NotNow(Some(Duration::from_secs(seconds)));
    for status in [429, 503] {
        assert_eq!(read(status, Some("120")), wished(120));
        let date = "Wed, 21 Oct 2015 07:29:30 GMT";
        assert_eq!(read(status, Some(date)), wished(90));
        let past = "Wed, 21 Oct 2015 07:00:00 GMT";
        assert_eq!(read(status, Some(past)), wished(0));
        assert_eq!(read(status, Some("soon")), Answer::NotNow(None));
    }
    assert_eq!(read(500, Some("120")), Answer::NotNow(None));
}

fn attempt(before: u32, now: u64) -> Attempt {
    Attempt {
        created_at: at(0),
        before,
        now: at(now),
    }
}

#[test]
fn pauses_double_up_to_an_hour_and_chance_takes_from_them() {
    let limits = WebhookLimits::default();
    let not_now = Answer::NotNow(None);
    let longest = |before| match fate(attempt(before, 0), not_now, 1.0, &limits) {
        Fate::Again(at) => at.get(),
        other => panic!("{other:?}"),
    };
    let pauses: Vec<u64> = (0..13).map(longest).collect();
    assert_eq!(&pauses[..4], &[1_000, 2_000, 4_000, 8_000]);
    assert_eq!(&pauses[11..], &[2_048_000, HOUR]);
    assert_eq!([longest(31), longest(32), longest(u32::MAX)], [HOUR; 3]);
    assert_eq!(
        fate(attempt(9, 7), not_now, 0.0, &limits),
        Fate::Again(at(7))
    );
    let half = fate(attempt(1, 7), not_now, 0.5, &limits);
    assert_eq!(half, Fate::Again(at(1_007)));
}

#[test]
fn wished_pause_is_kept_up_to_an_hour() {
    let limits = WebhookLimits::default();
    let wished = |seconds| Answer::NotNow(Some(Duration::from_secs(seconds)));
    let again = |seconds| fate(attempt(0, 0), wished(seconds), 1.0, &limits);
    assert_eq!(again(0), Fate::Again(at(1_000)));
    assert_eq!(again(30), Fate::Again(at(30_000)));
    assert_eq!(again(86_400), Fate::Again(at(HOUR)));
}

#[test]
fn message_is_tried_for_a_day_and_a_last_time_at_its_end() {
    let limits = WebhookLimits::default();
    let not_now = Answer::NotNow(None);
    let late = fate(attempt(40, 24 * HOUR - 1), not_now, 1.0, &limits);
    assert_eq!(late, Fate::Again(at(24 * HOUR)));
    let over = fate(attempt(41, 24 * HOUR), not_now, 1.0, &limits);
    assert_eq!(over, Fate::Dead);
    let taken = fate(attempt(41, 24 * HOUR), Answer::Taken, 1.0, &limits);
    assert_eq!(taken, Fate::Delivered);
    assert_eq!(fate(attempt(0, 0), Answer::Gone, 1.0, &limits), Fate::Dead);
}

#[test]
fn failing_receiver_is_tried_some_forty_times_in_a_day() {
    let limits = WebhookLimits::default();
    let (mut now, mut tries) = (0, 0);
    while let Fate::Again(next) = fate(attempt(tries, now), Answer::NotNow(None), 1.0, &limits) {
        assert!(next.get() > now);
        (now, tries) = (next.get(), tries + 1);
    }
    assert_eq!(now, 24 * HOUR);
    assert!((30..50).contains(&tries), "{tries}");
}

#[test]
fn message_is_not_given_up_by_a_clock_that_was_set_forward() {
    let limits = WebhookLimits::default();
    let fate_at = |before, now| fate(attempt(before, now), Answer::NotNow(None), 1.0, &limits);
    let forward = 48 * HOUR;
    assert_eq!(fate_at(0, forward), Fate::Again(at(forward + 1_000)));
    let mut now = forward;
    for before in 0..limits.least_tries - 1 {
        let Fate::Again(next) = fate_at(before, now) else {
            panic!("given up after {before} tries");
        };
        now = next.get();
    }
    // hours, in which the receiver may come back
    assert!(now - forward > 4 * HOUR, "{now}");
    assert_eq!(fate_at(limits.least_tries - 1, now), Fate::Dead);
}

#[test]
fn receiver_that_wishes_an_hour_each_time_is_given_up_after_a_day() {
    let limits = WebhookLimits::default();
    let wish = Answer::NotNow(Some(Duration::from_secs(3_600)));
    let (mut now, mut tries) = (0, 0);
    while let Fate::Again(next) = fate(attempt(tries, now), wish, 0.0, &limits) {
        (now, tries) = (next.get(), tries + 1);
    }
    assert_eq!(now, 24 * HOUR);
}

#[test]
fn longer_than_the_longest_pause_is_no_pause_but_a_clock_that_was_set_back() {
    let limits = WebhookLimits::default();
    let wait = |next_at| wait_until(at(next_at), at(HOUR), &limits);
    assert_eq!([wait(0), wait(HOUR)], [None, None]);
    assert_eq!(wait(HOUR + 5), Some(Duration::from_millis(5)));
    assert_eq!(wait(2 * HOUR), Some(limits.longest_retry));
    assert_eq!([wait(2 * HOUR + 1), wait(25 * HOUR)], [None, None]);
}

#[test]
fn receiver_has_ten_seconds_to_answer() {
    let limits = WebhookLimits::default();
    assert_eq!(limits.time, Duration::from_secs(10));
    assert_eq!(limits.outgoing().time, Duration::from_secs(10));
}
