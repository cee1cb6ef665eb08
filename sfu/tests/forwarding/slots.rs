//! Which slot carries what.

use std::time::Duration;

use sfu::{Codec, TrackKey};

use crate::support::{
    client::Spec,
    world::{World, camera},
};

const TILE: (u32, u32) = (320, 180);

fn tiles(peers: &[sfu::PeerKey]) -> Vec<(sfu::PeerKey, u32, u32)> {
    peers.iter().map(|peer| (*peer, TILE.0, TILE.1)).collect()
}

#[test]
fn a_slot_that_gets_another_source_runs_on_without_a_seam() {
    let mut world = World::new();
    let people = [1, 2, 3].map(|n| world.join(n, Spec::publisher()));
    let bob = world.join(9, Spec::viewer(1));
    for _ in 0..3 {
        for person in people {
            world.view(bob, &tiles(&[person]));
            world.run_ms(700);
            let stream = world.video(bob, person);
            assert_eq!(stream.last_owner(), Some(person.0 as u8));
        }
    }
    world.video(bob, people[2]).assert_continuous();
}

#[test]
fn a_tile_that_moves_keeps_its_slot() {
    let mut world = World::new();
    let people = [1, 2, 3].map(|n| world.join(n, Spec::publisher()));
    let bob = world.join(9, Spec::viewer(3));
    world.view(bob, &tiles(&people));
    world.run_ms(500);
    let slot = world.slot(bob, camera(people[0]));
    let told = world.assignments;
    world.view(bob, &tiles(&[people[2], people[0], people[1]]));
    assert_eq!(world.slot(bob, camera(people[0])), slot);
    assert_eq!(world.assignments, told, "nothing to tell");
}

#[test]
fn a_hidden_tile_gets_nothing() {
    let mut world = World::new();
    let people = [1, 2].map(|n| world.join(n, Spec::publisher()));
    let bob = world.join(9, Spec::viewer(2));
    world.view(bob, &tiles(&people));
    world.run_ms(1_000);
    let slot = world.slot(bob, camera(people[1])).expect("shown");
    world.view(bob, &tiles(&people[..1]));
    assert_eq!(
        world.slot(bob, camera(people[1])),
        None,
        "told that it is empty"
    );
    world.run_ms(100);
    let packets = world.client(bob).streams[&slot].packets;
    world.run_ms(1_000);
    assert_eq!(world.client(bob).streams[&slot].packets, packets);
}

#[test]
fn nobody_gets_what_nobody_shows() {
    let mut world = World::new();
    world.join(1, Spec::publisher());
    world.join(2, Spec::viewer(4));
    world.run_ms(2_000);
    assert_eq!(world.room.stats().keyframe_requests, 0);
    let video = |key: &&String| key.starts_with('v');
    for client in world.clients.values() {
        for slot in client.streams.keys().filter(video) {
            assert_eq!(client.streams[slot].packets, 0);
        }
    }
}

#[test]
fn a_late_joiner_sees_a_picture_at_once() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    world.run_ms(10_000);
    let bob = world.join(2, Spec::viewer(4));
    let joined = world.now;
    world.view(bob, &tiles(&[alice]));
    world.run_ms(1_000);
    let first = world.video(bob, alice).decoded[0];
    let waited = first.at.duration_since(joined);
    // two lines of 20 ms there and back, and the time of a frame
    assert!(
        first.key && waited <= Duration::from_millis(140),
        "waited {waited:?}"
    );
}

#[test]
fn those_who_come_together_share_a_keyframe() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    world.run_ms(5_000);
    let before = world.client(alice).encoders[0].keyframes;
    let viewers: Vec<_> = (10..30)
        .map(|n| {
            world.run_ms(10);
            let viewer = world.join(n, Spec::viewer(1));
            world.view(viewer, &tiles(&[alice]));
            viewer
        })
        .collect();
    world.run_ms(500);
    for viewer in viewers {
        assert!(!world.video(viewer, alice).decoded.is_empty());
    }
    let made = world.client(alice).encoders[0].keyframes - before;
    assert!(made <= 2, "made {made} keyframes");
}

#[test]
fn the_most_important_tiles_get_the_few_slots() {
    let mut world = World::new();
    let people = [1, 2, 3, 4].map(|n| world.join(n, Spec::publisher()));
    let bob = world.join(9, Spec::viewer(2));
    world.view(bob, &tiles(&people));
    let shown: Vec<bool> = people
        .iter()
        .map(|p| world.slot(bob, camera(*p)).is_some())
        .collect();
    assert_eq!(shown, [true, true, false, false]);
}

#[test]
fn a_tile_shown_before_its_publisher_came_gets_its_slot_then() {
    let mut world = World::new();
    let bob = world.join(9, Spec::viewer(2));
    world.view(bob, &tiles(&[sfu::PeerKey(1)]));
    world.run_ms(500);
    let alice = world.join(1, Spec::publisher());
    world.run_ms(500);
    assert!(!world.video(bob, alice).decoded.is_empty());
}

#[test]
fn a_format_that_the_viewer_cannot_decode_takes_no_slot() {
    let mut world = World::new();
    let alice = world.join(1, Spec::publisher());
    let bob = world.join(2, Spec::viewer(2));
    let mut agreed = world.client(bob).negotiated.clone();
    for slot in agreed.slots.iter_mut().filter(|slot| slot.video) {
        slot.payloads[0].codec = Codec::Vp9 { profile: 0 };
    }
    world.room.negotiate(bob, agreed, world.now);
    world.view(bob, &tiles(&[alice]));
    world.run_ms(500);
    assert_eq!(world.slot(bob, camera(alice)), None);
}

#[test]
fn more_slots_by_another_offer_leave_the_old_ones_running() {
    let mut world = World::new();
    let people = [1, 2].map(|n| world.join(n, Spec::publisher()));
    let bob = world.join(9, Spec::viewer(1));
    world.view(bob, &tiles(&people));
    world.run_ms(1_000);
    let from = world.now;
    world.add_video_slots(bob, 1);
    world.run_ms(1_000);
    let stream = world.video(bob, people[0]);
    assert!(stream.longest_freeze(from, world.now) <= Duration::from_millis(80));
    stream.assert_continuous();
    assert!(!world.video(bob, people[1]).decoded.is_empty());
}

#[test]
fn nobody_is_shown_to_themselves() {
    let mut world = World::new();
    let mut spec = Spec::publisher();
    (spec.video_slots, spec.audio_slots) = (2, 2);
    let alice = world.join(1, spec);
    world.view(alice, &tiles(&[alice]));
    world.run_ms(500);
    let own = |key: &TrackKey| key.peer == alice;
    assert!(!world.slots.values().any(own));
}

#[test]
fn a_still_screen_is_shown_to_who_joins_late() {
    let mut world = World::new();
    let mut spec = Spec::publisher();
    spec.camera.truncate(1);
    spec.camera[0].rid = None;
    let alice = world.join(1, spec);
    world.run_ms(2_000);
    world.client(alice).encoders[0].paused = true;
    world.run_ms(10_000);
    let bob = world.join(2, Spec::viewer(1));
    world.view(bob, &tiles(&[alice]));
    world.run_ms(100);
    assert_eq!(world.client(alice).plis_heard, 1, "asked for a keyframe");
    world.client(alice).encoders[0].paused = false;
    world.run_ms(200);
    assert!(!world.video(bob, alice).decoded.is_empty());
}
