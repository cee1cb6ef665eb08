//! `tokenLifetime`: how long a token lasts since its first use, whoever used
//! it. Counted in the database, so that a restart changes nothing.

use std::time::Duration;

use protocol::{ErrorCode, WireError};
use tracing::warn;

use super::{Applicant, database_failed};
use crate::{
    attributes::Resolved,
    clock::UnixMillis,
    db::{Database, TokenUse},
    token::VerifiedToken,
};

/// Refuses a token whose lifetime is over. Else says when it ends, if it was
/// used before.
pub(super) async fn check(
    database: &Database,
    who: &Applicant<'_>,
) -> Result<Option<UnixMillis>, WireError> {
    let Some(token) = &who.resolved.token else {
        return Ok(None);
    };
    let end = database.token_end(&token.hash.0).await;
    let end = end.map_err(|error| database_failed(&error))?;
    refuse_after(end, who.now.unix)?;
    Ok(end)
}

/// Why the token of an address is no good any more, for whoever only looks: it
/// is not used by that. While the database fails, nothing is said: joining will
/// tell.
pub(crate) async fn used_up(
    database: &Database,
    resolved: &Resolved,
    now: UnixMillis,
) -> Option<WireError> {
    let token = resolved.token.as_ref()?;
    match database.token_end(&token.hash.0).await {
        Ok(end) => refuse_after(end, now).err(),
        Err(error) => {
            warn!(%error, "The lifetime of a token cannot be read");
            None
        }
    }
}

/// Begins the lifetime of a token that is used for the first time, and says
/// when it ends. `known` is what [`check`] found. A ticket brings the end of
/// its seat along, with or without the token.
pub(super) async fn begin(
    database: &Database,
    who: &Applicant<'_>,
    known: Option<UnixMillis>,
) -> Result<Option<UnixMillis>, WireError> {
    let by_ticket = who.ticket.as_ref().and_then(|ticket| ticket.ends_at);
    let by_ticket = by_ticket.map(UnixMillis::new);
    let token = who.resolved.token.as_ref();
    let lifetime = token.and_then(|token| Some((token, token.lifetime?)));
    let by_token = match (known, lifetime) {
        (None, Some((token, lifetime))) => {
            let used = token_use(token, lifetime, who);
            let end = database.use_token(&used, who.now.unix).await;
            // somebody else may have been faster
            Some(end.map_err(|error| database_failed(&error))?)
        }
        _ => known,
    };
    refuse_after(by_token, who.now.unix)?;
    Ok([by_ticket, by_token].into_iter().flatten().min())
}

fn token_use(token: &VerifiedToken, lifetime: Duration, who: &Applicant<'_>) -> TokenUse {
    let expires = token.expires_at.map(|end| end.0);
    TokenUse {
        hash: token.hash.0,
        ends_at: later(who.now.unix, lifetime),
        forget_at: expires.map(|end| later(end, who.tenant.leeway)),
    }
}

fn later(moment: UnixMillis, by: Duration) -> UnixMillis {
    let by = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
    UnixMillis::new(moment.get().saturating_add(by))
}

fn refuse_after(end: Option<UnixMillis>, now: UnixMillis) -> Result<(), WireError> {
    if end.is_none_or(|end| now < end) {
        return Ok(());
    }
    let why = "The token's lifetime since its first use is over";
    Err(WireError::new(ErrorCode::TokenUsedUp, why))
}
