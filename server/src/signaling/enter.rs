//! The first frame of a connection: `join` or `resume`.

use protocol::{
    ClientFrame, ClientMessage, ErrorCode, Join, PROTOCOL_VERSION, PeerId, Resume, RoomId,
    WireError,
};
use rand::{Rng, distr::Alphanumeric};

use super::{
    Signaling,
    close::{Farewell, server_shutdown},
};
use crate::{
    clock::Now,
    room::{self, Door, RegistryGone, SeatId, SessionId, Visitor},
};

/// The length of a participant id that the server makes: not to be guessed.
const PEER_ID_LENGTH: usize = 20;
/// When to come back to a server that was found stopping.
const RETRY_AFTER_MS: u32 = 1_000;

/// What the first frame wants, checked as far as that goes without the room.
pub(super) struct Admission {
    room: RoomId,
    pub(super) visitor: Visitor,
}

/// Checks the first frame.
pub(super) fn admit(
    frame: ClientFrame,
    session: SessionId,
    signaling: &Signaling,
) -> Result<Admission, Farewell> {
    let re = frame.id;
    let admission = match frame.message {
        ClientMessage::Join(join) => join_room(join, re, session, signaling),
        ClientMessage::Resume(resume) => resume_seat(resume, re, session, signaling),
        _ => Err(WireError::new(
            ErrorCode::NotJoined,
            "The first message must be join or resume",
        )),
    };
    admission.map_err(|error| Farewell::Error(Some(re), error))
}

fn join_room(
    join: Join,
    re: u32,
    session: SessionId,
    signaling: &Signaling,
) -> Result<Admission, WireError> {
    check_version(join.version)?;
    let peer = participant(&join, signaling)?;
    Ok(Admission {
        room: join.room_id,
        visitor: Visitor::Join(room::Join {
            session,
            re,
            seat: SeatId::random(),
            peer,
            display_name: join.display_name,
            media: join.media,
        }),
    })
}

/// The id that is asked for, else the one of the ticket, else a new one. A
/// ticket that is given must be good.
fn participant(join: &Join, signaling: &Signaling) -> Result<PeerId, WireError> {
    let Some(text) = &join.ticket else {
        return Ok(join.peer_id.clone().unwrap_or_else(random_peer));
    };
    let ticket = signaling
        .tickets
        .check(text, &join.room_id, Now::read().unix)
        .map_err(|bad| bad_ticket(&bad.to_string()))?;
    if join.peer_id.as_ref().is_some_and(|id| *id != ticket.peer) {
        return Err(bad_ticket("the ticket belongs to another participant"));
    }
    Ok(ticket.peer)
}

fn resume_seat(
    resume: Resume,
    re: u32,
    session: SessionId,
    signaling: &Signaling,
) -> Result<Admission, WireError> {
    check_version(resume.version)?;
    let ticket = signaling
        .tickets
        .check(&resume.ticket, &resume.room_id, Now::read().unix)
        .map_err(|bad| bad_ticket(&bad.to_string()))?;
    Ok(Admission {
        room: resume.room_id,
        visitor: Visitor::Resume(room::Resume {
            session,
            re,
            seat: ticket.seat,
            peer: ticket.peer,
            last_event: resume.last_event,
        }),
    })
}

impl Admission {
    /// Finds the way into the room.
    pub(super) async fn door(&self, signaling: &Signaling) -> Result<Door, Farewell> {
        let door = match &self.visitor {
            Visitor::Join(_) => signaling.registry.enter(&self.room).await.map(Some),
            Visitor::Resume(_) => signaling.registry.find(&self.room).await,
        };
        match door {
            Ok(Some(door)) => Ok(door),
            Ok(None) => {
                let error = WireError::new(ErrorCode::SeatGone, "The room is gone");
                Err(Farewell::Error(Some(self.visitor.re()), error))
            }
            // the word of it has not come here yet
            Err(RegistryGone) => Err(Farewell::Ended(server_shutdown(RETRY_AFTER_MS))),
        }
    }
}

fn check_version(version: u32) -> Result<(), WireError> {
    if version == PROTOCOL_VERSION {
        return Ok(());
    }
    let why = format!("This server speaks version {PROTOCOL_VERSION} of the protocol");
    Err(WireError::new(ErrorCode::ProtocolVersion, why))
}

fn bad_ticket(why: &str) -> WireError {
    WireError::new(ErrorCode::BadTicket, why)
}

fn random_peer() -> PeerId {
    let id: String = rand::rng()
        .sample_iter(Alphanumeric)
        .take(PEER_ID_LENGTH)
        .map(char::from)
        .collect();
    PeerId::parse(&id).expect("letters and digits make a participant id")
}
