//! What happens to commands.

use std::time::Instant;

use protocol::{OfferedTrack, PeerId, View};
use sfu::{Negotiated, PeerKey};

use super::{
    Worker,
    room::{self, Room},
    seat::{Connection, Seat},
};
use crate::{
    MediaError,
    command::{Command, Place, RoomKey},
    sdp::{self, Answer, ClientOffer, LocalTransport, RemoteTransport},
};

/// The most commands that are handled before datagrams get their turn.
const COMMANDS: usize = 64;

/// An offer as it came by command.
struct Offered {
    connection: u32,
    offer: Box<ClientOffer>,
    tracks: Vec<OfferedTrack>,
    place: Place,
}

impl Worker {
    pub(super) fn take_commands(&mut self) {
        for _ in 0..COMMANDS {
            let Some(command) = self.inbox.next() else {
                return;
            };
            self.execute(command, Instant::now());
        }
        // more may wait, and their wake-up call is spent
        self.inbox.wake_again();
    }

    fn execute(&mut self, command: Command, now: Instant) {
        match command {
            Command::OpenRoom { room, events } => {
                let place = self.rooms.insert(Room::new(events));
                self.room_keys.insert(room, place);
            }
            Command::CloseRoom { room } => self.close_room(room, now),
            Command::AddPeer { room, peer } => self.add(room, &peer, now),
            Command::RemovePeer { room, peer } => {
                if let Some((place, seat)) = self.find(room, &peer) {
                    self.remove(place, seat, now);
                }
            }
            Command::Offer {
                room,
                peer,
                connection,
                offer,
                tracks,
                place,
                reply,
            } => {
                let offered = Offered {
                    connection,
                    offer,
                    tracks,
                    place,
                };
                let answer = self.offer(room, &peer, &offered, now);
                // a caller who gave up needs no answer
                let _gave_up = reply.send(answer);
            }
            Command::SetView { room, peer, view } => self.set_view(room, &peer, view, now),
            Command::SetSources { room, peer, media } => {
                self.in_room(room, &peer, |sfu, key| sfu.set_sources(key, media, now));
            }
            Command::SetInterpreter {
                room,
                peer,
                language,
            } => self.in_room(room, &peer, |sfu, key| {
                sfu.set_interpreter(key, language, now);
            }),
            Command::SetLanguage {
                room,
                peer,
                language,
            } => self.in_room(room, &peer, |sfu, key| sfu.set_language(key, language)),
            Command::Refresh { room, peer } => self.refresh(room, &peer),
            Command::Stats { reply } => {
                let _gave_up = reply.send(self.stats());
            }
            Command::Stop => self.stopping = true,
            #[cfg(test)]
            Command::Panic => panic!("asked for by a test"),
        }
    }

    /// The places of a room and of a participant in it.
    fn find(&self, room: RoomKey, peer: &PeerId) -> Option<(usize, usize)> {
        let place = *self.room_keys.get(&room)?;
        let seat = *self.rooms.get(place)?.seats.get(peer)?;
        Some((place, seat))
    }

    fn close_room(&mut self, key: RoomKey, now: Instant) {
        let Some(place) = self.room_keys.get(&key).copied() else {
            return;
        };
        let seats = self.rooms.get(place).map(|room| &room.seats);
        let seats: Vec<usize> = seats
            .into_iter()
            .flat_map(|s| s.values())
            .copied()
            .collect();
        for seat in seats {
            self.remove(place, seat, now);
        }
        if let Some(room) = self.rooms.try_remove(place) {
            self.counts.keep([&room.sfu].into_iter());
        }
        self.room_keys.remove(&key);
    }

    fn add(&mut self, key: RoomKey, peer: &PeerId, now: Instant) {
        let Some(place) = self.room_keys.get(&key).copied() else {
            return;
        };
        let room = &mut self.rooms[place];
        if room.seats.contains_key(peer) {
            tracing::warn!("A participant was added to the media plane twice");
            return;
        }
        let seat = self.seats.insert(Seat::new(place, peer.clone()));
        room.seats.insert(peer.clone(), seat);
        room.sfu.join(room::key(seat), now);
        // pages may show the participant already
        for other in room.watchers(peer) {
            room.set_view(other, &self.seats[other].view, now);
        }
        self.touch(place);
    }

    fn remove(&mut self, place: usize, seat: usize, now: Instant) {
        self.drop_connection(seat, now);
        let gone = self.seats.remove(seat);
        if let Some(room) = self.rooms.get_mut(place) {
            room.forget(seat, &gone);
            // the place may be given to somebody whom nobody asked to see
            for other in room.watchers(&gone.peer) {
                room.set_view(other, &self.seats[other].view, now);
            }
            room.sfu.leave(room::key(seat), now);
            room.take_events(&mut self.seats);
        }
        self.touch(place);
    }

