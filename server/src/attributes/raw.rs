//! Values as they are given, and how each type is read from them.
//!
//! Every reader gives nothing for a text that is empty: it is as if the
//! attribute had not been given.

use protocol::{DisplayName, InvalidId, PeerId, Role, RoomId};
use serde_json::Value;

use super::Target;
use crate::{
    config::{Secret, URL_MAX, is_header, is_language, target_url},
    tenant::host,
    token::{BadMoment, Moment, TOKEN_MAX},
};

/// The longest access token, in bytes.
const ACCESS_TOKEN_MAX: usize = 4 * 1024;
/// The longest display name that is read, in bytes; what is shown is shorter.
const NAME_MAX: usize = 2_048;

/// A value as it is given.
#[derive(Debug, Clone, Copy)]
pub(super) enum Raw<'a> {
    /// In an address.
    Text(&'a str),
    /// In a token.
    Json(&'a Value),
}

/// What a reader must know besides the value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules<'a> {
    /// Plain http and private addresses will do for requests.
    pub(super) allow_private: bool,
    /// The host that is asked.
    pub(super) own_host: Option<&'a str>,
    /// All names that are ours.
    pub(super) own_hosts: &'a [String],
}

/// Why a value is bad. Does not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Bad {
    #[error("is neither true nor false (1 and 0 will do)")]
    Flag,
    #[error("is no whole number from 0 to 4294967295")]
    Number,
    #[error("is no number of milliseconds above 0")]
    Millis,
    #[error("is no text")]
    Text,
    #[error("is too long")]
    TooLong,
    #[error("is neither moderator nor interpreter")]
    Role,
    #[error("is no language tag")]
    Language,
    #[error("is no value of a header")]
    Header,
    #[error("cannot be used: {0}")]
    Id(InvalidId),
    #[error("cannot be used: {0}")]
    Url(&'static str),
    #[error(transparent)]
    Moment(BadMoment),
}

type Read<T> = Result<Option<T>, Bad>;

/// Sent by the server's own interpreters and shown to others: kept as given.
fn given(text: String) -> Option<String> {
    (!text.trim().is_empty()).then_some(text)
}

