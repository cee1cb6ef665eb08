//! When recordings start and stop by themselves.

use std::time::{Duration, Instant};

use protocol::RoomId;
use server::{
    recording::{Delays, Due, Times},
    room_key::{RoomKey, TenantId},
};

fn room() -> RoomKey {
    let room = RoomId::parse("room").expect("a room id");
    RoomKey::new(TenantId::default_tenant(), room)
}

fn times() -> Times {
    Times::new(Delays {
        start: Duration::from_secs(60),
        stop: Duration::from_secs(60),
    })
}

#[test]
fn a_meeting_is_recorded_a_minute_after_the_first_one_came() {
    let (mut times, room, now) = (times(), room(), Instant::now());
    times.somebody_came(&room, true, now);
    assert_eq!(times.next(), Some(now + Duration::from_secs(60)));
    assert_eq!(times.take(now + Duration::from_secs(59)), []);
    let due = times.take(now + Duration::from_secs(60));
    assert_eq!(due, [(room, Due::Start)]);
    assert_eq!(times.next(), None);
}

#[test]
fn other_tenants_meetings_are_not_and_short_ones_are_not() {
    let (mut times, room, now) = (times(), room(), Instant::now());
    times.somebody_came(&room, false, now);
    assert_eq!(times.next(), None);
    times.somebody_came(&room, true, now);
    times.everybody_left(&room, false, now);
    assert_eq!(times.next(), None);
}

#[test]
fn who_returns_within_a_minute_keeps_the_recording_going() {
    let (mut times, room, now) = (times(), room(), Instant::now());
    times.everybody_left(&room, true, now);
    let later = now + Duration::from_secs(59);
    times.somebody_came(&room, false, later);
    assert_eq!(times.next(), None);
    times.everybody_left(&room, true, later);
    let due = times.take(later + Duration::from_secs(60));
    assert_eq!(due, [(room, Due::Stop)]);
}
