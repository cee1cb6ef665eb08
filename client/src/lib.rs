//! The meeting engine of the page.
//!
//! Owns signaling, the peer connection and the devices. A user interface reads
//! [`model::Model`] and sends [`Intent`]s; this crate knows no UI framework.
//! The session logic is pure and compiles natively; what touches the browser
//! compiles for wasm only.

mod intent;
pub mod model;

pub use intent::{Intent, RoomConfig};
