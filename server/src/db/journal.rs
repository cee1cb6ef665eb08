//! The journal's transactions: whatever changes who is in a room writes the
//! visit and the messages that tell of it, or nothing at all.

use std::collections::{BTreeSet, HashSet};

use protocol::Role;

use super::{
    Database,
    counted::Work,
    seats::{self, Row, seat_to_sql},
    telling::Teller,
    visits,
    webhook_messages::NewMessage,
};
use crate::{
    config::Secret,
    journal::{Closed, Joined, Moment, Notice, Record, What},
    room_key::RoomKey,
    tenant::Tenants,
    webhooks::{Event, EventKind, Kind, Person, close_peer, join_peer},
};

/// A room's times begin where its last ones ended when the clock was set back
/// by no more than this, in milliseconds: an hour. What was set back further
/// was wrong before.
const SET_BACK_MAX: i64 = 60 * 60 * 1_000;

impl Database {
    /// Writes down what happened, in this order: all of it or, on an error,
    /// nothing. What was written before changes nothing. Says whether anybody
    /// is to be told of it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn record(&self, records: &[Record], tenants: &Tenants) -> Result<bool, sqlx::Error> {
        let mut transaction = self.transaction().await?;
        let mut writing = Writing {
            teller: Teller::new(&mut transaction, tenants).await?,
            connection: &mut transaction,
        };
        for record in records {
            writing.write(record).await?;
        }
        let told = writing.teller.told;
        transaction.commit().await?;
        Ok(told)
    }
}

/// A transaction.
struct Writing<'a> {
    connection: &'a mut Work,
    teller: Teller<'a>,
}

