//! A native client: offers, connects and exchanges RTP as a browser does, for
//! tests and load generators.
//!
//! One [`Client`] is one peer connection on one UDP socket. It is driven by its
//! caller and starts no thread: [`Client::connect`] blocks until media can
//! flow, [`Client::receive`] waits as long as it is told and keeps the
//! connection alive. What RTP packets hold is the caller's business.

mod answer;
mod check;
mod config;
mod connection;
mod offer;

pub use answer::ClientSlot;
pub use config::{ClientConfig, ClientError, ClientIdentity};
pub use connection::{Client, Received};
pub use offer::{
    AUDIO_LEVEL_ID, CAMERA_RIDS, MID_ID, OPUS_PT, REPAIRED_RID_ID, RID_ID, RTX_PT, Sending,
    TRANSPORT_CC_ID, VP8_PT,
};
