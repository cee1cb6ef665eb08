//! The Meetframe server: pages, signaling and rooms around the media plane.
//!
//! [`Server`] puts the parts together. [`router`] lists all routes. A
//! participant's WebSocket is a session ([`signaling`]), which talks to the
//! task of its [`room`]. The room tells the media plane who sees what. [`db`]
//! keeps what must survive the process.
//!
//! Packets belong to the `media` crate, pages to `app`, the form of messages
//! to `protocol`.

pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
mod files;
mod greeting;
mod health;
pub mod limits;
mod logging;
mod pages;
pub mod room;
pub mod router;
mod serve;
pub mod shutdown;
pub mod signaling;
pub mod site;
pub mod ticket;

pub use serve::{Server, StartError};
