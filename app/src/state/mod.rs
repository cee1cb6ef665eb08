//! What the components read: the engine's model as fine-grained signals, and
//! what only this page knows about its own looks.

mod desk;
mod line;
mod meeting;
mod person;
mod screen;
mod store;

pub(crate) use desk::{Desk, Overlay, Panel};
pub(crate) use line::Line;
pub(crate) use meeting::Meeting;
pub(crate) use person::Person;
pub(crate) use screen::{RoomPage, Screen};
pub(crate) use store::Store;
