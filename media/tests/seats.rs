//! What belongs to a seat is freed with it.
//!
//! Alone in its file, because it looks at the memory of the whole process.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]
#![cfg(target_os = "linux")]

mod common;

use std::time::Duration;

use common::{peer, plane, room};
use media::{
    MediaPlane, RoomMedia,
    client::{Client, ClientConfig, ClientIdentity},
};
use protocol::{Offer, Source, TrackRef, View, ViewTile};

/// Seats that exist at the same time.
const AT_ONCE: usize = 200;

/// Rounds that are measured: 10,000 seats in all.
const ROUNDS: usize = 50;

/// Rounds before that, which fill the allocator's reserves.
const WARM_UP: usize = 10;

/// Seats of a round that connect, with handshake, addresses and keys.
const CONNECTED: usize = 4;

/// What the allocator may keep. A leak of 2 KB per seat would be 20 MB.
const SLACK: usize = 12 << 20;

fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = text.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4_096
}

fn view() -> View {
    let tile = |n: usize| ViewTile {
        track: TrackRef {
            peer: peer(&format!("p{n}")),
            source: Source::Camera,
        },
        width: 640,
        height: 360,
    };
    View {
        tiles: (0..9).map(tile).collect(),
        max_bitrate: None,
    }
}

async fn fill(room: &RoomMedia, offer: &Offer, identity: &ClientIdentity) {
    for seat in 0..AT_ONCE {
        let id = peer(&format!("p{seat}"));
        room.add(&id).unwrap();
        if seat < CONNECTED {
            let mut client = Client::new(ClientConfig::new(identity.clone())).unwrap();
            let answer = room.offer(&id, client.offer()).await.unwrap();
            client.connect(&answer, Duration::from_secs(20)).unwrap();
        } else {
            room.offer(&id, offer.clone()).await.unwrap();
        }
        room.set_view(&id, view()).unwrap();
    }
}

async fn round(plane: &MediaPlane, number: usize, offer: &Offer, identity: &ClientIdentity) {
    let (room, mut events) = room(plane, &format!("r{number}"));
    let listener = tokio::spawn(async move { while events.recv().await.is_some() {} });
    fill(&room, offer, identity).await;
    let stats = plane.stats().await;
    assert_eq!((stats[0].peers, stats[0].connected), (AT_ONCE, CONNECTED));
    // half of them leave one by one, the others with the room
    for seat in 0..AT_ONCE / 2 {
        room.remove(&peer(&format!("p{seat}")));
    }
    drop(room);
    let stats = plane.stats().await;
    let left = (stats[0].rooms, stats[0].peers, stats[0].addresses);
    assert_eq!(left, (0, 0, 0));
    listener.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_seats_give_their_memory_back() {
    let plane = plane();
    let identity = ClientIdentity::generate().unwrap();
    let offer = Client::new(ClientConfig::new(identity.clone()))
        .unwrap()
        .offer();
    for number in 0..WARM_UP {
        round(&plane, number, &offer, &identity).await;
    }
    let before = resident();
    for number in 0..ROUNDS {
        round(&plane, number, &offer, &identity).await;
    }
    let after = resident();
    assert!(
        after < before + SLACK,
        "resident memory grew from {before} to {after} bytes"
    );
}
