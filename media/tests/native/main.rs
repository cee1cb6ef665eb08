//! Native clients over real UDP: they connect, one sends, another receives.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

#[path = "../common/mod.rs"]
mod common;
mod meeting;
mod switching;

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::{Duration, Instant},
};

use common::{peer, plane, plane_on, room};
use media::{MediaEvent, srtp::Profile};
use meeting::{
    LIMIT, Watching, client, connect, negotiate, picture, pump, slot_of, sound, ssrc_of,
    ssrc_of_slot, until, view_of, watching,
};
use protocol::Source;

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
    let stats = plane.stats().await;
    assert_eq!(stats[0].handshakes, 2);
    assert!(stats[0].forwarded.packets_out >= 120, "{stats:?}");
    assert!(stats[0].cpu > Duration::ZERO);
    // what was counted outlives the room
    drop(room);
    let after = &plane.stats().await[0].forwarded;
    assert_eq!((after.peers, after.tracks), (0, 0));
    assert!(after.packets_out >= stats[0].forwarded.packets_out);
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
    let Watching {
        room,
        mut a,
        mut b,
        slot,
        from,
        to,
        events: _events,
    } = watching(&plane).await;
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
    assert_eq!(stats[0].handshakes, 0);
    assert!(stats[0].handshake_failures > 0);
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
