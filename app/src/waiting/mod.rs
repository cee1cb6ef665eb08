//! The screens before the door of a room: an event that has not started, a
//! PIN to enter, a moderator to wait for. The client goes on by itself.

mod countdown;
mod door;
mod early;
mod lobby;
mod pin;

pub(crate) use early::{Countdown, Early};
pub(crate) use lobby::Lobby;
pub(crate) use pin::AskPin;
