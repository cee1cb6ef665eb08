//! Bandwidth estimation on a simulated bottleneck: no sockets, a virtual clock.

#![allow(
    missing_docs,
    reason = "tests are named for the behaviour that they document"
)]

mod call;
#[path = "../support/link.rs"]
#[expect(dead_code, reason = "shared with tests that need other parts of it")]
mod link;

mod adapts;
mod converges;
mod feedback;
mod is_not_fooled;
mod many_lines;
