//! A span of time that is asked about.

use crate::{
    clock::UnixMillis,
    token::{BadMoment, Moment},
};

/// A span of time; both ends belong to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Its beginning.
    pub from: UnixMillis,
    /// Its end, not before the beginning.
    pub to: UnixMillis,
}

/// Two texts are no span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadPeriod {
    /// The beginning is missing or no time.
    #[error("from {0}")]
    From(BadMoment),
    /// The end is missing or no time.
    #[error("to {0}")]
    To(BadMoment),
    /// The end is before the beginning.
    #[error("to is before from")]
    Order,
}

impl Period {
    /// All times.
    pub const ALWAYS: Self = Self {
        from: UnixMillis::new(0),
        to: UnixMillis::new(i64::MAX.cast_unsigned()),
    };

    /// Reads both ends: ISO 8601, or seconds since 1970-01-01 UTC. A time
    /// without a zone is UTC. A missing end is open.
    ///
    /// # Errors
    /// When one is no time, or they are in the wrong order.
    pub fn read(from: Option<&str>, to: Option<&str>) -> Result<Self, BadPeriod> {
        // a + that was not escaped came as a space
        let moment = |text: &str| Moment::text(&text.replace(' ', "+")).map(|moment| moment.0);
        let from = from.map(moment).transpose().map_err(BadPeriod::From)?;
        let to = to.map(moment).transpose().map_err(BadPeriod::To)?;
        let period = Self {
            from: from.unwrap_or(Self::ALWAYS.from),
            to: to.unwrap_or(Self::ALWAYS.to),
        };
        match period.from <= period.to {
            true => Ok(period),
            false => Err(BadPeriod::Order),
        }
    }
}
