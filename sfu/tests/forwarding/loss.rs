//! Lost, late and doubled packets.

use std::time::Duration;

use crate::support::{client::Spec, world::World};

const TILE: (u32, u32) = (640, 360);

/// The newest packets may still be on their way.
fn settle(world: &mut World) {
    for client in world.clients.values_mut() {
        client.up.config.loss = 0.0;
        client.down.config.loss = 0.0;
    }
    world.run_ms(1_000);
}

fn meeting(up: f64, down: f64) -> (World, sfu::PeerKey, sfu::PeerKey) {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher().up(|link| link.loss = up));
    let bob = world.join(2, Spec::viewer(4).down(|link| link.loss = down));
    world.view(bob, &[(alice, TILE.0, TILE.1)]);
    world.run_ms(4_000);
    (world, alice, bob)
}

#[test]
fn ten_percent_lost_on_the_way_up_is_repaired() {
    let (mut world, alice, bob) = meeting(0.1, 0.0);
    let from = world.now;
    world.run_ms(10_000);
    settle(&mut world);
    let stream = world.video(bob, alice);
    stream.assert_continuous();
    let freeze = stream.longest_freeze(from, world.now);
    assert!(freeze <= Duration::from_millis(400), "froze for {freeze:?}");
    let stats = world.room.stats();
    assert!(stats.repaired > 50, "{stats:?}");
    assert!(stats.lost_in > 50, "{stats:?}");
    assert_eq!(stats.given_up, 0);
}

#[test]
fn ten_percent_lost_on_the_way_down_is_repaired() {
    let (mut world, alice, bob) = meeting(0.0, 0.1);
    let from = world.now;
    world.run_ms(10_000);
    settle(&mut world);
    let stream = world.video(bob, alice);
    stream.assert_runs_on();
    assert!(stream.resent > 30);
    assert!(world.room.stats().nacks_in > 30);
    let freeze = stream.longest_freeze(from, world.now);
    assert!(freeze <= Duration::from_millis(400), "froze for {freeze:?}");
    assert_eq!(
        world.client(alice).nacks_heard,
        0,
        "the cache repairs it alone"
    );
}

#[test]
fn loss_on_both_ways_is_repaired() {
    let (mut world, alice, bob) = meeting(0.1, 0.1);
    world.run_ms(5_000);
    let from = world.now;
    world.run_ms(5_000);
    let stream = world.video(bob, alice);
    stream.assert_runs_on();
    let freeze = stream.longest_freeze(from, world.now);
    assert!(freeze <= Duration::from_millis(500), "froze for {freeze:?}");
}

#[test]
fn packets_that_overtake_each_other_are_not_asked_for_and_keep_their_places() {
    let mut world = World::new();
    let reorder = |link: &mut crate::support::link::LinkConfig| {
        link.jitter = Duration::from_millis(8);
        link.reorders = true;
    };
    let alice = world.join(1, Spec::publisher().up(reorder));
    let bob = world.join(2, Spec::viewer(4));
    world.view(bob, &[(alice, TILE.0, TILE.1)]);
    world.run_ms(5_000);
    let stream = world.video(bob, alice);
    stream.assert_continuous();
    assert!(stream.decoded.len() > 100);
    assert_eq!(world.client(alice).nacks_heard, 0);
}

#[test]
fn a_packet_that_comes_twice_goes_out_once() {
    let (mut world, alice, bob) = meeting(0.0, 0.0);
    let late = world.room.stats().packets_late;
    world.client(alice).doubles = true;
    world.run_ms(1_000);
    assert!(world.room.stats().packets_late > late + 100);
    // the receiver asserts that no index is used twice
    world.video(bob, alice).assert_continuous();
}

#[test]
fn what_never_comes_is_mended_by_a_keyframe() {
    let (mut world, alice, bob) = meeting(0.0, 0.0);
    world.client(alice).deaf = true;
    world.client(alice).up.config.loss = 0.5;
    world.run_ms(40);
    world.client(alice).up.config.loss = 0.0;
    world.run_ms(2_500);
    world.client(alice).deaf = false;
    let keyframes = world.client(alice).encoders[1].keyframes;
    world.run_ms(1_500);
    assert!(world.client(alice).encoders[1].keyframes > keyframes);
    let since = world.now - Duration::from_millis(500);
    assert!(world.video(bob, alice).longest_freeze(since, world.now) <= Duration::from_millis(120));
}

#[test]
fn a_receiver_that_lost_the_picture_gets_a_keyframe() {
    let (mut world, alice, bob) = meeting(0.0, 0.0);
    let keyframes = world.client(alice).encoders[1].keyframes;
    let (slot, now) = (
        world
            .slot(bob, crate::support::world::camera(alice))
            .expect("shown"),
        world.now,
    );
    for _ in 0..5 {
        world.client(bob).lose_picture(&slot, now);
    }
    world.run_ms(300);
    assert_eq!(
        world.client(alice).encoders[1].keyframes,
        keyframes + 1,
        "requests are throttled"
    );
}
