//! Who is to be told of what happens, and their messages into the outbox: always
//! in the transaction that writes down what happened.

use super::{
    counted::Work,
    webhook_messages::{NewMessage, add},
    webhook_subscriptions::{self, Wish},
};
use crate::{
    clock::UnixMillis,
    journal::Notice,
    room_key::RoomKey,
    tenant::Tenants,
    webhooks::{Event, EventKind, Kind, Receiver},
};

/// What it takes to tell of what is written down.
#[derive(Debug, Clone, Copy)]
pub struct Telling<'a> {
    /// Whose settings say what they want to hear.
    pub tenants: &'a Tenants,
    /// When it happened.
    pub at: UnixMillis,
}

/// Tells those who asked for it of a notice. Says whether it was anybody.
pub(super) async fn tell(
    connection: &mut Work,
    room: &RoomKey,
    notice: &Notice,
    telling: Telling<'_>,
) -> Result<bool, sqlx::Error> {
    let Some(event) = Event::of(&room.room, notice) else {
        return Ok(false);
    };
    let mut teller = Teller::new(connection, telling.tenants).await?;
    teller.event(connection, room, &event, telling.at).await?;
    Ok(teller.told)
}

/// Knows who wants to hear of what, for as long as a transaction lasts.
pub(super) struct Teller<'a> {
    tenants: &'a Tenants,
    wishes: Vec<Wish>,
    /// Whether anybody is to be told of anything.
    pub(super) told: bool,
}

impl<'a> Teller<'a> {
    pub(super) async fn new(
        connection: &mut Work,
        tenants: &'a Tenants,
    ) -> Result<Self, sqlx::Error> {
        Ok(Self {
            tenants,
            wishes: webhook_subscriptions::wishes(connection).await?,
            told: false,
        })
    }

    /// Tells one receiver.
    pub(super) async fn message(
        &mut self,
        connection: &mut Work,
        message: &NewMessage<'_>,
        at: UnixMillis,
    ) -> Result<(), sqlx::Error> {
        self.told = true;
        add(connection, message, at).await
    }

    /// Tells those who asked for it.
    pub(super) async fn event(
        &mut self,
        connection: &mut Work,
        room: &RoomKey,
        event: &Event,
        at: UnixMillis,
    ) -> Result<(), sqlx::Error> {
        let receivers = self.receivers(room, event.kind);
        if receivers.is_empty() {
            return Ok(());
        }
        let (room_id, body) = (room.to_string(), event.body(at));
        for receiver in &receivers {
            let message = NewMessage {
                room: &room_id,
                receiver: receiver.to_sql(),
                kind: Kind::Event(event.kind),
                body: &body,
                authorization: None,
            };
            self.message(connection, &message, at).await?;
        }
        Ok(())
    }

    fn receivers(&self, room: &RoomKey, kind: EventKind) -> Vec<Receiver> {
        let tenant = self.tenants.by_name(room.tenant.as_str());
        let own = tenant.is_some_and(|tenant| tenant.wants(kind));
        let own = own.then_some(Receiver::Tenant);
        let wishes = self.wishes.iter();
        let wishes = wishes.filter(|wish| wish.tenant == room.tenant && wish.wants(kind));
        let subscribed = wishes.map(|wish| Receiver::Subscription(wish.id.clone()));
        own.into_iter().chain(subscribed).collect()
    }
}
