//! The complete webrtc-rs stack as an independent peer over real UDP.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod common;

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use common::{add, peer, plane, room};
use media::RoomMedia;
use protocol::{Offer, OfferedTrack, Source, TrackRef, View, ViewTile};
use rtc::{
    media_stream::MediaStreamTrack,
    peer_connection::configuration::{
        RTCOfferOptions,
        media_engine::{MIME_TYPE_VP8, MediaEngine},
    },
    rtp::{header::Header, packet::Packet},
    rtp_transceiver::{
        RTCRtpTransceiverDirection, RTCRtpTransceiverInit,
        rtp_sender::{RTCRtpCodec, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind},
    },
};
use tokio::sync::mpsc::{self, Receiver, Sender};
use webrtc::{
    media_stream::{
        track_local::{TrackLocal, static_rtp::TrackLocalStaticRTP},
        track_remote::{TrackRemote, TrackRemoteEvent},
    },
    peer_connection::{
        PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceGatheringState,
        RTCPeerConnectionState, RTCSessionDescription,
    },
    runtime::default_runtime,
};

const LIMIT: Duration = Duration::from_secs(20);
const SSRC: u32 = 0x5eed_1234;

/// What a peer connection reported.
struct Reports {
    gathered: Receiver<()>,
    states: Receiver<RTCPeerConnectionState>,
    packets: Receiver<Packet>,
}

struct Handler {
    gathered: Sender<()>,
    states: Sender<RTCPeerConnectionState>,
    packets: Sender<Packet>,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            let _full = self.gathered.try_send(());
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        let _full = self.states.try_send(state);
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let packets = self.packets.clone();
        tokio::spawn(async move {
            while let Some(event) = track.poll().await {
                if let TrackRemoteEvent::OnRtpPacket(packet) = event {
                    let _full = packets.try_send(packet);
                }
            }
        });
    }
}

async fn connection() -> (impl PeerConnection, Reports) {
    let (gathered, gathered_rx) = mpsc::channel(4);
    let (states, states_rx) = mpsc::channel(64);
    let (packets, packets_rx) = mpsc::channel(1_024);
    let mut engine = MediaEngine::default();
    engine.register_default_codecs().unwrap();
    let connection = PeerConnectionBuilder::new()
        .with_handler(Arc::new(Handler {
            gathered,
            states,
            packets,
        }))
        .with_runtime(default_runtime().unwrap())
        .with_media_engine(engine)
        .with_udp_addrs(vec!["127.0.0.1:0".to_owned()])
        .build()
        .await
        .unwrap();
    let reports = Reports {
        gathered: gathered_rx,
        states: states_rx,
        packets: packets_rx,
    };
    (connection, reports)
}

fn camera() -> Arc<TrackLocalStaticRTP> {
    let codec = RTCRtpCodec {
        mime_type: MIME_TYPE_VP8.to_owned(),
        clock_rate: 90_000,
        channels: 0,
        sdp_fmtp_line: String::new(),
        rtcp_feedback: Vec::new(),
    };
    Arc::new(TrackLocalStaticRTP::new(MediaStreamTrack::new(
        "stream".to_owned(),
        "camera".to_owned(),
        "camera".to_owned(),
        RtpCodecKind::Video,
        vec![RTCRtpEncodingParameters {
            rtp_coding_parameters: RTCRtpCodingParameters {
                ssrc: Some(SSRC),
                ..Default::default()
            },
            codec,
            ..Default::default()
        }],
    )))
}

async fn negotiate(
    room: &RoomMedia,
    name: &str,
    (connection, reports): (&impl PeerConnection, &mut Reports),
    tracks: Vec<OfferedTrack>,
    ice_restart: bool,
) {
    let options = ice_restart.then_some(RTCOfferOptions { ice_restart });
    let offer = connection.create_offer(options).await.unwrap();
    connection.set_local_description(offer).await.unwrap();
    if !ice_restart {
        tokio::time::timeout(LIMIT, reports.gathered.recv())
            .await
            .unwrap();
    }
    let sdp = connection.local_description().await.unwrap().sdp;
    let offer = Offer {
        negotiation: 1,
        connection: 1,
        sdp,
        tracks,
    };
    let answer = room.offer(&peer(name), offer).await.unwrap();
    let answer = RTCSessionDescription::answer(answer).unwrap();
    connection.set_remote_description(answer).await.unwrap();
}

async fn connected(reports: &mut Reports) {
    let search =
        async { while reports.states.recv().await != Some(RTCPeerConnectionState::Connected) {} };
    tokio::time::timeout(LIMIT, search)
        .await
        .expect("connected");
}

/// Sends keyframes until so many packets have arrived at the other side.
async fn exchange(track: &TrackLocalStaticRTP, reports: &mut Reports, first: u16, wanted: usize) {
    while reports.packets.try_recv().is_ok() {}
    let mut arrived = 0;
    let mut ticks = tokio::time::interval(Duration::from_millis(5));
    let deadline = tokio::time::Instant::now() + LIMIT;
    for sequence in first.. {
        ticks.tick().await;
        assert!(
            tokio::time::Instant::now() < deadline,
            "{arrived} of {wanted} arrived"
        );
        let header = Header {
            version: 2,
            marker: true,
            payload_type: 96,
            sequence_number: sequence,
            timestamp: u32::from(sequence) * 3_000,
            ssrc: SSRC,
            ..Default::default()
        };
        let mut payload = vec![
            0x10, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01,
        ];
        payload.resize(600, 7);
        let packet = Packet {
            header,
            payload: Bytes::from(payload),
        };
        track.write_rtp(packet).await.unwrap();
        while let Ok(packet) = reports.packets.try_recv() {
            assert_eq!(packet.payload.len(), 600);
            arrived += 1;
        }
        if arrived >= wanted {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_webrtc_rs_peer_sees_the_other_also_after_an_ice_restart() {
    let plane = plane();
    let (room, _events) = room(&plane, "r");
    let (a, mut a_reports) = connection().await;
    let (b, mut b_reports) = connection().await;
    add(&room, "a");
    add(&room, "b");
    let track = camera();
    a.add_track(Arc::clone(&track) as Arc<dyn TrackLocal>)
        .await
        .unwrap();
    let slot = RTCRtpTransceiverInit {
        direction: RTCRtpTransceiverDirection::Recvonly,
        ..Default::default()
    };
    b.add_transceiver_from_kind(RtpCodecKind::Video, Some(slot))
        .await
        .unwrap();
    let publishes = vec![OfferedTrack {
        mid: "0".to_owned(),
        source: Source::Camera,
    }];
    negotiate(&room, "a", (&a, &mut a_reports), publishes.clone(), false).await;
    negotiate(&room, "b", (&b, &mut b_reports), Vec::new(), false).await;
    connected(&mut a_reports).await;
    connected(&mut b_reports).await;
    let tile = ViewTile {
        track: TrackRef {
            peer: peer("a"),
            source: Source::Camera,
        },
        width: 640,
        height: 360,
    };
    let view = View {
        tiles: vec![tile],
        max_bitrate: None,
    };
    room.set_view(&peer("b"), view).unwrap();
    exchange(&track, &mut b_reports, 1, 50).await;
    negotiate(&room, "b", (&b, &mut b_reports), Vec::new(), true).await;
    exchange(&track, &mut b_reports, 10_000, 50).await;
    a.close().await.unwrap();
    b.close().await.unwrap();
}
