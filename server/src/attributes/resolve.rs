//! From tenant, address and time to what is in force.

use std::time::Duration;

use protocol::{ErrorCode, ErrorDetails, RoomId, RoomKind, WireError};

use super::{
    Address, Attributes, Origin, Report, SCHEMA,
    query::Query,
    raw::Rules,
    reading::{Reading, SHOWN_MAX},
    tenant_share::add_tenant,
};
use crate::{
    clock::UnixMillis,
    tenant::Tenant,
    token::{BadToken, TOKEN_MAX, VerifiedToken, verify},
};

/// The longest query that is read, in bytes.
pub const QUERY_MAX: usize = 32 * 1024;
/// How many names that are no attributes `/explain` repeats.
const UNKNOWN_MAX: usize = 20;

/// What is in force.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// Which interface.
    pub kind: RoomKind,
    /// The attributes.
    pub attributes: Attributes,
    /// The token, when its signature is good: its time may be over.
    pub token: Option<VerifiedToken>,
    /// Why there is no way in, the weightiest first.
    pub refusals: Vec<WireError>,
    /// What became of each attribute, in the order of [`SCHEMA`].
    pub reports: Vec<Report>,
    /// Names in the address that are no attributes.
    pub unknown: Vec<String>,
    /// The query, as it was given.
    pub query: String,
}

/// Resolves an address. Reads no clock and asks nobody.
#[must_use]
pub fn resolve(tenant: &Tenant, address: Address<'_>, now: UnixMillis) -> Resolved {
    let mut refusals = Vec::new();
    let mut text = address.query.trim_start_matches('?');
    if text.len() > QUERY_MAX {
        let why = format!("The query is longer than {QUERY_MAX} bytes");
        refusals.push(WireError::new(ErrorCode::BadMessage, why));
        text = "";
    }
    let query = Query::read(text);
    let token = read_token(tenant, &query, now, &mut refusals);
    let mut reading = Reading {
        tenant,
        address,
        query: &query,
        claims: token.as_ref().map(|token| &token.claims),
        rules: Rules {
            allow_private: tenant.allow_private_targets,
            own_host: address.host,
            own_hosts: &tenant.own_hosts,
        },
        all: Attributes::default(),
    };
    let mut reports: Vec<Report> = SCHEMA.iter().map(|row| reading.read(row)).collect();
    refusals.extend(reading.wrong_room());
    let mut all = reading.all;
    add_tenant(&mut all, tenant, &mut reports);
    refusals.extend(too_early(&all, now));
    Resolved {
        kind: address.kind,
        token: token.map(|token| VerifiedToken {
            lifetime: all.token_lifetime.map(Duration::from_millis),
            ..token
        }),
        attributes: all,
        refusals,
        reports,
        unknown: unknown(&query),
        query: text.to_owned(),
    }
}

impl Resolved {
    /// The room, when it is given and can be one.
    #[must_use]
    pub fn room(&self) -> Option<&RoomId> {
        self.attributes.room_id.as_ref()
    }

    /// Where the value of an attribute came from.
    #[must_use]
    pub fn source_of(&self, name: &str) -> Origin {
        let report = self.reports.iter().find(|report| report.name == name);
        report.map_or(Origin::Default, |report| report.source)
    }

    /// Why there is no way in.
    #[must_use]
    pub fn refusal(&self) -> Option<&WireError> {
        self.refusals.first()
    }

    /// The same for somebody with a good ticket of this room that names this
    /// token: they came in while it was good and the event had begun.
    #[must_use]
    pub fn refusal_with_ticket(&self) -> Option<&WireError> {
        self.refusals
            .iter()
            .find(|error| !matches!(error.code, ErrorCode::TokenExpired | ErrorCode::NotStarted))
    }
}

fn read_token(
    tenant: &Tenant,
    query: &Query<'_>,
    now: UnixMillis,
    refusals: &mut Vec<WireError>,
) -> Option<VerifiedToken> {
    let given = query.get(["token"].into_iter());
    let Some((text, _)) = given.filter(|(text, _)| !text.trim().is_empty()) else {
        if tenant.require_token {
            let why = "This address needs a token";
            refusals.push(WireError::new(ErrorCode::TokenRequired, why));
        }
        return None;
    };
    if text.len() > TOKEN_MAX {
        refusals.push(BadToken::TooLong.into());
        return None;
    }
    match verify(text.trim(), &tenant.keys) {
        Ok(token) => {
            let times = token.check_times(now, tenant.leeway);
            refusals.extend(times.err().map(WireError::from));
            Some(token)
        }
        Err(bad) => {
            refusals.push(bad.into());
            None
        }
    }
}

fn too_early(all: &Attributes, now: UnixMillis) -> Option<WireError> {
    let start = all.start_time?.0;
    let wait = start
        .get()
        .checked_sub(now.get())
        .filter(|wait| *wait > 0)?;
    let details = ErrorDetails {
        starts_at: Some(start.get()),
        retry_after_ms: Some(u32::try_from(wait).unwrap_or(u32::MAX)),
        ..ErrorDetails::default()
    };
    let error = WireError::new(ErrorCode::NotStarted, "The event has not started yet");
    Some(error.with(details))
}

fn unknown(query: &Query<'_>) -> Vec<String> {
    let known = |name: &str| {
        SCHEMA
            .iter()
            .any(|row| row.names().any(|known| known == name))
    };
    let mut names: Vec<String> = Vec::new();
    for name in query.names().filter(|name| !known(name)) {
        let name: String = name.chars().take(SHOWN_MAX).collect();
        if names.len() < UNKNOWN_MAX && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}
