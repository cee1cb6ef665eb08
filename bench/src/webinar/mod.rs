//! Measures a webinar: twenty speakers, and thousands who watch.

pub mod agreed;
pub mod alone;
pub mod figures;
pub mod live;
pub mod members;
pub mod session;
pub mod speaker;

use std::time::Duration;

use anyhow::Result;
use figures::Scale;

/// People on stage.
pub const SPEAKERS: usize = 20;
/// How many of them talk at the same time.
pub const TALKING: usize = 3;
/// How many of them a viewer sees.
pub const TILES: usize = 9;

/// Measures `sfu` alone, then a whole server.
///
/// # Errors
/// When a client cannot join or the results not be written.
pub fn run(scale: Scale, time: Duration) -> Result<()> {
    alone::run(&[scale.watching, scale.viewers])?;
    live::run(scale, time)
}
