//! How long something lasts, on the command line.

use std::time::Duration;

/// A number with s, m, h or d; or "never".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expiry {
    Never,
    After(Duration),
}

impl Expiry {
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        if text == "never" {
            return Ok(Self::Never);
        }
        let unit = match text.chars().last() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3_600,
            Some('d') => 86_400,
            _ => return Err("a number with s, m, h or d, such as 8h; or never".to_owned()),
        };
        let number: u32 = text[..text.len() - 1]
            .parse()
            .map_err(|_| "no whole number stands before the unit".to_owned())?;
        Ok(Self::After(Duration::from_secs(u64::from(number) * unit)))
    }
}
