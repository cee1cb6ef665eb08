//! The meeting engine of the page.
//!
//! Owns signaling, the peer connection and the devices. A user interface reads
//! [`model::Model`] and sends [`Intent`]s; this crate knows no UI framework.
//! The session logic is pure and compiles natively; what touches the browser
//! compiles for wasm only.

pub mod backoff;
mod intent;
#[cfg_attr(
    not(any(target_arch = "wasm32", test)),
    expect(dead_code, reason = "senders live in the browser")
)]
mod layers;
pub mod model;
mod moment;
pub mod query;
pub mod sdp;
pub mod session;
pub mod slots;
#[cfg_attr(
    not(any(target_arch = "wasm32", test)),
    expect(dead_code, reason = "sound is played in the browser")
)]
mod sound_delay;

#[cfg(target_arch = "wasm32")]
mod browser;

#[cfg(target_arch = "wasm32")]
pub use browser::{Engine, LipSync, Listener};
pub use intent::{Intent, Request, RoomConfig};
pub use moment::Moment;
