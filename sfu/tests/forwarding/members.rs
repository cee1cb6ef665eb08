//! Peers come and go; their transports break and are made anew.

use std::time::Duration;

use protocol::Source;
use sfu::{PeerKey, TrackKey};

use crate::support::{
    client::Spec,
    world::{World, camera},
};

const TILE: (u32, u32) = (640, 360);

fn meeting() -> (World, PeerKey, PeerKey) {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let bob = world.join(2, Spec::viewer(2));
    world.view(bob, &[(alice, TILE.0, TILE.1)]);
    world.run_ms(2_000);
    (world, alice, bob)
}

#[test]
fn who_leaves_is_gone_from_all_slots() {
    let (mut world, alice, bob) = meeting();
    let voice = TrackKey {
        peer: alice,
        source: Source::Microphone,
    };
    assert!(world.slot(bob, voice).is_some());
    world.leave(alice);
    assert!(world.slots.is_empty(), "{:?}", world.slots);
    assert_eq!(world.room.stats().tracks, 0);
    world.run_ms(500);
    assert!(
        world
            .room
            .slots(bob)
            .iter()
            .all(|(_, track)| track.is_none())
    );
}

#[test]
fn the_last_to_leave_empties_the_room() {
    let (mut world, alice, bob) = meeting();
    world.leave(bob);
    world.run_ms(200);
    world.leave(alice);
    assert!(world.room.is_empty());
    assert_eq!(world.room.poll_timeout(), None);
}

#[test]
fn who_comes_again_under_the_same_key_starts_afresh() {
    let (mut world, alice, bob) = meeting();
    world.leave(alice);
    world.run_ms(300);
    world.join(1, Spec::publisher());
    world.run_ms(500);
    assert!(
        world.slot(bob, camera(alice)).is_some(),
        "the view still asks for it"
    );
    world.video(bob, alice).assert_continuous();
}

#[test]
fn a_viewer_that_is_cut_off_gets_nothing_and_a_keyframe_when_back() {
    let (mut world, alice, bob) = meeting();
    world.room.set_connected(bob, false, world.now);
    world.run_ms(100);
    let packets = world.video(bob, alice).packets;
    world.run_ms(2_000);
    assert_eq!(world.video(bob, alice).packets, packets);
    let back = world.now;
    world.room.set_connected(bob, true, world.now);
    world.run_ms(1_000);
    let stream = world.video(bob, alice);
    let first = stream
        .decoded
        .iter()
        .find(|frame| frame.at > back)
        .expect("goes on");
    assert!(first.key && first.at.duration_since(back) <= Duration::from_millis(300));
    stream.assert_continuous();
    let sound = world.client(bob).streams["a0"]
        .heard
        .last()
        .expect("heard")
        .at;
    assert!(world.now.duration_since(sound) <= Duration::from_millis(100));
}

#[test]
fn a_viewer_with_a_new_transport_starts_afresh() {
    let (mut world, alice, bob) = meeting();
    world.reset_transport(bob);
    assert!(
        world.slot(bob, camera(alice)).is_some(),
        "the view still holds"
    );
    world.run_ms(1_000);
    let stream = world.video(bob, alice);
    assert!(stream.decoded.len() > 15);
    stream.assert_continuous();
}

#[test]
fn a_publisher_with_a_new_transport_is_seen_again() {
    let (mut world, alice, bob) = meeting();
    world.reset_transport(alice);
    let from = world.now;
    world.run_ms(1_000);
    let stream = world.video(bob, alice);
    assert!(stream.longest_freeze(from, world.now) <= Duration::from_millis(200));
    stream.assert_continuous();
}

#[test]
fn ten_thousand_come_and_go_and_leave_nothing_behind() {
    let mut world = World::new();
    let viewer = world.join(1, Spec::viewer(4));
    for _ in 0..10_000 {
        world.join(2, Spec::publisher());
        world.leave(PeerKey(2));
    }
    let stats = world.room.stats();
    assert_eq!((stats.peers, stats.tracks), (1, 0));
    world.leave(viewer);
    assert!(world.room.is_empty());
}
