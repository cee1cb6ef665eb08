//! Who somebody is: id and name.

use protocol::{DisplayName, ErrorCode, PeerId, WireError};
use rand::RngCore;
use uuid::Builder;

use super::Applicant;
use crate::room::IdBy;

/// The id of token or address, else that of the ticket, else a new one. What
/// a client says of its own id counts with a ticket only.
pub(super) fn peer(applicant: &Applicant<'_>) -> Result<PeerId, WireError> {
    let given = applicant.resolved.attributes.peer_id.clone();
    let Some(ticket) = &applicant.ticket else {
        return Ok(given.unwrap_or_else(random));
    };
    let wished = given.as_ref().or(applicant.join.peer_id.as_ref());
    if wished.is_some_and(|id| *id != ticket.peer) {
        let why = "the ticket belongs to another participant";
        return Err(WireError::new(ErrorCode::BadTicket, why));
    }
    Ok(ticket.peer.clone())
}

/// Who says that the id is theirs. `vouched`: the integrator was asked about
/// what the address says, and agreed.
pub(super) fn by(applicant: &Applicant<'_>, vouched: bool) -> IdBy {
    let known = applicant.ticket.as_ref().map(|ticket| ticket.granted.id_by);
    match applicant.resolved.claims().id_by {
        IdBy::Address if vouched => IdBy::Integrator,
        IdBy::Address if applicant.is_known => known.unwrap_or(IdBy::Address),
        // nobody gave one: it is the ticket's, or a new one
        IdBy::Server => known.unwrap_or_default(),
        by => by,
    }
}

/// The token's name always; the address' name at the first join. Who comes
/// back may have changed it meanwhile.
pub(super) fn name(applicant: &Applicant<'_>) -> DisplayName {
    let resolved = &applicant.resolved;
    let signed = resolved
        .token
        .as_ref()
        .is_some_and(|token| token.claims.get("displayName").is_some());
    let own = &applicant.join.display_name;
    let given = &resolved.attributes.display_name;
    let given = given
        .as_ref()
        .filter(|_| signed || applicant.ticket.is_none());
    given.unwrap_or(own).clone()
}

/// A UUID of version 4 (RFC 9562): not to be guessed, and of a form that others
/// can store.
fn random() -> PeerId {
    let mut bytes = [0; 16];
    rand::rng().fill_bytes(&mut bytes);
    let uuid = Builder::from_random_bytes(bytes).into_uuid().to_string();
    PeerId::parse(&uuid).expect("hexadecimal digits and hyphens make a participant id")
}