impl Raw<'_> {
    fn text_up_to(self, limit: usize) -> Read<String> {
        let text = match self {
            Self::Text(text) => text.to_owned(),
            Self::Json(Value::String(text)) => text.clone(),
            Self::Json(Value::Number(number)) => number.to_string(),
            Self::Json(_) => return Err(Bad::Text),
        };
        match text.len() > limit {
            true => Err(Bad::TooLong),
            false => Ok(given(text)),
        }
    }

    /// A flag that is given without a value is meant.
    pub(super) fn flag(self, _: &Rules<'_>) -> Read<bool> {
        let text = match self {
            Self::Json(Value::Bool(flag)) => return Ok(Some(*flag)),
            Self::Json(Value::Number(number)) => number.to_string(),
            Self::Json(Value::String(text)) => text.clone(),
            Self::Json(_) => return Err(Bad::Flag),
            Self::Text(text) => text.to_owned(),
        };
        match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            _ => Err(Bad::Flag),
        }
    }

    pub(super) fn number(self, _: &Rules<'_>) -> Read<u32> {
        let Some(text) = self.text_up_to(32).map_err(|_| Bad::Number)? else {
            return Ok(None);
        };
        // JSON writers of some languages know no whole numbers: 10.0
        let text = text.trim();
        let whole = text.strip_suffix(".0").unwrap_or(text);
        whole.parse().map(Some).map_err(|_| Bad::Number)
    }

    pub(super) fn millis(self, _: &Rules<'_>) -> Read<u64> {
        let Some(text) = self.text_up_to(32).map_err(|_| Bad::Millis)? else {
            return Ok(None);
        };
        let text = text.trim();
        let whole = text.strip_suffix(".0").unwrap_or(text);
        match whole.parse() {
            Ok(0) | Err(_) => Err(Bad::Millis),
            Ok(millis) => Ok(Some(millis)),
        }
    }

    pub(super) fn secret(self, _: &Rules<'_>) -> Read<Secret> {
        Ok(self.text_up_to(ACCESS_TOKEN_MAX)?.map(Secret::new))
    }

    /// Longer ones are refused where tokens are checked.
    pub(super) fn token(self, _: &Rules<'_>) -> Read<Secret> {
        let mut text = self.text_up_to(usize::MAX)?;
        if let Some(text) = &mut text
            && text.len() > TOKEN_MAX
        {
            text.truncate(text.floor_char_boundary(TOKEN_MAX + 1));
        }
        Ok(text.map(Secret::new))
    }

    pub(super) fn header(self, _: &Rules<'_>) -> Read<Secret> {
        match self.text_up_to(URL_MAX)? {
            Some(text) if !is_header(&text) => Err(Bad::Header),
            text => Ok(text.map(|text| Secret::new(text.trim()))),
        }
    }

    pub(super) fn name(self, _: &Rules<'_>) -> Read<DisplayName> {
        let text = self.text_up_to(NAME_MAX)?;
        let name = text.map(DisplayName::from);
        Ok(name.filter(|name| !name.as_str().is_empty()))
    }

    pub(super) fn language(self, _: &Rules<'_>) -> Read<String> {
        match self.text_up_to(64)? {
            Some(text) if !is_language(text.trim()) => Err(Bad::Language),
            text => Ok(text.map(|text| text.trim().to_owned())),
        }
    }

    pub(super) fn peer(self, _: &Rules<'_>) -> Read<PeerId> {
        let text = self.text_up_to(URL_MAX)?;
        let id = text.map(|text| PeerId::parse(&text));
        id.transpose().map_err(Bad::Id)
    }

    pub(super) fn room(self, _: &Rules<'_>) -> Read<RoomId> {
        let text = self.text_up_to(URL_MAX)?;
        let id = text.map(|text| RoomId::parse(&text));
        id.transpose().map_err(Bad::Id)
    }

    pub(super) fn role(self, _: &Rules<'_>) -> Read<Role> {
        let Some(text) = self.text_up_to(64)? else {
            return Ok(None);
        };
        match text.trim().to_ascii_lowercase().as_str() {
            "moderator" => Ok(Some(Role::Moderator)),
            "interpreter" => Ok(Some(Role::Interpreter)),
            _ => Err(Bad::Role),
        }
    }

    pub(super) fn moment(self, _: &Rules<'_>) -> Read<Moment> {
        let moment = match self {
            Self::Text(text) => Moment::text(text),
            Self::Json(Value::String(text)) if text.trim().is_empty() => return Ok(None),
            Self::Json(value) => Moment::read(value),
        };
        moment.map(Some).map_err(Bad::Moment)
    }

    pub(super) fn target(self, rules: &Rules<'_>) -> Read<Target> {
        let Some(text) = self.text_up_to(URL_MAX)? else {
            return Ok(None);
        };
        match target_url(&text, rules.allow_private) {
            Ok(url) => Ok(Some(Target(url))),
            Err(why) => Err(Bad::Url(why)),
        }
    }

    /// A page of ours in the player's frame could reach out of its sandbox.
    pub(super) fn player(self, rules: &Rules<'_>) -> Read<String> {
        let Some(text) = self.text_up_to(URL_MAX)? else {
            return Ok(None);
        };
        let url = target_url(&text, false).map_err(Bad::Url)?;
        let name = host::name_of(url.host_str().unwrap_or_default());
        let asked = rules.own_host.map(host::name_of);
        match asked.as_ref() == Some(&name) || rules.own_hosts.contains(&name) {
            true => Err(Bad::Url("it is on this server")),
            false => Ok(Some(url.into())),
        }
    }
}
