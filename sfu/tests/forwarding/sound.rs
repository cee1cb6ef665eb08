//! Whose voice is carried, and who is said to speak.

use std::time::Duration;

use protocol::Source;
use sfu::{PeerKey, TrackKey};

use crate::support::{client::Spec, world::World};

const LOUD: u8 = 25;
const SILENT: u8 = 127;

fn voice(peer: PeerKey) -> TrackKey {
    TrackKey {
        peer,
        source: Source::Microphone,
    }
}

fn level(world: &mut World, peer: PeerKey, level: u8) {
    let microphone = &mut world.client(peer).microphone;
    microphone.as_mut().expect("has one").level = level;
}

fn speaker() -> Spec {
    Spec {
        camera: Vec::new(),
        audio_slots: 2,
        ..Spec::publisher()
    }
}

/// Six with microphones, and two audio slots each.
fn crowd(world: &mut World) -> Vec<PeerKey> {
    let people = (1..=6).map(|n| world.join(n, speaker())).collect();
    world.run_ms(500);
    people
}

#[test]
fn who_begins_to_speak_is_heard_and_named() {
    let mut world = World::new();
    let people = crowd(&mut world);
    for person in [people[5], people[2], people[4]] {
        level(&mut world, person, LOUD);
        world.run_ms(400);
        assert_eq!(world.speakers.first(), Some(&person));
        assert!(world.slot(people[0], voice(person)).is_some());
        level(&mut world, person, SILENT);
        world.run_ms(1_600);
    }
    assert_eq!(world.speakers, []);
    let slots = world.client(people[0]).streams.values();
    slots.for_each(|slot| slot.assert_continuous());
}

#[test]
fn a_speaker_keeps_the_slot_while_others_come_and_go() {
    let mut world = World::new();
    let people = crowd(&mut world);
    level(&mut world, people[5], 40);
    world.run_ms(1_000);
    let slot = world.slot(people[0], voice(people[5]));
    for person in [people[1], people[2], people[3]] {
        level(&mut world, person, LOUD);
        world.run_ms(1_500);
        assert_eq!(world.slot(people[0], voice(people[5])), slot);
        level(&mut world, person, SILENT);
        world.run_ms(500);
    }
}

#[test]
fn nobody_hears_themselves() {
    let mut world = World::new();
    let people = crowd(&mut world);
    for person in &people {
        level(&mut world, *person, LOUD);
    }
    world.run_ms(2_000);
    assert!(
        world
            .slots
            .iter()
            .all(|((peer, _), track)| *peer != track.peer)
    );
    let slot = world.client(people[0]).streams["a0"].heard.len();
    assert!(slot > 80, "and yet others are heard: {slot}");
}

#[test]
fn in_a_small_room_all_are_heard_from_the_first_packet_on() {
    let mut world = World::new();
    let (alice, bob) = (world.join(1, speaker()), world.join(2, speaker()));
    world.run_ms(1_000);
    let heard = &world.client(bob).streams["a0"].heard;
    assert!(heard.len() >= 46, "{}", heard.len());
    assert!(
        heard
            .iter()
            .all(|packet| PeerKey(packet.owner.into()) == alice)
    );
}

#[test]
fn a_voice_that_is_off_gives_its_slot_up() {
    let mut world = World::new();
    let people = crowd(&mut world);
    level(&mut world, people[1], LOUD);
    world.run_ms(1_000);
    world
        .client(people[1])
        .microphone
        .as_mut()
        .expect("has one")
        .muted = true;
    world.run_ms(4_000);
    assert_eq!(world.slot(people[0], voice(people[1])), None);
    assert_eq!(world.speakers, []);
}

#[test]
fn shared_sound_comes_first() {
    let mut world = World::new();
    let people = crowd(&mut world);
    for person in &people[1..5] {
        level(&mut world, *person, LOUD);
    }
    world.run_ms(1_000);
    world.share_sound(people[5]);
    world.run_ms(500);
    let shared = TrackKey {
        peer: people[5],
        source: Source::ScreenAudio,
    };
    for person in &people[..5] {
        assert!(world.slot(*person, shared).is_some());
    }
}

#[test]
fn a_change_of_speakers_loses_no_word() {
    let mut world = World::new();
    let people = crowd(&mut world);
    level(&mut world, people[4], LOUD);
    let from = world.now;
    world.run_ms(2_000);
    let slot = world.slot(people[0], voice(people[4])).expect("heard");
    let heard = &world.client(people[0]).streams[&slot].heard;
    let first = heard
        .iter()
        .find(|packet| PeerKey(packet.owner.into()) == people[4]);
    let waited = first.expect("heard").at.duration_since(from);
    assert!(waited <= Duration::from_millis(300), "waited {waited:?}");
}
