//! Measures Meetframe beside a physical floor and prints ratios.
//!
//! Each measurement has a module of its own and publishes a table and a JSON
//! file. None fails because a figure is bad: it prints it.

pub mod allocations;
pub mod cpu;
pub mod feedback;
pub mod figures;
pub mod floor;
pub mod output;
pub mod routing;
pub mod sinks;
pub mod table;
pub mod traffic;
