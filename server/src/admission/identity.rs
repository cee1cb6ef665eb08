//! Who somebody is: id and name.

use protocol::{DisplayName, ErrorCode, PeerId, WireError};
use rand::{Rng, distr::Alphanumeric};

use super::Applicant;

/// The length of a participant id that the server makes: not to be guessed.
const PEER_ID_LENGTH: usize = 20;

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

fn random() -> PeerId {
    let id: String = rand::rng()
        .sample_iter(Alphanumeric)
        .take(PEER_ID_LENGTH)
        .map(char::from)
        .collect();
    PeerId::parse(&id).expect("letters and digits make a participant id")
}
