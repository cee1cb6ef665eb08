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
mod admittance;
mod arrival;
mod backlog;
mod carry_out;
mod chat;
mod claims;
mod command;
mod decisions;
mod desk;
mod door;
mod effect;
mod events;
mod hands;
mod journal;
mod levels;
mod lobby;
mod memory;
mod moderation;
mod offers;
mod orders;
mod outbox;
mod pace;
mod plan;
mod presence;
mod recording;
mod registry;
mod renewal;
mod report;
mod requests;
mod rights;
mod seat;
mod settings;
mod stage;
mod state;
mod tally;

pub use claims::{Claims, Granted, IdBy, TokenHash};
pub use command::{Command, Join, OfferDone, Renewed, Request, Resume, SessionId};
pub use decisions::Decisions;
pub use door::{Door, Line, RoomGone, Visitor};
pub use effect::{Audience, Effect, WaitingTo, WelcomeTo, YouTo};
pub use orders::{Order, OrderId, OrderRefused, Reply};
pub use outbox::{Outbox, Outgoing, SessionEnd, outbox};
pub use plan::Plan;
pub use registry::{Registry, RegistryGone};
pub use report::RoomReport;
pub use seat::SeatId;
pub use state::RoomState;

pub(crate) use outbox::text;
