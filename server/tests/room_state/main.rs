//! What a room does, on a clock that the test turns by hand.

#[path = "../support/pure.rs"]
mod pure;

mod chat;
mod media;
mod recorder;
mod seats;
