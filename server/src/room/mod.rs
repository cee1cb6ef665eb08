//! Rooms: who is in them, what happened, what was said.
//!
//! [`RoomState`] is pure: it takes a [`Command`] and the time and gives back
//! [`Effect`]s. One task per room owns a state and carries its effects out;
//! the [`Registry`] makes rooms and lets them go. A participant is a *seat*,
//! which outlives its socket.
//!
//! Sockets and JSON belong to `signaling`, packets to the media plane, SQL to
//! `db`.

mod actor;
mod carry_out;
mod chat;
mod command;
mod door;
mod effect;
mod events;
mod offers;
mod outbox;
mod presence;
mod registry;
mod requests;
mod seat;
mod state;

pub use command::{Command, Join, OfferDone, Request, Resume, SessionId};
pub use door::{Door, Line, RoomGone, Visitor};
pub use effect::{Audience, Effect, WelcomeTo};
pub use outbox::{Outbox, Outgoing, SessionEnd, outbox};
pub use registry::{Registry, RegistryGone};
pub use seat::SeatId;
pub use state::RoomState;

pub(crate) use outbox::text;
