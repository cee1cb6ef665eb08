//! A participant in a worker: the seat, and the connection that it has at the
//! moment.

use std::{collections::BTreeMap, time::Instant};

use protocol::{PeerId, TrackRef, View};

use crate::{
    dtls::{Identity, Session},
    ice::Agent,
    sdp::{RemoteTransport, SlotSsrcs},
    srtp::{Inbound, Outbound},
};

/// A participant. Its place in the worker's slab is its key in `sfu`.
pub(super) struct Seat {
    /// The room's place in the worker's slab.
    pub(super) room: usize,
    pub(super) peer: PeerId,
    pub(super) connection: Option<Box<Connection>>,
    /// When the worker's clock will look at the handshake.
    pub(super) handshake_due: Option<Instant>,
    /// Whether `sfu` and the room were told that media can flow.
    pub(super) connected: bool,
    /// What the page shows, as it said it: tracks of participants who come
    /// later are looked up again.
    pub(super) view: View,
    /// What each slot carries now, by mid.
    pub(super) slots: BTreeMap<String, Option<TrackRef>>,
}

impl Seat {
    pub(super) fn new(room: usize, peer: PeerId) -> Self {
        Self {
            room,
            peer,
            connection: None,
            handshake_due: None,
            connected: false,
            view: View::default(),
            slots: BTreeMap::new(),
        }
    }
}

/// One peer connection of a client.
pub(super) struct Connection {
    /// The client's number for it.
    pub(super) number: u32,
    pub(super) ice: Agent,
    pub(super) dtls: Session,
    pub(super) srtp: Option<Srtp>,
    pub(super) ssrcs: SlotSsrcs,
    /// `o=` of the answers: the session and its version.
    pub(super) session_id: u64,
    pub(super) session_version: u64,
}

/// The keys of both directions.
pub(super) struct Srtp {
    pub(super) inbound: Inbound,
    pub(super) outbound: Outbound,
}

impl Connection {
    pub(super) fn new(number: u32, remote: &RemoteTransport, identity: &Identity) -> Self {
        Self {
            number,
            ice: Agent::new(remote.ice.clone()),
            dtls: Session::server(identity, remote.fingerprints.clone()),
            srtp: None,
            ssrcs: SlotSsrcs::default(),
            // JSEP wants it below 2^63 (RFC 8829 §5.2.1)
            session_id: rand::random::<u64>() >> 2,
            session_version: 0,
        }
    }

    /// Whether media can flow.
    pub(super) fn is_up(&self, now: Instant) -> bool {
        self.srtp.is_some() && !self.dtls.is_closed() && self.ice.has_consent(now)
    }
}
