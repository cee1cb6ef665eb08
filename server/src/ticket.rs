//! Tickets: what proves that a session may take a seat again.
//!
//! Owns their form (JWT, HS256 and nothing else) and their check. Who may take
//! which seat is decided by the room.

use std::time::Duration;

use jsonwebtoken::{
    Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode, errors::ErrorKind,
};
use protocol::PeerId;
use rand::RngCore;
use serde::{Deserialize, Serialize};

use crate::{
    clock::UnixMillis,
    db::{Database, Purpose},
    room::{Granted, SeatId},
    room_key::RoomKey,
};

/// How long a ticket is good for. A meeting is shorter; each `welcome` gives a
/// new one.
pub const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// Longer texts are no tickets of ours: ids of 128 characters fit in.
const LENGTH_MAX: usize = 2_048;
const KEY_BYTES: usize = 32;

/// What a ticket says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// The room.
    pub room: RoomKey,
    /// The participant.
    pub peer: PeerId,
    /// The seat: a later one of the same participant has another.
    pub seat: SeatId,
    /// When it was made: seconds since 1970-01-01 UTC.
    pub iat: u64,
    /// What the seat was granted.
    pub granted: Granted,
    /// When it ends before its time: milliseconds since 1970-01-01 UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<u64>,
}

/// Why a text is no good ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadTicket {
    /// It has not the form of a ticket.
    #[error("the ticket cannot be read")]
    Malformed,
    /// Somebody else made or changed it.
    #[error("the ticket was not signed by this server")]
    Forged,
    /// It is older than [`LIFETIME`], or its token's lifetime is over.
    #[error("the ticket has expired")]
    Expired,
    /// It is for another room or participant.
    #[error("the ticket belongs to another seat")]
    OtherSeat,
}

/// Makes and checks tickets.
pub struct TicketKeys {
    sign: EncodingKey,
    check: DecodingKey,
    validation: Validation,
}

impl TicketKeys {
    /// Loads the key from the database, where it is made on the first start.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn load(db: &Database, now: UnixMillis) -> Result<Self, sqlx::Error> {
        let mut fresh = [0; KEY_BYTES];
        rand::rng().fill_bytes(&mut fresh);
        let secret = db.server_key(Purpose::Ticket, &fresh, now).await?;
        Ok(Self::new(&secret))
    }

    /// Uses this secret.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // `iat` is required by the claims' type and checked against LIFETIME
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        Self {
            sign: EncodingKey::from_secret(secret),
            check: DecodingKey::from_secret(secret),
            validation,
        }
    }

    /// Makes a ticket.
    #[must_use]
    pub fn issue(&self, ticket: &Ticket) -> String {
        encode(&Header::new(Algorithm::HS256), ticket, &self.sign)
            .expect("HS256 signs any JSON, and a ticket is plain JSON")
    }

    /// Checks a ticket for a room.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn check(&self, text: &str, room: &RoomKey, now: UnixMillis) -> Result<Ticket, BadTicket> {
        if text.len() > LENGTH_MAX {
            return Err(BadTicket::Malformed);
        }
        let ticket = decode::<Ticket>(text, &self.check, &self.validation)
            .map_err(|error| reason(error.kind()))?
            .claims;
        if now.seconds().saturating_sub(ticket.iat) > LIFETIME.as_secs() {
            return Err(BadTicket::Expired);
        }
        if ticket.ends_at.is_some_and(|end| now.get() >= end) {
            return Err(BadTicket::Expired);
        }
        if ticket.room != *room {
            return Err(BadTicket::OtherSeat);
        }
        Ok(ticket)
    }
}

fn reason(kind: &ErrorKind) -> BadTicket {
    match kind {
        ErrorKind::InvalidSignature
        | ErrorKind::InvalidAlgorithm
        | ErrorKind::InvalidAlgorithmName => BadTicket::Forged,
        _ => BadTicket::Malformed,
    }
}
