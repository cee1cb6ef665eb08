//! Viewers, in the room itself and over sockets.

#[path = "../support/meeting.rs"]
mod meeting;
#[path = "../support/pure.rs"]
mod pure;
#[path = "../support/mod.rs"]
mod support;

mod rules;
mod sockets;