    /// Ends a seat's connection and frees its routes.
    fn drop_connection(&mut self, seat: usize, now: Instant) {
        let Some(mut connection) = self.seats[seat].connection.take() else {
            return;
        };
        for ufrag in connection.ice.ufrags() {
            self.routes.remove_ufrag(ufrag);
        }
        for address in connection.ice.addresses() {
            self.routes.remove_address(address, seat);
        }
        self.seats[seat].handshake_due = None;
        connection.dtls.close(now);
        if let Some(path) = connection.ice.selected() {
            while let Some(datagram) = connection.dtls.poll_transmit() {
                self.outgoing.push(path, &datagram);
            }
        }
        self.update_connected(seat, now);
    }

    fn offer(
        &mut self,
        room: RoomKey,
        peer: &PeerId,
        offered: &Offered,
        now: Instant,
    ) -> Result<Answer, MediaError> {
        let (place, seat) = self.find(room, peer).ok_or(MediaError::UnknownPeer)?;
        let transport = &offered.offer.transport;
        let kept = self.seats[seat]
            .connection
            .take_if(|connection| continues(connection, offered.connection, transport));
        let is_new = kept.is_none();
        let mut connection = kept.unwrap_or_else(|| {
            let number = offered.connection;
            Box::new(Connection::new(number, transport, &self.identity))
        });
        let agreed = sdp::negotiate(&offered.offer, &offered.tracks, &mut connection.ssrcs);
        let (negotiated, sections) = match agreed {
            Ok(agreed) => agreed,
            Err(error) => {
                // a bad offer changes nothing: what was there stays
                if !is_new {
                    self.seats[seat].connection = Some(connection);
                }
                return Err(error.into());
            }
        };
        if is_new {
            self.drop_connection(seat, now);
            self.rooms[place].sfu.reset_transport(room::key(seat), now);
        } else if let Some(ufrag) = connection.ice.update_remote(&transport.ice) {
            self.routes.remove_ufrag(&ufrag);
        }
        let answer = self.answer(offered, sections, &mut connection);
        self.install(seat, connection);
        self.agree(place, seat, negotiated, now);
        Ok(answer)
    }

    /// Tells the forwarding core, and starts the table of slots anew.
    fn agree(&mut self, place: usize, seat: usize, negotiated: Negotiated, now: Instant) {
        let slots = &mut self.seats[seat].slots;
        slots.retain(|mid, _| negotiated.slots.iter().any(|slot| slot.mid == *mid));
        for slot in &negotiated.slots {
            slots.entry(slot.mid.clone()).or_default();
        }
        self.rooms[place]
            .sfu
            .negotiate(room::key(seat), negotiated, now);
        self.touch(place);
    }

    fn answer(
        &self,
        offered: &Offered,
        sections: Vec<sdp::AnswerSection>,
        connection: &mut Connection,
    ) -> Answer {
        connection.session_version += 1;
        let mut candidates = self.candidates.clone();
        if offered.place == Place::ThisMachine && !candidates.contains(&self.own) {
            candidates.push(self.own);
        }
        let transport = LocalTransport {
            ice: connection.ice.local().clone(),
            fingerprint: self.identity.fingerprint(),
            candidates,
            session_id: connection.session_id,
            session_version: connection.session_version,
        };
        Answer::new(&offered.offer, sections, transport)
    }

    fn install(&mut self, seat: usize, connection: Box<Connection>) {
        for ufrag in connection.ice.ufrags() {
            self.routes.add_ufrag(ufrag, seat);
        }
        self.seats[seat].connection = Some(connection);
        self.plan_handshake(seat);
    }

    fn set_view(&mut self, key: RoomKey, peer: &PeerId, view: View, now: Instant) {
        let Some((place, seat)) = self.find(key, peer) else {
            return;
        };
        let room = &mut self.rooms[place];
        room.set_view(seat, &view, now);
        room.watch(seat, &self.seats[seat].view, &view);
        self.seats[seat].view = view;
        self.touch(place);
    }

    /// Tells the forwarding core something about a participant.
    fn in_room(&mut self, key: RoomKey, peer: &PeerId, tell: impl FnOnce(&mut sfu::Room, PeerKey)) {
        let Some((place, seat)) = self.find(key, peer) else {
            return;
        };
        tell(&mut self.rooms[place].sfu, room::key(seat));
        self.touch(place);
    }

    fn refresh(&mut self, key: RoomKey, peer: &PeerId) {
        let Some((place, seat)) = self.find(key, peer) else {
            return;
        };
        self.rooms[place].refresh(&self.seats[seat]);
        self.touch(place);
    }
}

/// Whether an offer belongs to a connection that exists: its number, and the
/// certificate that the handshake was made with.
fn continues(connection: &Connection, number: u32, transport: &RemoteTransport) -> bool {
    connection.number == number
        && !connection.dtls.is_closed()
        && connection.dtls.is_expected(&transport.fingerprints)
}
