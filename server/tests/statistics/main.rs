//! Statistics: what the journal writes down, and what a backend is told of it.

#[path = "../support/pure.rs"]
mod pure;
#[path = "../support/mod.rs"]
mod support;

mod attendance;
mod clocks;
mod crashes;
mod diary;
mod forgetting;
mod heartbeat;
mod questions;
mod sums;
