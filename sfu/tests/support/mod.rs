//! A meeting in a test: publishers and receivers around a room, on a virtual
//! clock, over simulated lines.

pub(crate) mod client;
pub(crate) mod link;
pub(crate) mod publisher;
pub(crate) mod receiver;
pub(crate) mod wire;
pub(crate) mod world;
