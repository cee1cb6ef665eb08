//! What happens to a datagram (RFC 7983): STUN to the ICE agent, DTLS to the
//! handshake, RTP and RTCP decrypted in place and given to the room.

use std::time::Instant;

use sfu::rtp;

use super::{
    Worker,
    counts::Handshake,
    outgoing::Outgoing,
    room,
    seat::{Connection, Seat, Srtp},
    socket::Batch,
};
use crate::{
    dtls::{DtlsError, Progress},
    ice::{self, Path, Reply},
    srtp::{Inbound, Outbound},
};

impl Worker {
    pub(super) fn handle_batch(&mut self, batch: &mut Batch, now: Instant) {
        // the batch borrows the socket only for its addresses
        let several = self.outgoing.socket.has_several_addresses();
        batch.for_each(several, |datagram, path| {
            self.counts.packets += 1;
            self.counts.bytes += datagram.len() as u64;
            if self.handle(datagram, path, now).is_none() {
                self.counts.rejected += 1;
            }
        });
    }

    /// Nothing when the datagram was of no use.
    fn handle(&mut self, datagram: &mut [u8], path: Path, now: Instant) -> Option<()> {
        match *datagram.first()? {
            128..=191 => self.media(datagram, path, now),
            0..=3 => self.stun(datagram, path, now),
            20..=63 => self.dtls(datagram, path, now),
            _ => None,
        }
    }

    fn media(&mut self, packet: &mut [u8], path: Path, now: Instant) -> Option<()> {
        let place = self.routes.by_address(path.remote)?;
        let seat = self.seats.get_mut(place)?;
        let home = seat.room;
        let srtp = seat.connection.as_deref_mut()?.srtp.as_mut()?;
        let room = self.rooms.get_mut(home)?;
        // RTCP packet types 192 to 223 (RFC 5761 §4)
        if (192..=223).contains(packet.get(1)?) {
            let length = srtp.inbound.unprotect_rtcp(packet).ok()?;
            let plain = &packet[..length];
            room.sfu.receive_rtcp(room::key(place), plain, now).ok()?;
        } else {
            let header = rtp::Header::parse(packet).ok()?;
            let (length, index) = srtp.inbound.unprotect_rtp(packet, header.length).ok()?;
            let plain = &packet[..length];
            room.sfu
                .receive_rtp(room::key(place), &header, plain, index, now);
        }
        self.touch(home);
        Some(())
    }

    fn stun(&mut self, datagram: &[u8], path: Path, now: Instant) -> Option<()> {
        let place = ice::local_ufrag(datagram).and_then(|ufrag| self.routes.by_ufrag(ufrag));
        let crypto = self.identity.provider().crypto();
        let Some(place) = place else {
            if let Reply::Refused(response) = ice::refuse(datagram, path.remote, crypto) {
                self.counts.checks_refused += 1;
                self.outgoing.push(path, &response);
            }
            return None;
        };
        let connection = self.seats.get_mut(place)?.connection.as_deref_mut()?;
        let (reply, routing) = connection.ice.receive(datagram, path, crypto, now);
        if let Some(address) = routing.forgotten {
            self.routes.remove_address(address, place);
        }
        if let Some(address) = routing.learnt {
            self.learn(address, place);
        }
        match reply {
            Reply::Authentic { response, .. } => self.outgoing.push(path, &response),
            Reply::Refused(response) => {
                self.counts.checks_refused += 1;
                self.outgoing.push(path, &response);
                return None;
            }
            Reply::Silence => return None,
        }
        self.update_connected(place, now);
        Some(())
    }

    /// Routes an address to a seat. Another one that had it before (a port
    /// that a NAT gave to somebody else) has it no more.
    fn learn(&mut self, address: std::net::SocketAddr, place: usize) {
        let Some(other) = self.routes.add_address(address, place) else {
            return;
        };
        let other = self.seats.get_mut(other);
        if let Some(connection) = other.and_then(|seat| seat.connection.as_deref_mut()) {
            connection.ice.forget(address);
        }
    }

    fn dtls(&mut self, datagram: &[u8], path: Path, now: Instant) -> Option<()> {
        let place = self.routes.by_address(path.remote)?;
        let seat = self.seats.get_mut(place)?;
        let progress = advance(seat, datagram, path, &mut self.outgoing, now)?;
        self.counts.note(&progress);
        self.plan_handshake(place);
        self.update_connected(place, now);
        progress.ok().map(drop)
    }
}

/// Gives a datagram to the handshake and sends what it has to say back to
/// where the datagram came from. Nothing when there is no connection.
fn advance(
    seat: &mut Seat,
    datagram: &[u8],
    path: Path,
    outgoing: &mut Outgoing,
    now: Instant,
) -> Option<Result<Handshake, DtlsError>> {
    let connection: &mut Connection = seat.connection.as_deref_mut()?;
    let progress = connection.dtls.receive(datagram, now);
    while let Some(datagram) = connection.dtls.poll_transmit() {
        outgoing.push(path, &datagram);
    }
    Some(progress.map(|progress| match progress {
        Progress::None => Handshake::GoesOn,
        Progress::Keys(keys) => {
            connection.srtp = Some(Srtp {
                inbound: Inbound::server(&keys),
                outbound: Outbound::server(&keys),
            });
            Handshake::Complete
        }
    }))
}
