//! The session's behaviour, on a virtual clock and without a browser.

mod anything;
mod asked;
mod chat;
mod devices;
mod door;
mod early;
mod joining;
mod languages;
mod lobby;
mod media;
mod reconnecting;
mod recording;
mod rights;
mod room;
mod stage;
mod token;
