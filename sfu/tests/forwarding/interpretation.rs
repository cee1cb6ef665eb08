//! Interpreters are heard by those who listen to their language, and by nobody
//! else.

use protocol::{MediaState, Source};
use sfu::{Language, PeerKey, TrackKey};

use crate::support::{
    client::Spec,
    world::{ALL_ON, World},
};

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

fn talker(audio_slots: usize) -> Spec {
    Spec {
        camera: Vec::new(),
        audio_slots,
        ..Spec::publisher()
    }
}

fn language(tag: &str) -> Option<Language> {
    Some(Language::parse(tag).expect("a tag"))
}

fn interprets(world: &mut World, peer: PeerKey, tag: &str) {
    world.room.set_interpreter(peer, language(tag), world.now);
    world.take_events();
}

fn listens(world: &mut World, peer: PeerKey, tag: Option<&str>) {
    world.room.set_language(peer, tag.and_then(language));
    world.take_events();
}

/// Whose voices the slots of somebody carry, in the order of their numbers.
fn heard(world: &World, listener: PeerKey) -> Vec<u32> {
    let slots = world.slots.iter();
    let mut heard: Vec<u32> = slots
        .filter(|((peer, _), _)| *peer == listener)
        .map(|(_, track)| track.peer.0)
        .collect();
    heard.sort_unstable();
    heard
}

/// Two who speak (1, 2), interpreters of German (11, 12) and French (13), and
/// a listener with three slots (20).
fn conference() -> (World, PeerKey) {
    let mut world = World::new();
    for number in [1, 2, 11, 12, 13] {
        world.join(number, talker(3));
        level(&mut world, PeerKey(number.into()), SILENT);
    }
    let listener = world.join(20, Spec::viewer(0));
    interprets(&mut world, PeerKey(11), "de");
    interprets(&mut world, PeerKey(12), "DE");
    interprets(&mut world, PeerKey(13), "fr");
    for number in [1, 2, 11, 13] {
        level(&mut world, PeerKey(number), LOUD);
    }
    world.run_ms(1_000);
    (world, listener)
}

#[test]
fn who_listens_to_the_original_hears_no_interpreter() {
    let (mut world, listener) = conference();
    assert_eq!(heard(&world, listener), [1, 2]);
    // interpreters, too, hear the original alone
    assert_eq!(heard(&world, PeerKey(12)), [1, 2]);
    assert_eq!(heard(&world, PeerKey(1)), [2]);
    world.run_ms(500);
    let streams = world.client(listener).streams.values();
    let heard = streams.flat_map(|stream| &stream.heard);
    assert!(heard.map(|packet| packet.owner).all(|owner| owner <= 2));
}

#[test]
fn who_listens_to_a_language_hears_its_interpreters_and_the_original() {
    let (mut world, listener) = conference();
    listens(&mut world, listener, Some("de"));
    assert_eq!(heard(&world, listener), [1, 2, 11]);
    // both at once, and the loudest original
    level(&mut world, PeerKey(12), LOUD);
    world.run_ms(500);
    assert_eq!(heard(&world, listener), [1, 11, 12]);
    listens(&mut world, listener, Some("fr"));
    assert_eq!(heard(&world, listener), [1, 2, 13]);
    listens(&mut world, listener, None);
    assert_eq!(heard(&world, listener), [1, 2]);
}

#[test]
fn interpreters_are_not_said_to_speak() {
    let (mut world, _) = conference();
    assert_eq!(world.speakers.len(), 2);
    for number in [1, 2] {
        level(&mut world, PeerKey(number), SILENT);
    }
    world.run_ms(2_000);
    assert_eq!(world.speakers, []);
}

#[test]
fn an_interpreter_keeps_the_slot_over_a_pause() {
    let (mut world, listener) = conference();
    let third = world.join(3, talker(1));
    for speaker in [1, 2, 3] {
        level(&mut world, PeerKey(speaker), LOUD);
    }
    listens(&mut world, listener, Some("de"));
    world.run_ms(500);
    let slot = world.slot(listener, voice(PeerKey(11)));
    assert!(slot.is_some());
    level(&mut world, PeerKey(11), SILENT);
    world.run_ms(5_000);
    assert_eq!(world.slot(listener, voice(PeerKey(11))), slot);
    // the one slot of another listener goes back to the original
    listens(&mut world, third, Some("de"));
    assert_eq!(heard(&world, third).len(), 1);
    assert!(heard(&world, third)[0] <= 3);
    level(&mut world, PeerKey(11), LOUD);
    world.run_ms(500);
    assert_eq!(heard(&world, third), [11]);
}

#[test]
fn an_interpreter_who_listens_to_another_language_hears_its_interpreters() {
    let (mut world, _) = conference();
    listens(&mut world, PeerKey(13), Some("de"));
    assert_eq!(heard(&world, PeerKey(13)), [1, 2, 11]);
    // nobody hears themselves
    listens(&mut world, PeerKey(11), Some("de"));
    assert_eq!(heard(&world, PeerKey(11)), [1, 2, 12]);
}

#[test]
fn an_interpreter_who_becomes_a_participant_is_part_of_the_original() {
    let (mut world, listener) = conference();
    world.room.set_interpreter(PeerKey(11), None, world.now);
    level(&mut world, PeerKey(2), SILENT);
    world.run_ms(2_000);
    assert!(heard(&world, listener).contains(&11));
    assert!(world.speakers.contains(&PeerKey(11)));
    listens(&mut world, listener, Some("de"));
    assert!(heard(&world, listener).contains(&12), "the other is left");
}

#[test]
fn an_interpreter_whose_microphone_is_off_is_not_heard() {
    let (mut world, listener) = conference();
    listens(&mut world, listener, Some("de"));
    assert_eq!(heard(&world, listener), [1, 2, 11]);
    let off = ALL_ON.with(Source::Microphone, false);
    world.room.set_sources(PeerKey(11), off, world.now);
    world.take_events();
    assert!(!heard(&world, listener).contains(&11));
    world.room.set_sources(PeerKey(11), ALL_ON, world.now);
    world.run_ms(500);
    assert!(heard(&world, listener).contains(&11));
    world
        .room
        .set_sources(PeerKey(1), MediaState::default(), world.now);
    world.leave(PeerKey(11));
    assert_eq!(heard(&world, listener), [2, 12]);
}
