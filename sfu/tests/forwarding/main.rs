//! Forwarding as participants see it: whole meetings on a virtual clock and
//! lossy lines.

#![allow(
    missing_docs,
    reason = "tests are named for the behaviour that they document"
)]

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "shared with tests that need other parts of it")]
mod support;

mod codecs;
mod interpretation;
mod layers;
mod loss;
mod members;
mod narrow_lines;
mod packets;
mod quality;
mod slots;
mod sound;
mod sources;
