//! Where a session's tokens are looked at after it came in.

use protocol::{RoomKind, WireError};

use super::enter::Entrance;
use crate::{admission::Admission, room::Renewed, room_key::RoomKey};

/// What admission has to know of a session.
pub(super) struct Office<'a> {
    admission: &'a Admission,
    room: RoomKey,
    /// That of the seat. What a client says of its page later counts for
    /// nothing: it would come on stage by it.
    interface: RoomKind,
    /// The Host header of the request.
    host: Option<&'a str>,
}

impl<'a> Office<'a> {
    pub(super) fn new(
        admission: &'a Admission,
        entrance: &Entrance,
        host: Option<&'a str>,
    ) -> Self {
        Self {
            admission,
            room: entrance.room.clone(),
            interface: entrance.interface,
            host,
        }
    }

    /// What a new token says.
    ///
    /// # Errors
    /// When it is not good.
    pub(super) async fn renew(&self, query: &str) -> Result<Renewed, WireError> {
        self.admission
            .renew(&self.room, self.interface, query, self.host)
            .await
    }
}
