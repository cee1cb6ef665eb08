//! Which line is served next, on a clock turned by hand.

use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

use server::{
    limits::WebhookLimits,
    webhooks::{Line, Outcome, Receiver, Schedule, Turn},
};
use url::Url;

use crate::support::client::room_key;

fn schedule(at_once: usize, at_once_each: usize) -> Schedule {
    Schedule::new(&WebhookLimits {
        at_once,
        at_once_each,
        ..WebhookLimits::default()
    })
}

/// So many milliseconds after the tests began.
fn at(millis: u64) -> Instant {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    *START + Duration::from_millis(millis)
}

/// The lines whose turn it is.
fn lines(turns: Vec<Turn>) -> Vec<Line> {
    turns.into_iter().map(|turn| turn.line).collect()
}

fn line(room: &str, host: &str) -> Line {
    let url = Url::parse(&format!("https://{host}/events")).expect("a URL");
    Line {
        room: room_key(room),
        receiver: Receiver::Url(url),
    }
}

#[test]
fn line_is_served_by_one_at_a_time() {
    let mut schedule = schedule(9, 9);
    let one = line("one", "a.example");
    schedule.wake(one.clone(), at(0));
    assert_eq!(lines(schedule.take(at(0))), std::slice::from_ref(&one));
    schedule.wake(one.clone(), at(1));
    assert_eq!(lines(schedule.take(at(1))), []);
    // what came while it was served is not forgotten
    schedule.done(one.clone(), Outcome::Empty, at(2));
    assert_eq!(lines(schedule.take(at(2))), std::slice::from_ref(&one));
    schedule.done(one, Outcome::Empty, at(3));
    assert_eq!(lines(schedule.take(at(3))), []);
    assert_eq!((schedule.deadline(), schedule.under_way()), (None, 0));
}

#[test]
fn new_message_does_not_hurry_those_before_it() {
    let mut schedule = schedule(9, 9);
    let one = line("one", "a.example");
    schedule.wake(one.clone(), at(0));
    schedule.take(at(0));
    schedule.done(one.clone(), Outcome::Send(at(500)), at(0));
    schedule.wake(one.clone(), at(1));
    assert_eq!(schedule.take(at(499)), []);
    assert_eq!(schedule.deadline(), Some(at(500)));
    assert_eq!(lines(schedule.take(at(500))), [one]);
}

#[test]
fn receiver_has_so_many_turns_and_leaves_the_others_theirs() {
    let mut schedule = schedule(3, 2);
    for room in ["a", "b", "c", "d"] {
        schedule.wake(line(room, "slow.example"), at(0));
    }
    schedule.wake(line("e", "quick.example"), at(1));
    schedule.wake(line("f", "quick.example"), at(1));
    let slow = |room| line(room, "slow.example");
    let quick = |room| line(room, "quick.example");
    assert_eq!(
        lines(schedule.take(at(1))),
        [slow("a"), slow("b"), quick("e")]
    );
    assert_eq!(schedule.deadline(), None);
    schedule.done(quick("e"), Outcome::Empty, at(2));
    assert_eq!(schedule.deadline(), Some(at(1)));
    assert_eq!(lines(schedule.take(at(2))), [quick("f")]);
    schedule.done(slow("a"), Outcome::Send(at(9)), at(3));
    assert_eq!(lines(schedule.take(at(3))), [slow("c")]);
}

#[test]
fn who_waits_longest_is_served_first() {
    let mut schedule = schedule(1, 1);
    schedule.wake(line("late", "a.example"), at(5));
    schedule.wake(line("early", "b.example"), at(4));
    assert_eq!(schedule.deadline(), Some(at(4)));
    assert_eq!(lines(schedule.take(at(9))), [line("early", "b.example")]);
}

#[test]
fn same_room_has_a_line_for_each_receiver() {
    let mut schedule = schedule(9, 9);
    let own = Line {
        receiver: Receiver::Tenant,
        ..line("one", "a.example")
    };
    schedule.wake(line("one", "a.example"), at(0));
    schedule.wake(own, at(0));
    assert_eq!(schedule.take(at(0)).len(), 2);
}

#[test]
fn first_message_that_had_its_pause_is_to_be_sent_and_others_are_to_be_looked_at() {
    let mut schedule = schedule(9, 9);
    let turn = |has_waited| Turn {
        line: line("one", "a.example"),
        has_waited,
    };
    schedule.wake(turn(false).line, at(0));
    assert_eq!(schedule.take(at(0)), [turn(false)]);
    schedule.done(turn(false).line, Outcome::Send(at(5)), at(1));
    assert_eq!(schedule.take(at(5)), [turn(true)]);
    schedule.done(turn(true).line, Outcome::Look(at(9)), at(6));
    assert_eq!(schedule.take(at(9)), [turn(false)]);
}
