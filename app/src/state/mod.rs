//! What the components read: the engine's model as fine-grained signals, and
//! what only this page knows about its own looks.

#![cfg_attr(
    not(target_arch = "wasm32"),
    expect(dead_code, reason = "only the engine of the browser writes the store")
)]

mod desk;
mod line;
mod meeting;
mod person;
mod rights;
mod screen;
mod store;

pub(crate) use desk::{Denied, Desk, Overlay, Panel};
pub(crate) use line::Line;
pub(crate) use meeting::Meeting;
pub(crate) use person::Person;
pub(crate) use rights::May;
pub(crate) use screen::{RoomPage, Screen};
pub(crate) use store::Store;
