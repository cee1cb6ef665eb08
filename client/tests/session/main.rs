//! The session's behaviour, on a virtual clock and without a browser.

mod anything;
mod chat;
mod devices;
mod joining;
mod media;
mod reconnecting;
mod room;
mod stage;
