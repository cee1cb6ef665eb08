//! What the room switches: sources, interpreters, languages.

use std::time::{Duration, Instant};

use media::{
    Language, MediaEvent,
    client::{Client, Received},
};
use protocol::Source;
use sfu::rtp::Header;

use crate::{
    common::{ALL_ON, peer, plane, room},
    meeting::{
        Watching, client, connect, picture, pump, slot_of, sound, ssrc_of, ssrc_of_slot, until,
        watching,
    },
};

/// Sends some pictures and says how many packets of a stream came within a
/// moment.
fn sent_on(from: &mut Client, to: &mut Client, camera: u32, first: u16, ssrc: u32) -> usize {
    for sequence in first..first + 20 {
        from.send_rtp(&picture(camera, sequence)).unwrap();
    }
    let mut came = 0;
    let end = Instant::now() + Duration::from_millis(300);
    while let Some(left) = end.checked_duration_since(Instant::now()) {
        let wait = left.max(Duration::from_micros(100));
        if let Some(Received::Rtp(packet)) = to.receive(wait).unwrap() {
            came += usize::from(Header::parse(packet).unwrap().ssrc == ssrc);
        }
    }
    came
}

#[tokio::test]
async fn a_source_is_forwarded_only_while_it_is_on() {
    let plane = plane();
    let Watching {
        room,
        mut events,
        mut a,
        mut b,
        slot,
        from,
        to,
    } = watching(&plane).await;

    let camera_off = ALL_ON.with(Source::Camera, false);
    room.set_sources(&peer("a"), camera_off).unwrap();
    let freed = until(&mut events, |event| match event {
        MediaEvent::SlotsAssigned { slots, .. } => slots.into_iter().find(|s| s.slot == slot),
        _ => None,
    });
    assert_eq!(freed.await.track, None);
    assert_eq!(sent_on(&mut a, &mut b, from, 1_000, to), 0);

    room.set_sources(&peer("a"), ALL_ON).unwrap();
    slot_of(&mut events, "b", "a", Source::Camera).await;
    pump(&mut a, &mut b, |n| picture(from, n), 2_000, to, 10);
}

#[tokio::test]
async fn an_interpreter_is_heard_by_listeners_of_the_language_alone() {
    let plane = plane();
    let (room, mut events) = room(&plane, "r");
    let (mut a, mut b) = (client(|_| {}), client(|_| {}));
    connect(&room, "a", &mut a).await;
    connect(&room, "b", &mut b).await;
    let german = || Some(Language::parse("de").unwrap());
    room.set_interpreter(&peer("a"), german()).unwrap();
    room.set_language(&peer("b"), german()).unwrap();
    let from = ssrc_of(&a, Source::Microphone);
    for sequence in 0..20 {
        a.send_rtp(&sound(from, sequence)).unwrap();
    }
    let slot = slot_of(&mut events, "b", "a", Source::Microphone).await;
    let to = ssrc_of_slot(&b, &slot);
    pump(&mut a, &mut b, |n| sound(from, n), 20, to, 20);
    room.set_language(&peer("b"), None).unwrap();
    let freed = until(&mut events, |event| match event {
        MediaEvent::SlotsAssigned { slots, .. } => slots.into_iter().find(|s| s.slot == slot),
        _ => None,
    });
    assert_eq!(freed.await.track, None);
}
