//! The Meetframe server: pages, signaling and rooms around the media plane.
//!
//! [`Server`] puts the parts together. [`router`] lists all routes. A
//! participant's WebSocket is a session ([`signaling`]), which talks to the
//! task of its [`room`]. The room tells the media plane who sees what. [`db`]
//! keeps what must survive the process.
//!
//! Packets belong to the `media` crate, pages to `app`, the form of messages
//! to `protocol`.

pub mod accounts;
pub mod admission;
pub mod api;
pub mod attributes;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod explain;
mod files;
mod greeting;
mod health;
pub mod journal;
mod library;
pub mod limits;
mod logging;
pub mod metrics;
pub mod outgoing;
mod pages;
mod parts;
pub mod policy;
pub mod private_rooms;
pub mod recording;
pub mod room;
pub mod room_key;
pub mod router;
mod serve;
pub mod shutdown;
pub mod signaling;
pub mod site;
pub mod statistics;
pub mod tenant;
pub mod ticket;
mod tidying;
pub mod token;
pub mod webhooks;
mod window;

pub use serve::{Server, StartError};