impl Writing<'_> {
    async fn write(&mut self, record: &Record) -> Result<(), sqlx::Error> {
        let at = record.at;
        let steady = at.steady.to_sql();
        match &record.what {
            What::Noticed(room, Notice::Joined(joined)) => self.joined(room, joined, at).await,
            What::Noticed(room, Notice::Closed(closed)) => self.closed(room, closed, at).await,
            What::Noticed(room, notice) => match Event::of(&room.room, notice) {
                Some(event) => self.happened(room, &event, at).await,
                None => Ok(()),
            },
            What::Present(room, present) => self.present(room, present, at).await,
            What::Lost(room, mark) => seats::lose(self.connection, room, *mark, steady).await,
            What::Sweep(mark) => self.sweep(*mark, at).await,
            What::Beat => seats::beat(self.connection, steady).await,
        }
    }

    async fn joined(
        &mut self,
        room: &RoomKey,
        joined: &Joined,
        at: Moment,
    ) -> Result<(), sqlx::Error> {
        if !joined.replaces && !seats::any(self.connection, &room.to_string()).await? {
            self.room_is(EventKind::RoomStarted, room, at).await?;
        }
        self.sit(room, joined, at).await
    }

    /// Writes a seat down. Whoever was there under the same id has come back.
    async fn sit(
        &mut self,
        room: &RoomKey,
        joined: &Joined,
        at: Moment,
    ) -> Result<(), sqlx::Error> {
        let room_id = room.to_string();
        let shift = self.shift(&room_id, at).await?;
        let mut row = row(room_id, joined, at.steady.to_sql() + shift, shift);
        let known = seats::take(self.connection, &row.room_id, &row.peer_id).await?;
        let Some(known) = known else {
            seats::put(self.connection, &row).await?;
            self.join_peer(&row, at).await?;
            let kind = EventKind::ParticipantJoined;
            return self.person_is(kind, room, &row, at).await;
        };
        row.joined_at = known.joined_at.min(row.seen_at);
        row.seen_at = row.seen_at.max(known.seen_at);
        seats::put(self.connection, &row).await?;
        if known.receiver == row.receiver {
            return Ok(());
        }
        self.close_peer(&known, at).await?;
        self.join_peer(&row, at).await
    }

    async fn closed(
        &mut self,
        room: &RoomKey,
        closed: &Closed,
        at: Moment,
    ) -> Result<(), sqlx::Error> {
        let (peer, room_id) = (closed.peer.as_str(), room.to_string());
        let row = seats::take_seat(self.connection, &room_id, peer, closed.seat).await?;
        let Some(row) = row else {
            return Ok(());
        };
        let end = at.steady.to_sql() + row.shift;
        let row = Row {
            display_name: closed.display_name.as_str().to_owned(),
            role: role(closed.role).to_owned(),
            ..row
        };
        self.leave(room, row, end, at).await?;
        match closed.replaced {
            true => Ok(()),
            false => self.end_if_empty(room, at).await,
        }
    }

    /// Makes what is written what is so.
    async fn present(
        &mut self,
        room: &RoomKey,
        present: &[Joined],
        at: Moment,
    ) -> Result<(), sqlx::Error> {
        let room_id = room.to_string();
        let was = seats::any(self.connection, &room_id).await?;
        let here: HashSet<(&str, i64)> = present
            .iter()
            .map(|joined| (joined.peer.as_str(), seat_to_sql(joined.seat)))
            .collect();
        if !was && !present.is_empty() {
            self.room_is(EventKind::RoomStarted, room, at).await?;
        }
        for row in seats::present(self.connection, &room_id).await? {
            if !here.contains(&(row.peer_id.as_str(), row.seat_id)) {
                seats::take(self.connection, &room_id, &row.peer_id).await?;
                let end = at.steady.to_sql() + row.shift;
                self.leave(room, row, end, at).await?;
            }
        }
        for joined in present {
            self.sit(room, joined, at).await?;
        }
        match was {
            true => self.end_if_empty(room, at).await,
            false => Ok(()),
        }
    }

    async fn sweep(&mut self, mark: i64, at: Moment) -> Result<(), sqlx::Error> {
        let mut rooms = BTreeSet::new();
        for row in seats::take_lost(self.connection, mark).await? {
            let room = key(&row)?;
            let end = row.seen_at;
            self.leave(&room, row, end, at).await?;
            rooms.insert(room);
        }
        for room in rooms {
            self.end_if_empty(&room, at).await?;
        }
        Ok(())
    }

    /// What belongs to the end of somebody who was taken out of the room.
    async fn leave(
        &mut self,
        room: &RoomKey,
        row: Row,
        end: i64,
        at: Moment,
    ) -> Result<(), sqlx::Error> {
        visits::add(self.connection, &row, end.max(row.joined_at)).await?;
        self.close_peer(&row, at).await?;
        let kind = EventKind::ParticipantLeft;
        self.person_is(kind, room, &row, at).await
    }

    async fn end_if_empty(&mut self, room: &RoomKey, at: Moment) -> Result<(), sqlx::Error> {
        match seats::any(self.connection, &room.to_string()).await? {
            true => Ok(()),
            false => self.room_is(EventKind::RoomEnded, room, at).await,
        }
    }

    /// What is added to the steady clock to give the times of a room. It stays
    /// the same for as long as anybody is there, whatever the clock does.
    async fn shift(&mut self, room_id: &str, at: Moment) -> Result<i64, sqlx::Error> {
        if let Some(shift) = seats::shift(self.connection, room_id).await? {
            return Ok(shift);
        }
        let seen = seats::last_seen(self.connection, room_id).await?;
        let left = visits::last_left(self.connection, room_id).await?;
        let clock = at.clock.to_sql();
        let start = match seen.max(left) {
            Some(last) if last > clock && last - clock <= SET_BACK_MAX => last,
            _ => clock,
        };
        Ok(start - at.steady.to_sql())
    }

    async fn join_peer(&mut self, row: &Row, at: Moment) -> Result<(), sqlx::Error> {
        let body = join_peer(room_of(row), &row.peer_id, &row.display_name);
        self.tell(Kind::JoinPeer, row, &body, at).await
    }

    async fn close_peer(&mut self, row: &Row, at: Moment) -> Result<(), sqlx::Error> {
        let body = close_peer(room_of(row), &row.peer_id, &row.display_name);
        self.tell(Kind::ClosePeer, row, &body, at).await
    }

    async fn tell(
        &mut self,
        kind: Kind,
        row: &Row,
        body: &str,
        at: Moment,
    ) -> Result<(), sqlx::Error> {
        let Some(receiver) = &row.receiver else {
            return Ok(());
        };
        let message = NewMessage {
            room: &row.room_id,
            receiver,
            kind,
            body,
            authorization: row.authorization.as_deref(),
        };
        self.teller
            .message(self.connection, &message, at.clock)
            .await
    }

    async fn room_is(
        &mut self,
        kind: EventKind,
        room: &RoomKey,
        at: Moment,
    ) -> Result<(), sqlx::Error> {
        let event = Event::room(kind, &room.room);
        self.happened(room, &event, at).await
    }

    async fn person_is(
        &mut self,
        kind: EventKind,
        room: &RoomKey,
        row: &Row,
        at: Moment,
    ) -> Result<(), sqlx::Error> {
        let person = Person {
            room_id: room.room.as_str(),
            peer_id: &row.peer_id,
            display_name: &row.display_name,
            role: &row.role,
            interface: &row.interface,
        };
        let event = Event::person(kind, person);
        self.happened(room, &event, at).await
    }

    /// Tells those who asked for it.
    async fn happened(
        &mut self,
        room: &RoomKey,
        event: &Event,
        at: Moment,
    ) -> Result<(), sqlx::Error> {
        self.teller
            .event(self.connection, room, event, at.clock)
            .await
    }
}

fn row(room_id: String, joined: &Joined, time: i64, shift: i64) -> Row {
    let target = joined.target.as_deref();
    let authorization = target.and_then(|target| target.authorization.as_ref());
    Row {
        room_id,
        peer_id: joined.peer.as_str().to_owned(),
        seat_id: seat_to_sql(joined.seat),
        interface: joined.interface.path().to_owned(),
        display_name: joined.display_name.as_str().to_owned(),
        role: role(joined.role).to_owned(),
        joined_at: time,
        seen_at: time,
        shift,
        receiver: target.map(|target| target.receiver.to_sql().to_owned()),
        authorization: authorization.map(|secret| Secret::expose(secret).to_owned()),
        lost: None,
    }
}

fn key(row: &Row) -> Result<RoomKey, sqlx::Error> {
    RoomKey::try_from(row.room_id.clone()).map_err(|e| sqlx::Error::Decode(Box::new(e)))
}

/// Integrators know the room by its own id: a tenant's name has no slash.
fn room_of(row: &Row) -> &str {
    row.room_id.split_once('/').map_or("", |(_, room)| room)
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Participant => "participant",
        Role::Moderator => "moderator",
        Role::Viewer => "viewer",
        Role::Interpreter => "interpreter",
    }
}
