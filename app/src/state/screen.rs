//! Which of a room's screens is shown.

use client::model::{EndReason, Phase};
use protocol::{RoomId, RoomKind};

/// The room that a page is about.
#[derive(Debug, Clone)]
pub(crate) struct RoomPage {
    /// Which room.
    pub(crate) id: RoomId,
    /// Which interface.
    pub(crate) kind: RoomKind,
}

/// A screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Screen {
    /// The welcome, with the devices to try out.
    Prejoin,
    /// The event has not started yet.
    Early,
    /// The room is private and asks for its PIN.
    Pin,
    /// A moderator has to let the participant in.
    Waiting,
    /// The meeting.
    Meeting,
    /// The farewell, or why it is over.
    Ended(EndReason),
}

impl Screen {
    /// The screen of a phase. Joining happens on the screen where it was asked for.
    pub(crate) fn of(phase: &Phase, before: Option<Self>) -> Self {
        match phase {
            Phase::Prejoin => Self::Prejoin,
            Phase::Early { .. } => Self::Early,
            Phase::AskPin(_) => Self::Pin,
            Phase::Waiting => Self::Waiting,
            Phase::Joining { .. } => before.unwrap_or(Self::Prejoin),
            Phase::Joined | Phase::Reconnecting { .. } => Self::Meeting,
            Phase::Ended(reason) => Self::Ended(reason.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use client::model::PinState;

    use super::*;

    #[test]
    fn joining_stays_on_the_screen_where_it_was_asked_for() {
        let ended = Screen::Ended(EndReason::Left);
        assert_eq!(
            Screen::of(&Phase::Joining { attempt: 1 }, Some(ended.clone())),
            ended
        );
        assert_eq!(
            Screen::of(&Phase::Joining { attempt: 1 }, None),
            Screen::Prejoin
        );
    }

    #[test]
    fn who_tries_a_pin_sees_the_same_screen_until_it_is_known_to_be_right() {
        let pin = Screen::of(&Phase::AskPin(PinState::Wanted), None);
        let trying = Screen::of(&Phase::Joining { attempt: 1 }, Some(pin.clone()));
        assert_eq!(trying, pin);
        assert_eq!(
            Screen::of(&Phase::AskPin(PinState::Wrong), Some(trying)),
            pin
        );
    }

    #[test]
    fn a_lost_connection_stays_in_the_meeting() {
        let reconnecting = Phase::Reconnecting {
            attempt: 3,
            server_restart: false,
        };
        assert_eq!(
            Screen::of(&reconnecting, Some(Screen::Prejoin)),
            Screen::Meeting
        );
    }
}
