//! Another token for somebody who is in the room already.
//!
//! The token's signature, times and lifetime count as at joining. PIN and
//! integrator are not asked again: they let this participant in.

use protocol::{DisplayName, ErrorCode, Join, MediaState, PROTOCOL_VERSION, RoomKind, WireError};

use super::{Admission, Applicant, lifetime};
use crate::{
    attributes::Origin,
    room::{Claims, Renewed},
    room_key::RoomKey,
};

impl Admission {
    /// Looks at another token of somebody in a room. `query` is that of a
    /// page's address with the token in it.
    ///
    /// # Errors
    /// Says what is wrong with the token or the address.
    pub async fn renew(
        &self,
        room: &RoomKey,
        kind: RoomKind,
        query: &str,
        host: Option<&str>,
    ) -> Result<Renewed, WireError> {
        let applicant = self.applicant(by_query(room, kind, query), host).await?;
        applicant.check_token()?;
        let end = lifetime::check(&self.database, &applicant).await?;
        let ends_at = lifetime::begin(&self.database, &applicant, end).await?;
        let resolved = &applicant.resolved;
        let signed = resolved.source_of("displayName") == Origin::Token;
        let name = resolved.attributes.display_name.clone();
        Ok(Renewed {
            peer: resolved.attributes.peer_id.clone(),
            display_name: name.filter(|_| signed),
            claims: Claims {
                ends_at,
                ..resolved.claims()
            },
        })
    }
}

impl Applicant<'_> {
    /// A token whose time has not come gives nothing, in the room as little as
    /// before its door.
    fn check_token(&self) -> Result<(), WireError> {
        if let Some(error) = self.resolved.refusal() {
            return Err(error.clone());
        }
        match self.resolved.token {
            Some(_) => Ok(()),
            None => Err(WireError::new(
                ErrorCode::TokenRequired,
                "There is no token",
            )),
        }
    }
}

fn by_query(room: &RoomKey, kind: RoomKind, query: &str) -> Join {
    Join {
        version: PROTOCOL_VERSION,
        room_id: room.room.clone(),
        kind,
        query: query.to_owned(),
        pin: None,
        peer_id: None,
        display_name: DisplayName::default(),
        media: MediaState::default(),
        ticket: None,
        recorder: None,
    }
}
