//! The model that the interface is shown.

use client::model::{Model, Phase};
use protocol::PeerId;

#[test]
fn a_copy_takes_over_whatever_differs_and_says_whether_anything_did() {
    let mut shown = Model::default();
    let mut now = Model::default();
    assert!(!shown.take_over(&now));
    now.phase = Phase::Joined;
    now.me = PeerId::parse("ada").ok();
    now.room.unread = 3;
    now.room.speakers = now.me.iter().cloned().collect();
    now.devices.level = 40;
    now.audio_blocked = true;
    assert!(shown.take_over(&now));
    assert_eq!(shown, now);
    assert!(!shown.take_over(&now));
}
