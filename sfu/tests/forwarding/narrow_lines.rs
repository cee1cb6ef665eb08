//! Layers within what a downlink carries.

use sfu::{Bitrate, View};

use crate::support::{
    client::Spec,
    world::{World, camera},
};

const LARGE: (u32, u32) = (1_280, 720);

fn line(kbps: u64) -> impl FnOnce(&mut crate::support::link::LinkConfig) {
    move |link| {
        link.capacity = Bitrate::from_kbps(kbps);
        link.queue = kbps as usize * 125 / 2;
    }
}

#[test]
fn a_wide_line_gets_the_high_layer_by_probing() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let bob = world.join(2, Spec::viewer(1));
    world.view(bob, &[(alice, LARGE.0, LARGE.1)]);
    world.run_ms(5_000);
    assert_eq!(world.video(bob, alice).last_layer(), Some(2));
    assert!(world.room.stats().probes > 0);
}

#[test]
fn a_narrow_line_gets_what_it_carries() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let bob = world.join(2, Spec::viewer(1).down(line(900)));
    world.view(bob, &[(alice, LARGE.0, LARGE.1)]);
    world.run_ms(10_000);
    let from = world.now;
    world.run_ms(10_000);
    let stream = world.video(bob, alice);
    assert_eq!(stream.last_layer(), Some(1));
    let freeze = stream.longest_freeze(from, world.now);
    assert!(freeze.as_millis() < 500, "froze for {freeze:?}");
}

#[test]
fn a_line_that_narrows_goes_down_and_up_again_when_it_widens() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let bob = world.join(2, Spec::viewer(1));
    world.view(bob, &[(alice, LARGE.0, LARGE.1)]);
    world.run_ms(8_000);
    line(400)(&mut world.client(bob).down.config);
    world.run_ms(6_000);
    assert_eq!(world.video(bob, alice).last_layer(), Some(0));
    let from = world.now;
    world.run_ms(4_000);
    let freeze = world.video(bob, alice).longest_freeze(from, world.now);
    assert!(freeze.as_millis() < 500, "froze for {freeze:?}");
    line(20_000)(&mut world.client(bob).down.config);
    world.run_ms(25_000);
    assert_eq!(world.video(bob, alice).last_layer(), Some(2));
}

#[test]
fn the_first_tile_is_shown_when_not_all_can_be() {
    let mut world = World::new();
    let publishers: Vec<_> = (1..=4).map(|n| world.join(n, Spec::publisher())).collect();
    let bob = world.join(9, Spec::viewer(4).down(line(350)));
    let tiles: Vec<_> = publishers.iter().map(|p| (*p, 320, 180)).collect();
    world.view(bob, &tiles);
    world.run_ms(15_000);
    let from = world.now;
    world.run_ms(5_000);
    let first = world
        .video(bob, publishers[0])
        .longest_freeze(from, world.now);
    assert!(first.as_millis() < 600, "froze for {first:?}");
    let last = world.video(bob, publishers[3]);
    assert!(
        last.longest_freeze(from, world.now).as_millis() > 2_000,
        "paused"
    );
}

#[test]
fn a_bound_that_the_participant_sets_is_kept() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let bob = world.join(2, Spec::viewer(1));
    let tile = sfu::Tile {
        track: camera(alice),
        width: LARGE.0,
        height: LARGE.1,
    };
    let view = View {
        tiles: vec![tile],
        max_bitrate: Some(Bitrate::from_kbps(700)),
    };
    world.room.set_view(bob, view, world.now);
    world.run_ms(10_000);
    assert_eq!(world.video(bob, alice).last_layer(), Some(1));
}

/// One stream of 1,200 kbit/s, as for a shared screen.
fn one_layer() -> Spec {
    let mut spec = Spec::publisher();
    spec.camera.truncate(1);
    (spec.camera[0].rid, spec.camera[0].kbps) = (None, 1_200);
    spec
}

#[test]
fn a_single_layer_dearer_than_the_first_guess_is_shown_at_once() {
    let mut world = World::new();
    let alice = world.join(1, one_layer());
    world.run_ms(2_000);
    let bob = world.join(2, Spec::viewer(1));
    let from = world.now;
    world.view(bob, &[(alice, LARGE.0, LARGE.1)]);
    world.run_ms(6_000);
    let freeze = world.video(bob, alice).longest_freeze(from, world.now);
    assert!(freeze.as_millis() < 300, "froze for {freeze:?}");
}

#[test]
fn a_single_layer_that_the_line_does_not_carry_is_given_up_for_the_sound() {
    let mut world = World::new();
    let alice = world.join(1, one_layer());
    let bob = world.join(2, Spec::viewer(1).down(line(400)));
    world.view(bob, &[(alice, LARGE.0, LARGE.1)]);
    world.run_ms(6_000);
    let from = world.now;
    world.run_ms(5_000);
    let heard = &world.client(bob).streams["a0"].heard;
    let lately = heard.iter().filter(|packet| packet.at > from).count();
    assert!(lately >= 245, "{lately} of 250 packets of sound");
}

#[test]
fn a_viewer_whose_line_cannot_be_measured_gets_what_it_asks_for() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let bob = world.join(2, Spec::viewer(1));
    world.client(bob).forget_transport_cc();
    let agreed = world.client(bob).negotiated.clone();
    world.room.negotiate(bob, agreed, world.now);
    world.view(bob, &[(alice, LARGE.0, LARGE.1)]);
    world.run_ms(1_000);
    assert_eq!(world.video(bob, alice).last_layer(), Some(2));
}
