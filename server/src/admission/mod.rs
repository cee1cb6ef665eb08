//! Admission: whether somebody may come to a room's door, and as what.
//!
//! Owns the order of the questions: attributes, token, PIN, the integrator's
//! word. Each has its own refusal. What the room itself says (removed, locked,
//! full, waiting) is the room's business. Admission may take seconds: it asks
//! other servers and hashes PINs. It is given up by dropping its future.
//!
//! A good ticket of the meeting that goes on stands for all that was asked when
//! it was given; the token's signature and lifetime count nevertheless, and its
//! times unless the ticket names this very token.

mod access;
mod identity;
mod lifetime;
mod plain;
mod renewal;

use std::sync::Arc;

use protocol::{
    DisplayName, ErrorCode, ErrorDetails, Join, MediaState, PROTOCOL_VERSION, PeerId, Resume, Role,
    WireError,
};
use tracing::error;

use crate::{
    attributes::{Address, Resolved, resolve},
    clock::Now,
    db::Database,
    outgoing::Outgoing,
    private_rooms::{PinRefusal, PrivateRooms},
    room::{Claims, Granted},
    room_key::RoomKey,
    tenant::{Tenant, Tenants},
    ticket::{Ticket, TicketKeys},
};

use access::Question;
pub(crate) use lifetime::used_up;

/// What admission asks.
pub struct Admission {
    /// Whose host is it?
    pub tenants: Arc<Tenants>,
    /// Was this seat theirs?
    pub tickets: Arc<TicketKeys>,
    /// When was this token used first?
    pub database: Database,
    /// What does the integrator say?
    pub outgoing: Outgoing,
    /// Is this the PIN?
    pub private_rooms: PrivateRooms,
}

/// Somebody who may come to a room's door.
#[derive(Debug)]
pub struct Admitted {
    /// Which room.
    pub room: RoomKey,
    /// Who.
    pub peer: PeerId,
    /// Their name.
    pub display_name: DisplayName,
    /// What they want to have on.
    pub media: MediaState,
    /// As what.
    pub claims: Claims,
    /// What an earlier seat of theirs was granted.
    pub granted: Option<Granted>,
}

/// A join on its way through the questions.
struct Applicant<'a> {
    tenant: &'a Tenant,
    room: RoomKey,
    join: Join,
    /// A good one of this room.
    ticket: Option<Ticket>,
    /// The ticket is of the meeting that goes on now: all was asked before.
    is_known: bool,
    resolved: Resolved,
    now: Now,
}

impl Admission {
    /// Admits a join, by the Host header of the request that it came with.
    ///
    /// # Errors
    /// Says which question had no good answer.
    pub async fn join(&self, join: Join, host: Option<&str>) -> Result<Admitted, WireError> {
        let applicant = self.applicant(join, host).await?;
        applicant.check_attributes()?;
        let peer = identity::peer(&applicant)?;
        let end = lifetime::check(&self.database, &applicant).await?;
        let mut vouched = false;
        if !applicant.is_known {
            // first, so that a mistyped PIN does not use up an access token
            self.ask_pin(&applicant).await?;
            vouched = self.ask_integrator(&applicant).await?;
        }
        let ends_at = lifetime::begin(&self.database, &applicant, end).await?;
        Ok(Admitted {
            display_name: identity::name(&applicant),
            media: applicant.join.media,
            claims: Claims {
                ends_at,
                id_by: identity::by(&applicant, vouched),
                events: applicant.resolved.events(applicant.tenant).map(Arc::new),
                ..applicant.resolved.claims()
            },
            granted: applicant.ticket.map(|ticket| ticket.granted),
            room: applicant.room,
            peer,
        })
    }

    /// Admits somebody who comes back to a seat: the ticket is enough.
    ///
    /// # Errors
    /// When the ticket is not good.
    pub fn resume(
        &self,
        resume: &Resume,
        host: Option<&str>,
    ) -> Result<(RoomKey, Ticket), WireError> {
        check_version(resume.version)?;
        let tenant = self.tenants.for_host(host);
        let room = RoomKey::new(tenant.id.clone(), resume.room_id.clone());
        let ticket = self.check_ticket(&resume.ticket, &room, Now::read())?;
        Ok((room, ticket))
    }

