//! Judgement on connections.

use protocol::QualityScore;

use crate::support::{client::Spec, world::World};

#[test]
fn a_clean_line_is_good() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    world.run_ms(5_000);
    assert_eq!(world.quality.get(&alice), Some(&QualityScore::Good));
}

#[test]
fn loss_on_the_way_up_is_told_and_so_is_its_end() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher().up(|link| link.loss = 0.2));
    world.run_ms(5_000);
    assert_eq!(world.quality.get(&alice), Some(&QualityScore::Poor));
    world.client(alice).up.config.loss = 0.0;
    world.run_ms(9_000);
    assert_eq!(world.quality.get(&alice), Some(&QualityScore::Good));
}

#[test]
fn loss_on_the_way_down_is_told() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let bob = world.join(2, Spec::viewer(1).down(|link| link.loss = 0.06));
    world.view(bob, &[(alice, 640, 360)]);
    world.run_ms(10_000);
    assert_eq!(world.quality.get(&bob), Some(&QualityScore::Fair));
    assert_eq!(world.quality.get(&alice), Some(&QualityScore::Good));
}

#[test]
fn a_lost_connection_is_told_at_once() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    world.run_ms(5_000);
    world.room.set_connected(alice, false, world.now);
    world.take_events();
    assert_eq!(world.quality.get(&alice), Some(&QualityScore::Lost));
}
