//! Selective forwarding: which packet goes to whom, and how it is rewritten.
//!
//! This crate is pure: it owns no socket, thread, clock, lock or key. Its
//! caller, a media worker, decrypts, passes plain packets and the time in, and
//! sends what comes out. The contract:
//!
//! 1. [`Room::receive_rtp`] and [`Room::receive_rtcp`] take packets in.
//! 2. [`Room::flush`] after each batch of received packets sends them on,
//!    subscriber by subscriber, so that a worker can send runs of packets to
//!    one address with a single system call.
//! 3. [`Room::handle_timeout`] at [`Room::poll_timeout`] does what time asks
//!    for: feedback, probes, keyframe requests, layer choice.
//! 4. [`Room::poll_event`] says what the rest of the server should know.

pub mod bandwidth;
mod codec;
mod config;
mod egress;
mod event;
mod ingress;
mod keys;
mod language;
mod layers;
mod negotiated;
mod packet_cache;
mod peer;
mod quality;
mod reconcile;
mod room;
mod rtcp;
pub mod rtp;
mod speakers;
mod stats;

pub use bandwidth::Bitrate;
pub use config::RoomConfig;
pub use event::{Egress, Event};
pub use keys::{PeerKey, Tile, TrackKey, View};
pub use language::{Language, LanguageError};
pub use negotiated::{
    Codec, Encodings, ExtensionIds, Negotiated, PayloadType, Publication, Slot, SsrcPair,
};
pub use room::Room;
pub use rtcp::RtcpError;
pub use stats::RoomStats;

/// The most slots of one peer: 8 for sound and 49 for pictures, and some to
/// spare. Further ones stay empty.
pub const MAX_SLOTS: usize = 64;

/// The canonical name (RFC 3550 §6.5.1) in the sender reports of all slots.
pub const CNAME: &str = "meetframe";
