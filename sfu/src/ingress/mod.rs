//! What comes in: tracks, their layers, and what publishers are told.

mod clock;
mod extensions;
mod keyframes;
mod layer;
mod rate;
mod receiver;
mod track;

pub(crate) use clock::{SenderClock, ticks};
pub(crate) use extensions::{ExtensionTable, ReadExtensions};
pub(crate) use layer::{Layer, Received};
pub(crate) use rate::RateMeter;
pub(crate) use receiver::{Missed, ReceptionBlock};
pub(crate) use track::{PayloadRole, Subscriber, Track, TrackId};
