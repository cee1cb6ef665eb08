//! Webhooks: what integrators hear, by the whole way from a WebSocket to a
//! real receiver on loopback; and what is pure, on a clock turned by hand.

#[path = "../support/pure.rs"]
mod pure;
#[path = "../support/mod.rs"]
mod support;

mod behind;
mod clocks;
mod crash;
mod delivery;
mod endpoint;
mod events;
mod hooks;
mod libraries;
mod many;
mod occasions;
mod outbox;
mod rest;
mod retrying;
mod room;
mod scheduling;
mod signing;
mod together;
