//! Measures Meetframe beside a physical floor and prints ratios.
//!
//! Each measurement has a module of its own and publishes a table and a JSON
//! file. None fails because a figure is bad: it prints it.

pub mod allocations;
pub mod cpu;
pub mod crowd;
pub mod feedback;
pub mod figures;
pub mod floor;
pub mod forwarding;
pub mod load;
pub mod meeting;
pub mod memory;
pub mod output;
pub mod page;
pub mod recording;
pub mod rest;
pub mod routing;
pub mod server;
pub mod signaling;
pub mod sinks;
pub mod table;
pub mod traffic;
pub mod webinar;
