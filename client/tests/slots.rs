//! The slot table.

use client::slots::SlotTable;
use protocol::{PeerId, SlotAssignment, Source, TrackRef};

fn track(peer: &str, source: Source) -> TrackRef {
    let peer = PeerId::parse(peer).expect("a valid id");
    TrackRef { peer, source }
}

fn assign(table: &mut SlotTable, slot: &str, track: Option<TrackRef>) {
    let slot = slot.to_owned();
    table.assign(vec![SlotAssignment { slot, track }]);
}

#[test]
fn slots_that_are_not_named_stay() {
    let mut table = SlotTable::default();
    let (ada, bob) = (track("ada", Source::Camera), track("bob", Source::Camera));
    assign(&mut table, "8", Some(ada.clone()));
    assign(&mut table, "9", Some(bob.clone()));
    assign(&mut table, "8", None);
    assert_eq!(table.slot_of(&ada), None);
    assert_eq!(table.slot_of(&bob).unwrap(), "9");
}

#[test]
fn a_slot_changes_hands() {
    let mut table = SlotTable::default();
    let (ada, bob) = (track("ada", Source::Camera), track("bob", Source::Screen));
    assign(&mut table, "8", Some(ada.clone()));
    assign(&mut table, "8", Some(bob.clone()));
    assert_eq!(table.slot_of(&ada), None);
    assert_eq!(table.slot_of(&bob).unwrap(), "8");
}

#[test]
fn sound_is_not_shown() {
    let mut table = SlotTable::default();
    assign(&mut table, "4", Some(track("ada", Source::Microphone)));
    assign(&mut table, "8", Some(track("ada", Source::Screen)));
    let videos: Vec<_> = table.videos().map(|(slot, _)| slot.as_str()).collect();
    assert_eq!(videos, ["8"]);
}

#[test]
fn another_connection_starts_empty() {
    let mut table = SlotTable::default();
    assign(&mut table, "8", Some(track("ada", Source::Camera)));
    table.clear();
    assert_eq!(table, SlotTable::default());
}
