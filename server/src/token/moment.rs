//! Moments as tokens give them: seconds, milliseconds, or ISO 8601.

use std::{fmt, num::NonZero};

use serde::{Serialize, Serializer};
use serde_json::Value;
use time::{
    Date, OffsetDateTime, PrimitiveDateTime, Time,
    format_description::well_known::{
        Iso8601,
        iso8601::{Config, EncodedConfig, TimePrecision},
    },
};

use crate::clock::UnixMillis;

/// Larger numbers are milliseconds: as seconds they would lie beyond the year
/// 5000.
const SECONDS_MAX: f64 = 1e11;
/// The end of the year 9999, in milliseconds: nobody means a later one.
const MILLIS_MAX: f64 = 253_402_300_799_999.0;

/// With milliseconds, and no more digits.
const SHOWN: EncodedConfig = Config::DEFAULT
    .set_time_precision(TimePrecision::Second {
        decimal_digits: NonZero::new(3),
    })
    .encode();

/// A moment, in milliseconds since 1970-01-01 UTC. Shown as ISO 8601.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub UnixMillis);

/// It is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is no time: neither ISO 8601 nor seconds or milliseconds since 1970")]
pub struct BadMoment;

impl Moment {
    /// Reads a claim: a number, a text with a number, or ISO 8601. A time
    /// without a zone is UTC.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn read(value: &Value) -> Result<Self, BadMoment> {
        match value {
            Value::Number(number) => Self::number(number.as_f64().ok_or(BadMoment)?),
            Value::String(text) => Self::text(text),
            _ => Err(BadMoment),
        }
    }

    /// Reads a text: ISO 8601 or a number.
    ///
    /// # Errors
    /// When it is neither.
    pub fn text(text: &str) -> Result<Self, BadMoment> {
        let text = text.trim();
        match text.parse::<f64>() {
            Ok(number) => Self::number(number),
            Err(_) => iso(text),
        }
    }

    fn number(number: f64) -> Result<Self, BadMoment> {
        let millis = if number > SECONDS_MAX {
            number
        } else {
            number * 1_000.0
        };
        if !(0.0..=MILLIS_MAX).contains(&millis) {
            return Err(BadMoment);
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it lies between 0 and MILLIS_MAX"
        )]
        Ok(Self(UnixMillis::new(millis as u64)))
    }

    /// The same in seconds, as RFC 7519 has it.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.0.seconds()
    }
}

fn iso(text: &str) -> Result<Moment, BadMoment> {
    let moment = OffsetDateTime::parse(text, &Iso8601::DEFAULT)
        .or_else(|_| PrimitiveDateTime::parse(text, &Iso8601::DEFAULT).map(|t| t.assume_utc()))
        .or_else(|_| {
            let day = Date::parse(text, &Iso8601::DEFAULT)?;
            Ok::<_, time::error::Parse>(day.with_time(Time::MIDNIGHT).assume_utc())
        })
        .map_err(|_| BadMoment)?;
    let millis = u64::try_from(moment.unix_timestamp_nanos() / 1_000_000);
    Ok(Moment(UnixMillis::new(millis.map_err(|_| BadMoment)?)))
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = i128::from(self.0.get()) * 1_000_000;
        let text = OffsetDateTime::from_unix_timestamp_nanos(nanos)
            .ok()
            .and_then(|moment| moment.format(&Iso8601::<SHOWN>).ok());
        match text {
            Some(text) => f.write_str(&text),
            None => write!(f, "{}", self.0.get()),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, output: S) -> Result<S::Ok, S::Error> {
        output.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn millis(value: &serde_json::Value) -> Option<u64> {
        Moment::read(value).ok().map(|moment| moment.0.get())
    }

    #[test]
    fn all_forms_of_one_moment_are_the_same() {
        for value in [
            json!(1_655_769_600),
            json!(1_655_769_600_000_u64),
            json!(1_655_769_600.0),
            json!("1655769600"),
            json!("1655769600000"),
            json!("2022-06-21T00:00:00.0Z"),
            json!("2022-06-21T00:00:00.00Z"),
            json!("2022-06-21T00:00:00Z"),
            json!("2022-06-21T00:00:00"),
            json!("2022-06-21T02:00:00+02:00"),
            json!("2022-06-21T00:00Z"),
            json!("2022-06-21"),
        ] {
            assert_eq!(millis(&value), Some(1_655_769_600_000), "{value}");
        }
        assert_eq!(
            Moment(UnixMillis::new(1_655_769_600_000)).to_string(),
            "2022-06-21T00:00:00.000Z"
        );
    }

    #[test]
    fn nonsense_is_no_moment() {
        for value in [
            json!(-1),
            json!(1e300),
            json!("NaN"),
            json!("inf"),
            json!("tomorrow"),
            json!(""),
            json!(true),
            json!([1]),
            json!("1960-01-01"),
            json!(null),
        ] {
            assert_eq!(millis(&value), None, "{value}");
        }
    }
}
