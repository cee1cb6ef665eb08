//! Where the participant wants to be: coming, leaving, the end.

use protocol::{ClientMessage, ErrorCode, WireError};

use super::{Effect, Session, door::Door, link::Request};
use crate::{
    Moment,
    model::{EndReason, Phase},
};

/// Where the participant wants to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stage {
    Prejoin,
    Meeting,
    Ended(EndReason),
}

/// A seat in the room, which outlives its sockets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seat {
    pub(super) ticket: String,
    pub(super) last_event: u64,
    /// The server still has it, for all that is known.
    pub(super) resumable: bool,
}

impl Session {
    pub(super) fn join(&mut self, at: Moment) {
        if self.stage == Stage::Meeting {
            return;
        }
        self.stage = Stage::Meeting;
        self.entered = false;
        // what was left unread belongs to the meeting before
        self.model.notices.clear();
        self.slots.clear();
        self.enter_door(at);
    }

    pub(super) fn leave(&mut self) {
        match self.door {
            Door::Early { .. } | Door::Pin(_) if self.stage == Stage::Meeting => self.back_out(),
            _ => {
                if self.stage == Stage::Meeting {
                    self.say_leave();
                }
                self.end(EndReason::Left);
            }
        }
    }

    pub(super) fn say_leave(&mut self) {
        if self.link.has_greeted() {
            self.send(ClientMessage::Leave, Request::Other);
        }
    }

    /// Back to where one was before joining; the preview goes on.
    fn back_out(&mut self) {
        self.stage = Stage::Prejoin;
        self.door = Door::Open;
        // a join may be on its way
        self.say_leave();
        self.hang_up();
        if self.entered {
            self.transport.stop(&mut self.effects);
        }
        self.forget_meeting();
    }

    /// The session is over; devices, connection and socket end with it.
    pub(super) fn end(&mut self, reason: EndReason) {
        let meeting_over = matches!(
            &reason,
            EndReason::Refused(WireError {
                code: ErrorCode::MeetingEnded,
                ..
            })
        );
        self.stage = Stage::Ended(reason);
        self.door = Door::Open;
        // the ticket says who comes back; in another meeting it says nothing
        self.seat = self.seat.take().filter(|_| !meeting_over);
        self.hang_up();
        self.transport.stop(&mut self.effects);
        self.stop_screen();
        self.forget_meeting();
        self.model.audio_blocked = false;
    }

    fn forget_meeting(&mut self) {
        if let Some(seat) = &mut self.seat {
            seat.resumable = false;
        }
        self.outage = None;
        self.server_restart = false;
        self.slots.clear();
        self.wishes.clear();
        self.model.you = None;
        self.model.asked.clear();
        self.forget_lobby();
    }

    /// Closes the socket; none is wanted for now.
    pub(super) fn hang_up(&mut self) {
        if !self.link.is_idle() {
            self.link.stop();
            self.effects.push(Effect::CloseSocket);
        }
    }

    pub(super) fn phase(&self) -> Phase {
        let attempts = self.link.attempts();
        match (&self.stage, &self.door) {
            (Stage::Prejoin, _) => Phase::Prejoin,
            (Stage::Ended(reason), _) => Phase::Ended(reason.clone()),
            (Stage::Meeting, Door::Early { starts_at, .. }) => Phase::Early {
                starts_at: starts_at.unwrap_or(0),
            },
            (Stage::Meeting, Door::Pin(state)) if self.link.is_idle() => Phase::AskPin(*state),
            (Stage::Meeting, Door::Pin(_)) => Phase::Joining {
                attempt: attempts + 1,
            },
            (Stage::Meeting, Door::Lobby) => Phase::Waiting,
            (Stage::Meeting, Door::Open) if !self.entered => Phase::Joining {
                attempt: attempts + 1,
            },
            (Stage::Meeting, Door::Open) if self.link.is_up() && !self.transport.is_lost() => {
                Phase::Joined
            }
            (Stage::Meeting, Door::Open) => Phase::Reconnecting {
                attempt: attempts.max(1),
                server_restart: self.server_restart,
            },
        }
    }

    /// In the meeting, and not before its door.
    pub(super) fn is_inside(&self) -> bool {
        self.stage == Stage::Meeting && self.door == Door::Open
    }
}
