//! Where packets of the forwarding core leave: protected in place in the arena
//! of outgoing datagrams.

use sfu::{Egress, PeerKey};
use slab::Slab;

use super::{
    outgoing::{MAX_DATAGRAM, Outgoing},
    seat::{Connection, Seat},
};
use crate::{ice::Path, srtp::MAX_OVERHEAD};

/// The exit of one worker during one call into the forwarding core.
pub(super) struct Exit<'a> {
    pub(super) seats: &'a mut Slab<Seat>,
    pub(super) outgoing: &'a mut Outgoing,
}

/// The connection of a seat that can be sent to, and where it is.
fn destination(seats: &mut Slab<Seat>, to: PeerKey) -> Option<(&mut Connection, Path)> {
    let seat = seats.get_mut(to.0 as usize)?;
    let connection = seat.connection.as_deref_mut().filter(|_| seat.connected)?;
    let path = connection.ice.selected()?;
    Some((connection, path))
}

impl Egress for Exit<'_> {
    fn rtp(&mut self, to: PeerKey, header: &[u8], payload: [&[u8]; 2], index: u64) {
        let Some((connection, path)) = destination(self.seats, to) else {
            return;
        };
        let Some(srtp) = &connection.srtp else {
            return;
        };
        let length = header.len() + payload[0].len() + payload[1].len();
        if length + MAX_OVERHEAD > MAX_DATAGRAM {
            self.outgoing.drop_one();
            return;
        }
        let buffer = self.outgoing.room();
        let mut at = 0;
        for piece in [header, payload[0], payload[1]] {
            buffer[at..at + piece.len()].copy_from_slice(piece);
            at += piece.len();
        }
        let length = srtp
            .outbound
            .protect_rtp(buffer, header.len(), length, index);
        self.outgoing.commit(path, length);
    }

    fn rtcp(&mut self, to: PeerKey, packet: &[u8]) {
        let Some((connection, path)) = destination(self.seats, to) else {
            return;
        };
        let Some(srtp) = &mut connection.srtp else {
            return;
        };
        if packet.len() + MAX_OVERHEAD > MAX_DATAGRAM {
            self.outgoing.drop_one();
            return;
        }
        let buffer = self.outgoing.room();
        buffer[..packet.len()].copy_from_slice(packet);
        if let Some(length) = srtp.outbound.protect_rtcp(buffer, packet.len()) {
            self.outgoing.commit(path, length);
        }
    }
}
