//! The meeting engine of the page.
//!
//! Owns signaling, the peer connection and the devices. A user interface reads
//! [`model::Model`] and sends [`Intent`]s; this crate knows no UI framework.
//! The session logic is pure and compiles natively; what touches the browser
//! compiles for wasm only.

pub mod backoff;
mod intent;
pub mod model;
mod moment;
pub mod sdp;
pub mod session;
pub mod slots;

#[cfg(target_arch = "wasm32")]
mod browser;

#[cfg(target_arch = "wasm32")]
pub use browser::Engine;
pub use intent::{Intent, RoomConfig};
pub use moment::Moment;
