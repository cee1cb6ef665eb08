//! The way in: what stands between `join` and `welcome`.
//!
//! A private room's PIN, an event that has not started, a moderator who has to
//! let somebody in, and all that is final. The server decides; this only knows
//! when it makes sense to ask again.

use std::time::Duration;

use protocol::{ErrorCode, WireError};

use super::{Effect, Seat, Session};
use crate::{
    Moment,
    backoff::jitter,
    model::{EndReason, PinState},
};

/// An event without a known start is asked after so often.
const UNKNOWN_START: Duration = Duration::from_secs(30);
/// The start has come by this clock and not by the server's.
const OTHER_CLOCK: Duration = Duration::from_secs(5);
/// This clock may be slow, or the event was moved: asked at least so often.
const LONGEST: Duration = Duration::from_secs(300);
/// Not all come in the moment of the start.
const SPREAD: Duration = Duration::from_secs(1);

/// What stands between the participant and the meeting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Door {
    /// Nothing that is known.
    #[default]
    Open,
    /// The room is private; while a PIN is tried, the socket is wanted.
    Pin(PinState),
    /// It has not started yet.
    Early {
        /// Milliseconds since 1970-01-01 UTC.
        starts_at: Option<u64>,
        /// When the server is asked again; none while it is being asked.
        due: Option<Duration>,
    },
    /// A moderator has to let the participant in.
    Lobby,
}

impl Door {
    pub(super) fn deadline(self) -> Option<Duration> {
        match self {
            Self::Early { due, .. } => due,
            _ => None,
        }
    }

    /// The participant waits, and trouble on the way is no reason to give up.
    fn is_patient(self) -> bool {
        matches!(self, Self::Early { .. } | Self::Lobby)
    }
}

impl Session {
    /// Opens a socket to join on, and makes the offer meanwhile.
    pub(super) fn enter_door(&mut self, at: Moment) {
        self.connect(at);
        self.transport.join(at, &mut self.effects);
    }

    /// The participant gives the PIN; it is kept for later joins.
    pub(super) fn enter_pin(&mut self, pin: &str, at: Moment) {
        let pin = pin.trim();
        if pin.is_empty() {
            return;
        }
        self.pin = Some(pin.to_owned());
        if matches!(self.door, Door::Pin(_)) && self.link.is_idle() {
            self.enter_door(at);
        }
    }

    /// A moderator has to let the participant in.
    pub(super) fn must_wait(&mut self, ticket: String, at: Moment) {
        // whoever is in does not wait
        if !self.link.is_up() {
            // a lost socket must not make anybody answer the same questions again
            self.seat = Some(Seat {
                ticket,
                last_event: 0,
                resumable: false,
            });
            self.door = Door::Lobby;
            self.link.wait(at);
        }
    }

    /// The event may have started by now.
    pub(super) fn door_due(&mut self, at: Moment) {
        if let Door::Early { due, .. } = &mut self.door
            && due.take_if(|due| at.now >= *due).is_some()
        {
            self.enter_door(at);
        }
    }

    /// The page slept, and timers with it: by the clock on the wall the start
    /// may be over.
    pub(super) fn wake_door(&mut self, at: Moment) {
        if let Door::Early {
            starts_at: Some(start),
            due: Some(due),
        } = &mut self.door
            && at.unix_ms >= *start
        {
            *due = at.now;
        }
    }

    /// The server does not let this socket in.
    pub(super) fn not_welcome(&mut self, error: WireError, at: Moment) {
        if self.give_token_up(error.code) {
            return self.try_token_before(&error, at);
        }
        let resumed = self.seat.as_ref().is_some_and(|seat| seat.resumable);
        let stays = self.entered || self.door.is_patient();
        match (error.code, &mut self.seat) {
            // the server restarted, or the seat's time was over
            (ErrorCode::SeatGone, Some(seat)) if resumed => {
                seat.resumable = false;
                self.come_again(Some(0), at);
            }
            (ErrorCode::BadTicket, Some(_)) => {
                self.seat = None;
                self.come_again(Some(0), at);
            }
            (ErrorCode::PinRequired | ErrorCode::PinWrong | ErrorCode::PinLimited, _) => {
                self.ask_pin(&error);
            }
            (ErrorCode::NotStarted, _) => self.too_early(&error, at),
            (code, _) if stays && is_passing(code) => {
                let after = error.details.as_ref().and_then(|d| d.retry_after_ms);
                self.come_again(after, at);
            }
            _ => {
                self.report(&error);
                self.refused_for_good(error);
            }
        }
    }

    /// The token that was brought is no good; the one before may still be.
    fn try_token_before(&mut self, error: &WireError, at: Moment) {
        self.report(error);
        // nothing that the participant has asked for
        self.note(error.code, None);
        self.hang_up();
        self.enter_door(at);
    }

    /// There is no way in, or none any more, but by the participant's wish.
    pub(super) fn refused_for_good(&mut self, error: WireError) {
        self.end(match error.code {
            ErrorCode::Replaced => EndReason::Replaced,
            _ => EndReason::Refused(error),
        });
    }

    /// Tries again: after so many milliseconds, or as long as experience says.
    fn come_again(&mut self, after_ms: Option<u32>, at: Moment) {
        let unanswered = match after_ms {
            Some(after) => {
                let after = Duration::from_millis(after.into());
                self.link.lost_until(after, at)
            }
            None => self.link.lost(at),
        };
        self.forget_socket(unanswered);
    }

    fn ask_pin(&mut self, error: &WireError) {
        let state = match error.code {
            ErrorCode::PinWrong => PinState::Wrong,
            ErrorCode::PinLimited => {
                let details = error.details.as_ref();
                PinState::Limited(details.and_then(|d| d.retry_after_ms).unwrap_or(0))
            }
            _ => PinState::Wanted,
        };
        // with too many tries behind it nobody knows whether it was right
        if state == PinState::Wrong {
            self.pin = None;
        }
        self.door = Door::Pin(state);
        self.hang_up();
    }

    fn too_early(&mut self, error: &WireError, at: Moment) {
        let starts_at = error.details.as_ref().and_then(|d| d.starts_at);
        let wait = starts_at.map_or(UNKNOWN_START, |start| {
            let left = start.saturating_sub(at.unix_ms);
            if left == 0 {
                return OTHER_CLOCK;
            }
            (Duration::from_millis(left) + jitter(SPREAD, at.random)).min(LONGEST)
        });
        let due = Some(at.now.saturating_add(wait));
        self.door = Door::Early { starts_at, due };
        self.hang_up();
    }

    pub(super) fn report(&mut self, error: &WireError) {
        self.effects.push(Effect::Report {
            code: error.code,
            message: error.message.clone(),
        });
    }
}

/// What may be otherwise in a moment.
fn is_passing(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::RateLimited
            | ErrorCode::Internal
            | ErrorCode::MediaUnavailable
            | ErrorCode::AccessUnreachable
    )
}
