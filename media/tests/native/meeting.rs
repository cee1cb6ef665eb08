//! What native clients do in these tests: connect, send, and look for what
//! comes.

use std::time::{Duration, Instant};

use media::{
    MediaEvent, MediaPlane, RoomMedia,
    client::{Client, ClientConfig, ClientIdentity, OPUS_PT, Received, VP8_PT},
};
use protocol::{Source, TrackRef, View, ViewTile};
use sfu::rtp::Header;
use tokio::sync::mpsc::Receiver;

use crate::common::{add, peer, room};

pub(crate) const LIMIT: Duration = Duration::from_secs(10);

pub(crate) fn client(change: impl FnOnce(&mut ClientConfig)) -> Client {
    let mut config = ClientConfig::new(ClientIdentity::generate().unwrap());
    change(&mut config);
    Client::new(config).unwrap()
}

/// Adds a participant and connects it.
pub(crate) async fn connect(room: &RoomMedia, name: &str, client: &mut Client) {
    add(room, name);
    negotiate(room, name, client).await;
}

pub(crate) async fn negotiate(room: &RoomMedia, name: &str, client: &mut Client) {
    let answer = room.offer(&peer(name), client.offer()).await.unwrap();
    client.connect(&answer, LIMIT).unwrap();
}

/// Two who are connected, the second of whom sees the first one's camera.
pub(crate) struct Watching {
    pub(crate) room: RoomMedia,
    pub(crate) events: Receiver<MediaEvent>,
    pub(crate) a: Client,
    pub(crate) b: Client,
    /// The slot of `b` that shows `a`.
    pub(crate) slot: String,
    /// The SSRC that `a` sends with.
    pub(crate) from: u32,
    /// The SSRC of the slot.
    pub(crate) to: u32,
}

/// Connects two, and sends until the second one has seen pictures.
pub(crate) async fn watching(plane: &MediaPlane) -> Watching {
    let (room, mut events) = room(plane, "r");
    let (mut a, mut b) = (client(|_| {}), client(|_| {}));
    connect(&room, "a", &mut a).await;
    connect(&room, "b", &mut b).await;
    room.set_view(&peer("b"), view_of("a", Source::Camera))
        .unwrap();
    let slot = slot_of(&mut events, "b", "a", Source::Camera).await;
    let (from, to) = (ssrc_of(&a, Source::Camera), ssrc_of_slot(&b, &slot));
    pump(&mut a, &mut b, |n| picture(from, n), 100, to, 10);
    Watching {
        room,
        events,
        a,
        b,
        slot,
        from,
        to,
    }
}

pub(crate) fn view_of(name: &str, source: Source) -> View {
    View {
        tiles: vec![ViewTile {
            track: TrackRef {
                peer: peer(name),
                source,
            },
            width: 1280,
            height: 720,
        }],
        max_bitrate: None,
    }
}

pub(crate) async fn until<T>(
    events: &mut Receiver<MediaEvent>,
    mut wanted: impl FnMut(MediaEvent) -> Option<T>,
) -> T {
    let search = async {
        loop {
            let event = events.recv().await.expect("the room is open");
            if let Some(found) = wanted(event) {
                return found;
            }
        }
    };
    tokio::time::timeout(LIMIT, search)
        .await
        .expect("no such event")
}

/// The slot that a participant's track is put into.
pub(crate) async fn slot_of(
    events: &mut Receiver<MediaEvent>,
    viewer: &str,
    name: &str,
    source: Source,
) -> String {
    let (viewer, name) = (peer(viewer), peer(name));
    until(events, |event| match event {
        MediaEvent::SlotsAssigned { peer, slots } if peer == viewer => slots
            .into_iter()
            .find(|slot| {
                slot.track
                    .as_ref()
                    .is_some_and(|t| t.peer == name && t.source == source)
            })
            .map(|slot| slot.slot),
        _ => None,
    })
    .await
}

/// A packet with an audio level (extension 1) of -20 dBov.
pub(crate) fn sound(ssrc: u32, sequence: u16) -> Vec<u8> {
    let mut packet = header(
        0x90,
        OPUS_PT | 0x80,
        sequence,
        u32::from(sequence) * 960,
        ssrc,
    );
    packet.extend_from_slice(&[0xbe, 0xde, 0, 1, 0x10, 0x80 | 20, 0, 0]);
    packet.extend_from_slice(&[0xfc; 80]);
    packet
}

/// A VP8 keyframe of 640x360 in one packet.
pub(crate) fn picture(ssrc: u32, sequence: u16) -> Vec<u8> {
    let mut packet = header(
        0x80,
        VP8_PT | 0x80,
        sequence,
        u32::from(sequence) * 3_000,
        ssrc,
    );
    packet.extend_from_slice(&[
        0x10, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01,
    ]);
    packet.extend_from_slice(&[0x55; 700]);
    packet
}

pub(crate) fn header(first: u8, second: u8, sequence: u16, timestamp: u32, ssrc: u32) -> Vec<u8> {
    let mut bytes = vec![first, second];
    bytes.extend_from_slice(&sequence.to_be_bytes());
    bytes.extend_from_slice(&timestamp.to_be_bytes());
    bytes.extend_from_slice(&ssrc.to_be_bytes());
    bytes
}

pub(crate) fn ssrc_of(client: &Client, source: Source) -> u32 {
    let mut sending = client.sending().iter();
    sending
        .find(|sending| sending.source == source)
        .unwrap()
        .ssrc
}

pub(crate) fn ssrc_of_slot(client: &Client, mid: &str) -> u32 {
    client
        .slots()
        .iter()
        .find(|slot| slot.mid == mid)
        .unwrap()
        .ssrc
}

/// Sends and receives until `wanted` packets of a stream have arrived.
pub(crate) fn pump(
    from: &mut Client,
    to: &mut Client,
    make: impl Fn(u16) -> Vec<u8>,
    first: u16,
    ssrc: u32,
    wanted: usize,
) {
    let deadline = Instant::now() + LIMIT;
    let (mut arrived, mut sequence) = (Vec::new(), first);
    while arrived.len() < wanted {
        assert!(
            Instant::now() < deadline,
            "{} of {wanted} arrived",
            arrived.len()
        );
        from.send_rtp(&make(sequence)).unwrap();
        sequence = sequence.wrapping_add(1);
        from.receive(Duration::ZERO).unwrap();
        let wait = Instant::now() + Duration::from_millis(5);
        while let Some(left) = wait
            .checked_duration_since(Instant::now())
            .filter(|d| d.as_micros() > 0)
        {
            if let Some(Received::Rtp(packet)) =
                to.receive(left.max(Duration::from_micros(100))).unwrap()
            {
                let header = Header::parse(packet).unwrap();
                if header.ssrc == ssrc {
                    arrived.push(header.sequence);
                }
            }
        }
    }
    let steps = arrived
        .windows(2)
        .all(|pair| pair[1] == pair[0].wrapping_add(1));
    assert!(steps, "sequence numbers go on: {arrived:?}");
}
