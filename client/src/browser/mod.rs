//! All that touches the browser. Decides nothing: the session does.

mod capture;
mod codecs;
mod connection;
mod devices;
mod engine;
mod frames;
mod gains;
mod held;
mod inbox;
mod io;
mod js;
mod levels;
mod lips;
mod listener;
mod memory;
mod page;
mod picture;
mod playback;
mod screen;
mod senders;
mod signaling;
mod slot_lines;
mod streams;

pub use engine::Engine;
pub use lips::LipSync;
pub use listener::Listener;
