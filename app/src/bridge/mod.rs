//! The bridge: how the page around the frame drives the meeting.
//!
//! Owns the handshake, the calls and the events of `docs/BRIDGE.md`. Decides
//! nothing about the meeting: calls become intents of the engine or signals of
//! the page, events are the differences between two models.
//!
//! - `origins` whom the frame obeys
//! - `ask` what a call asks for; `outcome` what became of it; `failure` the
//!   events that tell of what failed
//! - `changes` what happened; `log` its numbers, and what was missed
//! - `expiry` when the end of a token is told
//! - `capability` what stands in the way of a feature
//! - `frame` all of it at work in the browser

// pure, so that they are tested where tests run; used in the browser only
#[cfg(any(test, target_arch = "wasm32"))]
mod ask;
#[cfg(any(test, target_arch = "wasm32"))]
mod capability;
#[cfg(any(test, target_arch = "wasm32"))]
mod changes;
#[cfg(any(test, target_arch = "wasm32"))]
mod device;
#[cfg(any(test, target_arch = "wasm32"))]
mod expiry;
#[cfg(any(test, target_arch = "wasm32"))]
mod failure;
#[cfg(any(test, target_arch = "wasm32"))]
mod log;
#[cfg(any(test, target_arch = "wasm32"))]
mod origins;
#[cfg(any(test, target_arch = "wasm32"))]
mod outcome;

#[cfg(target_arch = "wasm32")]
mod frame;

#[cfg(target_arch = "wasm32")]
pub(crate) use frame::start;

#[cfg(not(target_arch = "wasm32"))]
use crate::{
    page::Page,
    state::{Desk, Meeting},
};

/// There is no page around the server.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn start(_meeting: Meeting, _desk: Desk, _page: Page) {}
