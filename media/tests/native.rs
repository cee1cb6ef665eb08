//! Native clients over real UDP: they connect, one sends, another receives.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod common;

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::{Duration, Instant},
};

use common::{peer, plane, plane_on, room};
use media::{
    MediaEvent, RoomMedia,
    client::{Client, ClientConfig, ClientIdentity, OPUS_PT, Received, VP8_PT},
    srtp::Profile,
};
use protocol::{Source, TrackRef, View, ViewTile};
use sfu::rtp::Header;
use tokio::sync::mpsc::Receiver;

const LIMIT: Duration = Duration::from_secs(10);

fn client(change: impl FnOnce(&mut ClientConfig)) -> Client {
    let mut config = ClientConfig::new(ClientIdentity::generate().unwrap());
    change(&mut config);
    Client::new(config).unwrap()
}

/// Adds a participant and connects it.
async fn connect(room: &RoomMedia, name: &str, client: &mut Client) {
    room.add(&peer(name)).unwrap();
    negotiate(room, name, client).await;
}

async fn negotiate(room: &RoomMedia, name: &str, client: &mut Client) {
    let answer = room.offer(&peer(name), client.offer()).await.unwrap();
    client.connect(&answer, LIMIT).unwrap();
}

fn view_of(name: &str, source: Source) -> View {
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

async fn until<T>(
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
async fn slot_of(
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
fn sound(ssrc: u32, sequence: u16) -> Vec<u8> {
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
fn picture(ssrc: u32, sequence: u16) -> Vec<u8> {
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

fn header(first: u8, second: u8, sequence: u16, timestamp: u32, ssrc: u32) -> Vec<u8> {
    let mut bytes = vec![first, second];
    bytes.extend_from_slice(&sequence.to_be_bytes());
    bytes.extend_from_slice(&timestamp.to_be_bytes());
    bytes.extend_from_slice(&ssrc.to_be_bytes());
    bytes
}

fn ssrc_of(client: &Client, source: Source) -> u32 {
    let mut sending = client.sending().iter();
    sending
        .find(|sending| sending.source == source)
        .unwrap()
        .ssrc
}

fn ssrc_of_slot(client: &Client, mid: &str) -> u32 {
    client
        .slots()
        .iter()
        .find(|slot| slot.mid == mid)
        .unwrap()
        .ssrc
}

/// Sends and receives until `wanted` packets of a stream have arrived.
fn pump(
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

async fn media_flows(bind: IpAddr, plane_ip: IpAddr, profiles: &[Profile]) {
    let plane = plane_on(plane_ip);
    let (room, mut events) = room(&plane, "r");
    let make = || {
        client(|config| {
            config.bind = SocketAddr::new(bind, 0);
            config.profiles = profiles.to_vec();
        })
    };
    let (mut a, mut b) = (make(), make());
    connect(&room, "a", &mut a).await;
    connect(&room, "b", &mut b).await;
    room.set_view(&peer("b"), view_of("a", Source::Camera))
        .unwrap();
    let slot = slot_of(&mut events, "b", "a", Source::Camera).await;
    let (from, to) = (ssrc_of(&a, Source::Camera), ssrc_of_slot(&b, &slot));
    pump(&mut a, &mut b, |n| picture(from, n), 65_500, to, 100);
    // an audio slot is chosen once there is something to hear
    let from = ssrc_of(&a, Source::Microphone);
    for sequence in 0..20 {
        a.send_rtp(&sound(from, sequence)).unwrap();
    }
    let slot = slot_of(&mut events, "b", "a", Source::Microphone).await;
    let to = ssrc_of_slot(&b, &slot);
    pump(&mut a, &mut b, |n| sound(from, n), 20, to, 20);
    assert_eq!(a.profile(), Some(profiles[0]));
}

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

#[tokio::test]
async fn one_sends_and_the_other_receives_in_a_slot() {
    media_flows(V4, V4, &[Profile::AeadAes128Gcm]).await;
}

#[tokio::test]
async fn a_client_that_knows_aes_cm_only_is_served() {
    media_flows(V4, V4, &[Profile::AesCm128HmacSha1_80]).await;
}

#[tokio::test]
async fn ipv6_works() {
    let v6 = IpAddr::V6(Ipv6Addr::LOCALHOST);
    media_flows(v6, v6, &[Profile::AeadAes128Gcm]).await;
}

#[tokio::test]
async fn one_socket_serves_both_families() {
    let any = IpAddr::V6(Ipv6Addr::UNSPECIFIED);
    media_flows(V4, any, &[Profile::AeadAes128Gcm]).await;
    let v6 = IpAddr::V6(Ipv6Addr::LOCALHOST);
    media_flows(v6, any, &[Profile::AeadAes128Gcm]).await;
}

#[tokio::test]
async fn media_goes_on_over_another_address_after_an_ice_restart() {
    let plane = plane();
    let (room, mut events) = room(&plane, "r");
    let (mut a, mut b) = (client(|_| {}), client(|_| {}));
    connect(&room, "a", &mut a).await;
    connect(&room, "b", &mut b).await;
    room.set_view(&peer("b"), view_of("a", Source::Camera))
        .unwrap();
    let slot = slot_of(&mut events, "b", "a", Source::Camera).await;
    let (from, to) = (ssrc_of(&a, Source::Camera), ssrc_of_slot(&b, &slot));
    pump(&mut a, &mut b, |n| picture(from, n), 100, to, 10);
    for moved in [&mut a, &mut b] {
        let before = moved.socket().local_addr().unwrap();
        moved.restart_ice().unwrap();
        assert_ne!(moved.socket().local_addr().unwrap(), before);
    }
    negotiate(&room, "a", &mut a).await;
    negotiate(&room, "b", &mut b).await;
    assert_eq!(ssrc_of_slot(&b, &slot), to);
    pump(&mut a, &mut b, |n| picture(from, n), 1_000, to, 10);
    assert_eq!(plane.stats().await[0].connected, 2);
}

#[tokio::test]
async fn a_client_with_another_certificate_than_offered_gets_nothing() {
    let plane = plane();
    let (room, mut events) = room(&plane, "r");
    room.add(&peer("a")).unwrap();
    let mut a = client(|_| {});
    let mut offer = a.offer();
    let honest = offer.sdp.clone();
    let fingerprint = honest
        .lines()
        .find_map(|line| line.strip_prefix("a=fingerprint:sha-256 "));
    let fingerprint = fingerprint.unwrap();
    let forged: String = fingerprint.chars().rev().collect();
    offer.sdp = honest.replace(fingerprint, &forged);
    let answer = room.offer(&peer("a"), offer).await.unwrap();
    // the client's own side of the handshake may complete, ours must not
    let _either = a.connect(&answer, Duration::from_secs(2));
    let stats = plane.stats().await;
    assert_eq!((stats[0].peers, stats[0].connected), (1, 0));
    assert!(events.try_recv().is_err());
}

#[tokio::test]
async fn a_leaver_is_told_and_forgotten() {
    let plane = plane();
    let (room, mut events) = room(&plane, "r");
    let mut a = client(|_| {});
    connect(&room, "a", &mut a).await;
    until(&mut events, |event| {
        matches!(
            event,
            MediaEvent::Connection {
                connected: true,
                ..
            }
        )
        .then_some(())
    })
    .await;
    assert_eq!(plane.stats().await[0].addresses, 1);
    room.remove(&peer("a"));
    let stats = plane.stats().await;
    assert_eq!(
        (stats[0].peers, stats[0].connected, stats[0].addresses),
        (0, 0, 0)
    );
    // the end of the DTLS association says so to the client
    let deadline = Instant::now() + LIMIT;
    while a.receive(Duration::from_millis(10)).is_ok() {
        assert!(Instant::now() < deadline, "no close_notify");
    }
}

#[tokio::test]
async fn a_view_waits_for_participants_who_come_later_and_is_told_again() {
    let plane = plane();
    let (room, mut events) = room(&plane, "r");
    let (mut a, mut b) = (client(|_| {}), client(|_| {}));
    connect(&room, "b", &mut b).await;
    room.set_view(&peer("b"), view_of("a", Source::Camera))
        .unwrap();
    connect(&room, "a", &mut a).await;
    let slot = slot_of(&mut events, "b", "a", Source::Camera).await;
    room.refresh(&peer("b")).unwrap();
    assert_eq!(slot_of(&mut events, "b", "a", Source::Camera).await, slot);
}

#[tokio::test]
async fn rooms_do_not_hear_each_other_and_closing_one_frees_it() {
    let plane = plane();
    let (first, _first_events) = room(&plane, "one");
    let (second, _second_events) = room(&plane, "two");
    let (mut a, mut b) = (client(|_| {}), client(|_| {}));
    connect(&first, "a", &mut a).await;
    connect(&second, "a", &mut b).await;
    assert_eq!(plane.stats().await[0].connected, 2);
    drop(second);
    let stats = plane.stats().await;
    assert_eq!(
        (stats[0].rooms, stats[0].peers, stats[0].addresses),
        (1, 1, 1)
    );
    plane.shutdown();
    let after = first.offer(&peer("a"), a.offer()).await;
    assert!(matches!(after, Err(media::MediaError::Closed)));
}
