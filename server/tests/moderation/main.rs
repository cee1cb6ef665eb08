//! What moderators do, in the room itself and over sockets.

#[path = "../support/meeting.rs"]
mod meeting;
#[path = "../support/pure.rs"]
mod pure;
#[path = "../support/mod.rs"]
mod support;

mod hands;
mod languages;
mod limits;
mod people;
mod renewing;
mod settings;
mod sockets;
mod sources;
mod taken;
