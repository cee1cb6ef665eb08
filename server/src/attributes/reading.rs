//! Reads one attribute after the other: from the token, else the address.

use protocol::{ErrorCode, WireError};
use serde_json::Value;

use super::{
    Address, Attribute, Attributes, Origin, Refused, Report, Sources,
    query::Query,
    raw::{Raw, Rules},
};
use crate::{tenant::Tenant, token::Claims};

/// How much of a value `/explain` repeats, in characters.
pub(super) const SHOWN_MAX: usize = 100;

/// A reading of all attributes.
pub(super) struct Reading<'a> {
    pub(super) tenant: &'a Tenant,
    pub(super) address: Address<'a>,
    pub(super) query: &'a Query<'a>,
    pub(super) claims: Option<&'a Claims>,
    pub(super) rules: Rules<'a>,
    pub(super) all: Attributes,
}

impl<'a> Reading<'a> {
    pub(super) fn read(&mut self, row: &Attribute) -> Report {
        let mut refused = Vec::new();
        let mut source = Origin::Default;
        let (url, others) = self.in_url(row);
        let claim = self.claim(row);
        let mut taken = false;
        for (origin, raw) in [(Origin::Token, claim), (Origin::Url, url)] {
            let Some(raw) = raw else { continue };
            let why = if taken {
                Some("the value in the token counts".to_owned())
            } else {
                self.forbidden(row, origin)
            };
            let why = why.or_else(|| match (row.access.set)(&mut self.all, raw, &self.rules) {
                Ok(given) => {
                    if given {
                        (source, taken) = (origin, true);
                    }
                    None
                }
                Err(bad) => {
                    // what an integrator signed is not to be mended by the address
                    taken = true;
                    Some(bad.to_string())
                }
            });
            refused.extend(why.map(|why| Refused {
                source: origin,
                value: (!row.secret).then(|| shown(raw)),
                why,
            }));
        }
        if others {
            refused.push(Refused {
                source: Origin::Url,
                value: None,
                why: "it stands there more than once; the first value counts".to_owned(),
            });
        }
        Report {
            name: row.name,
            value: (row.access.show)(&self.all),
            source,
            refused,
        }
    }

    fn claim(&self, row: &Attribute) -> Option<Raw<'a>> {
        let claims = self.claims?;
        row.names().find_map(|name| claims.get(name)).map(Raw::Json)
    }

    /// The value in the address, and whether others stand beside it.
    fn in_url(&self, row: &Attribute) -> (Option<Raw<'a>>, bool) {
        let given = self.query.get(row.names());
        match self.address.path_room {
            Some(room) if row.name == "roomId" => {
                let others = given.is_some_and(|(value, others)| others || value != room);
                (Some(Raw::Text(room)), others)
            }
            _ => match given {
                Some((value, others)) => (Some(Raw::Text(value)), others),
                None => (None, false),
            },
        }
    }

    /// Why an attribute does not count where it was given.
    fn forbidden(&self, row: &Attribute, origin: Origin) -> Option<String> {
        let in_token = origin == Origin::Token;
        let why = match row.sources {
            Sources::Url if in_token => "it counts in the address only",
            Sources::Token if !in_token => "it counts in a token only",
            _ if row.debug_only && !in_token && !self.tenant.debug_attributes => {
                "in an address it counts only where the tenant has debug_attributes"
            }
            _ if row.name == "accessToken" && self.tenant.require_token => {
                "the tenant requires tokens, which take its place"
            }
            _ => return None,
        };
        Some(why.to_owned())
    }

    /// A token is good for the room that it names and for no other.
    pub(super) fn wrong_room(&self) -> Option<WireError> {
        let claim = self.claims?.get("roomId")?;
        let bound = Raw::Json(claim).room(&self.rules).ok().flatten();
        let asked = match self.address.path_room {
            Some(room) => Some(room),
            None => self.query.get(["roomId"].into_iter()).map(|(room, _)| room),
        };
        let asked = asked.filter(|room| !room.is_empty());
        let good = bound.is_some_and(|bound| asked.is_none_or(|asked| asked == bound.as_str()));
        let why = "The token is for another room";
        (!good).then(|| WireError::new(ErrorCode::TokenRoom, why))
    }
}

/// What was given, for the one who gave it.
fn shown(raw: Raw<'_>) -> String {
    let text = match raw {
        Raw::Text(text) => text.to_owned(),
        Raw::Json(Value::String(text)) => text.clone(),
        Raw::Json(value) => value.to_string(),
    };
    text.chars().take(SHOWN_MAX).collect()
}
