//! The waits between attempts.

use std::time::Duration;

use client::backoff::{Backoff, jitter};
use proptest::prelude::{any, proptest};

#[test]
fn the_first_attempt_is_made_at_once() {
    assert_eq!(Backoff::default().next(77), Duration::ZERO);
}

#[test]
fn waits_double_up_to_five_seconds() {
    let mut backoff = Backoff::default();
    let full = 1_000; // the jitter that shortens nothing
    let waits: Vec<u128> = (0..9).map(|_| backoff.next(full).as_millis()).collect();
    assert_eq!(
        waits,
        [0, 250, 500, 1_000, 2_000, 4_000, 5_000, 5_000, 5_000]
    );
    assert_eq!(backoff.attempts(), 9);
}

#[test]
fn success_starts_from_nothing() {
    let mut backoff = Backoff::default();
    backoff.next(1);
    backoff.next(1);
    backoff.reset();
    assert_eq!(backoff.next(1), Duration::ZERO);
}

proptest! {
    #[test]
    fn jitter_is_between_half_and_whole(milliseconds in 0_u64..100_000, random in any::<u64>()) {
        let wait = Duration::from_millis(milliseconds);
        let shortened = jitter(wait, random);
        assert!(shortened >= wait / 2 && shortened <= wait);
    }
}
