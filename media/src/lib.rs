//! Media workers: sockets, ICE-lite, DTLS, SRTP and SDP around the pure
//! forwarding of [`sfu`].
//!
//! A [`MediaPlane`] runs one thread per worker. Each worker owns one UDP
//! socket, whole rooms and everything that belongs to them; nothing on the
//! packet path is shared between threads, locked, or allocated per packet.
//! Others hold handles ([`RoomMedia`]) that send commands over a bounded queue
//! and read [`MediaEvent`]s.
//!
//! What a packet means, who gets it and at which quality is decided in `sfu`.
//! Signaling, admission and the life of a seat belong to the server.

#[cfg(feature = "client")]
pub mod client;
mod command;
mod config;
mod dtls;
mod error;
mod event;
mod ice;
mod plane;
mod sdp;
pub mod srtp;
mod stats;
mod worker;

pub use config::MediaConfig;
pub use error::MediaError;
pub use event::MediaEvent;
pub use plane::{MediaPlane, RoomMedia};
pub use sdp::{ClientOffer, SdpError};
pub use sfu::{Language, LanguageError, RoomStats};
pub use stats::WorkerStats;
