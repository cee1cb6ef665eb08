//! What several tests need: a plane on the loopback and a room in it.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]
#![allow(dead_code, reason = "each test takes what it needs")]
#![allow(clippy::allow_attributes, reason = "not every test leaves code unused")]

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use media::{MediaConfig, MediaEvent, MediaPlane, RoomMedia};
use protocol::{MediaState, Offer, OfferedTrack, PeerId, Source};
use tokio::sync::mpsc::Receiver;

/// A plane with one worker on the IPv4 loopback.
pub(crate) fn plane() -> MediaPlane {
    plane_on(IpAddr::V4(Ipv4Addr::LOCALHOST))
}

/// A plane with one worker on an address.
pub(crate) fn plane_on(ip: IpAddr) -> MediaPlane {
    MediaPlane::start(&MediaConfig {
        listen: SocketAddr::new(ip, 0),
        announce: Vec::new(),
        workers: 1,
    })
    .unwrap()
}

pub(crate) fn room(plane: &MediaPlane, name: &str) -> (RoomMedia, Receiver<MediaEvent>) {
    plane.open_room(name).unwrap()
}

pub(crate) fn peer(name: &str) -> PeerId {
    PeerId::parse(name).unwrap()
}

/// Everything that a participant sends is forwarded.
pub(crate) const ALL_ON: MediaState = MediaState {
    microphone: true,
    camera: true,
    screen: true,
    screen_audio: true,
};

/// Takes a participant in, with all sources on.
pub(crate) fn add(room: &RoomMedia, name: &str) {
    room.add(&peer(name)).unwrap();
    room.set_sources(&peer(name), ALL_ON).unwrap();
}

/// The sending m-lines as Meetframe's page offers them.
pub(crate) fn tracks() -> Vec<OfferedTrack> {
    let sources = [
        Source::Microphone,
        Source::Camera,
        Source::Screen,
        Source::ScreenAudio,
    ];
    let numbered = sources.into_iter().enumerate();
    numbered
        .map(|(mid, source)| OfferedTrack {
            mid: mid.to_string(),
            source,
        })
        .collect()
}

pub(crate) fn offer(connection: u32, sdp: &str) -> Offer {
    Offer {
        negotiation: 1,
        connection,
        sdp: sdp.to_owned(),
        tracks: tracks(),
    }
}
