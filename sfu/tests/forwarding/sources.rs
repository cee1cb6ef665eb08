//! What the server says is off is off, whatever is sent.

use std::time::Duration;

use protocol::{MediaState, Source};
use sfu::{PeerKey, TrackKey};

use crate::support::{
    client::Spec,
    world::{ALL_ON, World, camera},
};

const LOUD: u8 = 25;
const OFF: MediaState = MediaState {
    microphone: false,
    camera: false,
    screen: false,
    screen_audio: false,
};

fn set(world: &mut World, peer: PeerKey, media: MediaState) {
    world.room.set_sources(peer, media, world.now);
    world.take_events();
}

fn voice(peer: PeerKey) -> TrackKey {
    TrackKey {
        peer,
        source: Source::Microphone,
    }
}

/// Alice, who sends and speaks, seen by Bob.
fn meeting(spec: Spec) -> (World, PeerKey, PeerKey) {
    let mut world = World::new();
    let alice = world.join(1, spec);
    let bob = world.join(2, Spec::viewer(2));
    if let Some(microphone) = &mut world.client(alice).microphone {
        microphone.level = LOUD;
    }
    world.view(bob, &[(alice, 640, 360)]);
    (world, alice, bob)
}

fn received(world: &mut World, peer: PeerKey) -> u64 {
    let streams = world.client(peer).streams.values();
    streams.map(|stream| stream.packets).sum()
}

#[test]
fn all_is_off_until_the_server_says_otherwise() {
    let (mut world, alice, bob) = meeting(Spec::publisher());
    set(&mut world, alice, OFF);
    world.run_ms(2_000);
    assert_eq!(received(&mut world, bob), 0);
    assert!(world.slots.is_empty());
    assert_eq!(world.speakers, []);
    let stats = world.room.stats();
    assert_eq!((stats.tracks, stats.keyframe_requests), (0, 0));
    assert_eq!(stats.packets_off, stats.packets_in);
}

#[test]
fn what_goes_on_is_seen_and_heard_at_once() {
    let (mut world, alice, bob) = meeting(Spec::publisher());
    set(&mut world, alice, OFF);
    world.run_ms(2_000);
    set(&mut world, alice, ALL_ON);
    let from = world.now;
    world.run_ms(500);
    let seen = world.video(bob, alice).decoded.first().expect("a picture");
    let waited = seen.at.duration_since(from);
    assert!(waited <= Duration::from_millis(200), "waited {waited:?}");
    let slot = world.slot(bob, voice(alice)).expect("a voice");
    let heard = world.client(bob).streams[&slot].heard.len();
    assert!(heard >= 20, "{heard} packets of sound");
    assert_eq!(world.speakers, [alice]);
    // what was sent while it was off is not asked for
    assert_eq!(world.room.stats().nacks, 0);
}

#[test]
fn what_goes_off_leaves_its_slots_at_once() {
    let (mut world, alice, bob) = meeting(Spec::publisher());
    world.run_ms(2_000);
    assert_eq!(world.speakers, [alice]);
    set(&mut world, alice, ALL_ON.with(Source::Camera, false));
    assert_eq!(world.slot(bob, camera(alice)), None);
    set(&mut world, alice, OFF);
    assert!(world.slots.is_empty());
    world.run_ms(50);
    let before = received(&mut world, bob);
    world.run_ms(1_000);
    assert_eq!(received(&mut world, bob), before);
    assert_eq!(world.speakers, []);
}

#[test]
fn off_and_on_again_leaves_no_seam() {
    let (mut world, alice, bob) = meeting(Spec::publisher());
    for media in [OFF, ALL_ON, OFF, ALL_ON] {
        world.run_ms(1_000);
        set(&mut world, alice, media);
    }
    world.run_ms(1_000);
    let recent = world.video(bob, alice).decoded.last().expect("a picture");
    assert!(world.now.duration_since(recent.at) <= Duration::from_millis(100));
    let streams = world.client(bob).streams.values();
    streams.for_each(|stream| stream.assert_continuous());
}

#[test]
fn a_still_screen_that_goes_on_is_asked_for_a_picture() {
    let mut one_layer = Spec::publisher();
    one_layer.camera.truncate(1);
    one_layer.camera[0].rid = None;
    let (mut world, alice, _) = meeting(one_layer);
    set(&mut world, alice, OFF);
    world.run_ms(500);
    world.client(alice).encoders[0].paused = true;
    world.run_ms(500);
    assert_eq!(world.client(alice).plis_heard, 0);
    set(&mut world, alice, ALL_ON);
    world.run_ms(50);
    assert_eq!(world.client(alice).plis_heard, 1);
}

#[test]
fn the_state_outlives_offers_and_transports() {
    let (mut world, alice, bob) = meeting(Spec::publisher());
    set(&mut world, alice, OFF);
    world.reset_transport(alice);
    world.run_ms(1_000);
    assert_eq!(received(&mut world, bob), 0);
    set(&mut world, alice, ALL_ON);
    world.reset_transport(alice);
    world.run_ms(1_000);
    assert!(!world.video(bob, alice).decoded.is_empty());
}

#[test]
fn one_who_comes_back_begins_with_everything_off() {
    let (mut world, alice, bob) = meeting(Spec::publisher());
    world.leave(alice);
    world.room.join(alice, world.now);
    let agreed = crate::support::client::Client::new(1, &Spec::publisher(), world.now);
    let now = world.now;
    world.room.negotiate(alice, agreed.negotiated.clone(), now);
    world.room.set_connected(alice, true, now);
    world.clients.insert(alice, agreed);
    world.run_ms(1_000);
    assert_eq!(received(&mut world, bob), 0);
}
