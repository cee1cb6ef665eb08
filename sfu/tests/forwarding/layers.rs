//! Which layer a tile gets, and how it goes over from one to another.

use std::time::Duration;

use crate::support::{client::Spec, world::World};

const LARGE: (u32, u32) = (1_280, 720);
const SMALL: (u32, u32) = (320, 180);

/// A frame lasts 40 ms; a switch may cost the wait for a keyframe's packets.
const NO_FREEZE: Duration = Duration::from_millis(120);

#[test]
fn a_small_tile_gets_the_low_layer_and_a_large_one_the_high() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let (bob, carol) = (
        world.join(2, Spec::viewer(4)),
        world.join(3, Spec::viewer(4)),
    );
    world.view(bob, &[(alice, SMALL.0, SMALL.1)]);
    world.view(carol, &[(alice, LARGE.0, LARGE.1)]);
    world.run_ms(8_000);
    assert_eq!(world.video(bob, alice).last_layer(), Some(0));
    assert_eq!(world.video(carol, alice).last_layer(), Some(2));
}

#[test]
fn going_up_and_down_shows_no_freeze_and_no_seam() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let bob = world.join(2, Spec::viewer(4));
    world.view(bob, &[(alice, LARGE.0, LARGE.1)]);
    world.run_ms(8_000);
    for (size, layer) in [(SMALL, 0), (LARGE, 2), (SMALL, 0), (LARGE, 2)] {
        let from = world.now;
        world.view(bob, &[(alice, size.0, size.1)]);
        world.run_ms(3_000);
        let stream = world.video(bob, alice);
        assert_eq!(stream.last_layer(), Some(layer));
        let freeze = stream.longest_freeze(from, world.now);
        assert!(freeze <= NO_FREEZE, "froze for {freeze:?}");
    }
    world.video(bob, alice).assert_continuous();
}

#[test]
fn a_layer_that_falls_silent_is_replaced_and_comes_back() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let bob = world.join(2, Spec::viewer(4));
    world.view(bob, &[(alice, LARGE.0, LARGE.1)]);
    world.run_ms(8_000);
    world.client(alice).encoders[2].paused = true;
    let from = world.now;
    world.run_ms(3_000);
    let stream = world.video(bob, alice);
    assert_eq!(stream.last_layer(), Some(1));
    let freeze = stream.longest_freeze(from, world.now);
    assert!(freeze <= Duration::from_millis(900), "froze for {freeze:?}");

    let from = world.now;
    world.client(alice).encoders[2].paused = false;
    world.client(alice).encoders[2].want_key();
    world.run_ms(2_000);
    let stream = world.video(bob, alice);
    assert_eq!(stream.last_layer(), Some(2));
    assert!(stream.longest_freeze(from, world.now) <= NO_FREEZE);
    stream.assert_continuous();
}

#[test]
fn timestamps_keep_step_with_the_publishers_clock_over_layer_switches() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let bob = world.join(2, Spec::viewer(4));
    world.view(bob, &[(alice, SMALL.0, SMALL.1)]);
    world.run_ms(3_000);
    let before = (world.now, world.video(bob, alice).last_timestamp());
    for (width, height) in [LARGE, SMALL, LARGE, SMALL] {
        world.view(bob, &[(alice, width, height)]);
        world.run_ms(2_500);
    }
    let ticks = world
        .video(bob, alice)
        .last_timestamp()
        .expect("frames")
        .wrapping_sub(before.1.expect("frames"));
    let passed = world.now.duration_since(before.0).as_millis() as u32 * 90;
    let skew = ticks.abs_diff(passed);
    assert!(skew <= 90 * 50, "ran apart by {} ms", skew / 90);
}

#[test]
fn a_publisher_without_simulcast_is_shown_in_any_tile() {
    let mut world = World::new();
    let mut spec = Spec::publisher();
    spec.camera.truncate(1);
    spec.camera[0].rid = None;
    let alice = world.join(1, spec);
    let bob = world.join(2, Spec::viewer(4));
    world.view(bob, &[(alice, LARGE.0, LARGE.1)]);
    world.run_ms(2_000);
    let stream = world.video(bob, alice);
    assert!(stream.decoded.len() > 40);
    stream.assert_continuous();
}