    async fn applicant(&self, join: Join, host: Option<&str>) -> Result<Applicant<'_>, WireError> {
        check_version(join.version)?;
        let now = Now::read();
        let tenant = self.tenants.for_host(host);
        let room = RoomKey::new(tenant.id.clone(), join.room_id.clone());
        let ticket = match &join.ticket {
            Some(text) => Some(self.check_ticket(text, &room, now)?),
            None => None,
        };
        let address = Address {
            kind: join.kind,
            path_room: Some(join.room_id.as_str()),
            query: &join.query,
            host,
        };
        Ok(Applicant {
            resolved: resolve(tenant, address, now.unix),
            tenant,
            is_known: self.is_of_this_meeting(&room, ticket.as_ref()).await?,
            room,
            ticket,
            now,
            join,
        })
    }

    fn check_ticket(&self, text: &str, room: &RoomKey, now: Now) -> Result<Ticket, WireError> {
        self.tickets
            .check(text, room, now.unix)
            .map_err(|bad| WireError::new(ErrorCode::BadTicket, bad.to_string()))
    }

    /// Whoever was in an earlier meeting of the room is asked everything again.
    async fn is_of_this_meeting(
        &self,
        room: &RoomKey,
        ticket: Option<&Ticket>,
    ) -> Result<bool, WireError> {
        let Some(ticket) = ticket else {
            return Ok(false);
        };
        let made = self.database.room_created_at(room).await;
        let made = made.map_err(|error| database_failed(&error))?;
        Ok(made.is_some_and(|at| at.get() == ticket.granted.meeting))
    }

    /// Whether the integrator lets somebody in, and whether that vouches for
    /// their id: who has none, or brings nothing to be approved, is asked about
    /// all the same.
    async fn ask_integrator(&self, applicant: &Applicant<'_>) -> Result<bool, WireError> {
        let Some(access) = applicant.resolved.access(applicant.tenant) else {
            return Ok(false);
        };
        let attributes = &applicant.resolved.attributes;
        let question = Question {
            access_token: access.token.as_ref().map_or("", |token| token.expose()),
            room_id: &applicant.room.room,
            peer_id: attributes.peer_id.as_ref().map_or("", PeerId::as_str),
        };
        let starts_at = attributes.start_time;
        access::ask(
            &self.outgoing,
            applicant.tenant,
            &access.endpoint,
            &question,
            starts_at.map(|start| start.0),
        )
        .await?;
        Ok(access.is_trusted && access.token.is_some())
    }

    /// Moderators by token need no PIN.
    async fn ask_pin(&self, applicant: &Applicant<'_>) -> Result<(), WireError> {
        if applicant.resolved.role() == Role::Moderator {
            return Ok(());
        }
        let pin = applicant.join.pin.as_deref();
        // asking others took time
        let now = Now::read().instant;
        match self.private_rooms.check(&applicant.room, pin, now).await {
            Ok(answer) => answer.map_err(pin_refused),
            Err(failure) => {
                error!(error = %failure, "A PIN could not be checked");
                Err(WireError::new(
                    ErrorCode::Internal,
                    "The PIN could not be checked",
                ))
            }
        }
    }
}

impl Applicant<'_> {
    fn check_attributes(&self) -> Result<(), WireError> {
        let refusal = if self.came_by_this_token() {
            self.resolved.refusal_with_ticket()
        } else {
            self.resolved.refusal()
        };
        refusal.cloned().map_or(Ok(()), Err)
    }

    /// Whether the ticket says that this very token was good when the seat was
    /// taken. Another one has to be good now, whatever ticket comes with it.
    fn came_by_this_token(&self) -> bool {
        let token = self.resolved.token.as_ref().map(|token| token.hash);
        let ticket = self.ticket.as_ref().filter(|_| self.is_known);
        token.is_some() && ticket.is_some_and(|ticket| ticket.granted.token == token)
    }
}

fn check_version(version: u32) -> Result<(), WireError> {
    if version == PROTOCOL_VERSION {
        return Ok(());
    }
    let why = format!("This server speaks version {PROTOCOL_VERSION} of the protocol");
    Err(WireError::new(ErrorCode::ProtocolVersion, why))
}

fn pin_refused(refusal: PinRefusal) -> WireError {
    match refusal {
        PinRefusal::Required => WireError::new(ErrorCode::PinRequired, "The room asks for a PIN"),
        PinRefusal::Wrong => WireError::new(ErrorCode::PinWrong, "The PIN is not the room's"),
        PinRefusal::Limited(wait) => {
            let millis = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX);
            let why = "Too many wrong PINs were tried";
            WireError::new(ErrorCode::PinLimited, why).with(ErrorDetails {
                retry_after_ms: Some(millis.max(1)),
                ..ErrorDetails::default()
            })
        }
    }
}

/// A failure of the database, for the log; clients learn that there was one.
fn database_failed(error: &sqlx::Error) -> WireError {
    error!(%error, "Admission failed: the database failed");
    WireError::new(ErrorCode::Internal, "The database failed")
}
