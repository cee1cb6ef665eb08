//! Brings the load's clients into rooms, whoever keeps the seats.

use anyhow::{Result, bail};
use protocol::{MediaState, Offer, OfferedTrack, PeerId, Source, TrackRef, View, ViewTile};

use crate::load::{
    Load,
    message::{Order, Report, Role},
};

/// How many clients connect at the same time.
const AT_ONCE: usize = 32;

/// Where clients have seats: a media plane, or a whole server.
pub trait Seats {
    /// Takes a client in.
    ///
    /// # Errors
    /// When it is refused.
    fn take(&mut self, room: usize, client: usize) -> Result<()>;

    /// Answers a client's offer with SDP.
    ///
    /// # Errors
    /// When it is refused.
    fn offer(&mut self, room: usize, client: usize, offer: Offer) -> Result<String>;

    /// Says what a client's page shows.
    ///
    /// # Errors
    /// When the server is gone.
    fn set_view(&mut self, room: usize, client: usize, view: View) -> Result<()>;
}

/// The load's clients with their seats, spread evenly over the rooms: client
/// `n` sits in room `n` modulo the number of rooms, and the first of each room
/// is its publisher.
pub struct Crowd<S> {
    /// Who keeps the seats.
    pub seats: S,
    /// The process of the clients.
    pub load: Load,
    rooms: usize,
    clients: usize,
}

impl<S: Seats> Crowd<S> {
    /// Starts the load process.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(seats: S, rooms: usize) -> Result<Self> {
        Ok(Self {
            seats,
            load: Load::start()?,
            rooms,
            clients: 0,
        })
    }

    /// Connects `count` more clients and waits until they have keys.
    ///
    /// # Errors
    /// When a client cannot connect.
    pub fn connect(&mut self, count: usize, role: Role) -> Result<()> {
        let (mut asked, mut connected) = (0, 0);
        while connected < count {
            while asked < count && asked - connected < AT_ONCE {
                let client = self.clients;
                self.seats.take(client % self.rooms, client)?;
                self.load.order(&Order::Connect { client, role })?;
                self.clients += 1;
                asked += 1;
            }
            match self.load.report()? {
                Report::Offer { client, sdp } => self.answer(client, role, sdp)?,
                Report::Connected { .. } => connected += 1,
                other => bail!("an offer expected, not {other:?}"),
            }
        }
        Ok(())
    }

    fn answer(&mut self, client: usize, role: Role, sdp: String) -> Result<()> {
        let room = client % self.rooms;
        let sends = matches!(role, Role::Publisher { .. });
        let offer = Offer {
            negotiation: 1,
            connection: 1,
            sdp,
            tracks: sends.then(camera).into_iter().collect(),
        };
        let sdp = self.seats.offer(room, client, offer)?;
        if !sends {
            self.seats.set_view(room, client, view(room)?)?;
        }
        self.load.order(&Order::Answer { client, sdp })
    }
}

/// A client's id as a participant.
///
/// # Errors
/// Never: digits are allowed in ids.
pub fn peer(client: usize) -> Result<PeerId> {
    Ok(PeerId::parse(&format!("peer-{client}"))?)
}

/// What a client has on: the first one of each room has a camera.
#[must_use]
pub fn sources(room: usize, client: usize) -> MediaState {
    MediaState::default().with(Source::Camera, client == room)
}

fn camera() -> OfferedTrack {
    OfferedTrack {
        mid: "0".to_owned(),
        source: Source::Camera,
    }
}

/// A publisher in a medium tile.
fn view(publisher: usize) -> Result<View> {
    let track = TrackRef {
        peer: peer(publisher)?,
        source: Source::Camera,
    };
    Ok(View {
        tiles: vec![ViewTile {
            track,
            width: 640,
            height: 360,
        }],
        max_bitrate: None,
    })
}
