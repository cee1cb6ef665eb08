//! The first frame of a connection: `join` or `resume`.

use protocol::{
    ClientFrame, ClientMessage, DisplayName, ErrorCode, Join, MediaState, Resume, RoomKind,
    WireError,
};

use super::{
    Signaling,
    close::{Farewell, server_shutdown},
};
use crate::{
    admission::Admitted,
    room::{self, Claims, Door, RegistryGone, SeatId, SessionId, Visitor},
    room_key::RoomKey,
};

/// When to come back to a server that was found stopping.
const RETRY_AFTER_MS: u32 = 1_000;

/// What every step on the way in knows of the connection.
#[derive(Clone, Copy)]
pub(super) struct Arrival<'a> {
    pub(super) session: SessionId,
    pub(super) signaling: &'a Signaling,
    /// The Host header of the request.
    pub(super) host: Option<&'a str>,
}

/// What the first frame wants, checked as far as that goes without the room.
pub(super) struct Entrance {
    pub(super) room: RoomKey,
    pub(super) visitor: Visitor,
    /// By which of the room's two interfaces they came.
    pub(super) interface: RoomKind,
    /// The token of a recorder's page.
    recorder: Option<String>,
}

impl Arrival<'_> {
    /// Checks the first frame and finds the way into the room. May take
    /// seconds, while others are asked.
    pub(super) async fn enter(self, frame: ClientFrame) -> Result<(Entrance, Door), Farewell> {
        let re = frame.id;
        let entrance = match frame.message {
            ClientMessage::Join(join) => self.join(join, re).await,
            ClientMessage::Resume(resume) => self.resume(&resume, re),
            _ => Err(WireError::new(
                ErrorCode::NotJoined,
                "The first message must be join or resume",
            )),
        };
        let entrance = entrance.map_err(|error| Farewell::Error(Some(re), error))?;
        let door = entrance.door(self.signaling).await?;
        Ok((entrance, door))
    }

    async fn join(self, mut join: Join, re: u32) -> Result<Entrance, WireError> {
        if let Some(token) = join.recorder.take() {
            return self.recorder(&token, re);
        }
        let Admitted {
            room,
            peer,
            display_name,
            media,
            claims,
            granted,
        } = self.signaling.admission.join(join, self.host).await?;
        Ok(Entrance {
            room,
            interface: claims.interface,
            visitor: Visitor::Join(Box::new(room::Join {
                session: self.session,
                re,
                seat: SeatId::random(),
                peer,
                display_name,
                media,
                claims,
                granted,
            })),
            recorder: None,
        })
    }

    /// The recorder's own page: its token says all there is to know.
    fn recorder(self, token: &str, re: u32) -> Result<Entrance, WireError> {
        let Some(run) = self.signaling.recordings.view().run(token) else {
            return Err(no_recorder());
        };
        Ok(Entrance {
            room: run.room,
            interface: RoomKind::default(),
            visitor: Visitor::Join(Box::new(room::Join {
                session: self.session,
                re,
                seat: SeatId::random(),
                peer: run.peer,
                display_name: DisplayName::default(),
                media: MediaState::default(),
                claims: Claims::recorder(),
                granted: None,
            })),
            recorder: Some(token.to_owned()),
        })
    }

    fn resume(self, resume: &Resume, re: u32) -> Result<Entrance, WireError> {
        let (room, ticket) = self.signaling.admission.resume(resume, self.host)?;
        Ok(Entrance {
            room,
            interface: ticket.granted.interface,
            visitor: Visitor::Resume(room::Resume {
                session: self.session,
                re,
                seat: ticket.seat,
                peer: ticket.peer,
                last_event: resume.last_event,
            }),
            recorder: None,
        })
    }
}

impl Entrance {
    /// Finds the way into the room.
    async fn door(&self, signaling: &Signaling) -> Result<Door, Farewell> {
        if let Some(token) = &self.recorder {
            return self.recorders_door(signaling, token).await;
        }
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

    /// A recorder makes no room: it waits until somebody is there, or until
    /// its recording is over.
    async fn recorders_door(&self, signaling: &Signaling, token: &str) -> Result<Door, Farewell> {
        let mut views = signaling.recordings.views();
        // what changes while the registry is asked is seen afterwards
        while views.borrow_and_update().run(token).is_some() {
            match signaling.registry.find(&self.room).await {
                Ok(Some(door)) => return Ok(door),
                Ok(None) => {}
                Err(RegistryGone) => {
                    return Err(Farewell::Ended(server_shutdown(RETRY_AFTER_MS)));
                }
            }
            // a room says when it is there: that somebody is in it
            if views.changed().await.is_err() {
                return Err(Farewell::Ended(server_shutdown(RETRY_AFTER_MS)));
            }
        }
        Err(Farewell::Error(Some(self.visitor.re()), no_recorder()))
    }
}

fn no_recorder() -> WireError {
    WireError::new(ErrorCode::Forbidden, "Nothing is recorded by this token")
}
