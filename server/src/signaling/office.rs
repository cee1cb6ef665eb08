//! Where a session's tokens are looked at after it came in.

use protocol::{RoomKind, WireError};

use super::enter::Entrance;
use crate::{admission::Admission, room::Renewed, room_key::RoomKey};

/// What admission has to know of a session.
pub(super) struct Office<'a> {
    admission: &'a Admission,
    room: RoomKey,
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
            host,
        }
    }

    /// What a new token says.
    ///
    /// # Errors
    /// When it is not good.
    pub(super) async fn renew(&self, kind: RoomKind, query: &str) -> Result<Renewed, WireError> {
        self.admission
            .renew(&self.room, kind, query, self.host)
            .await
    }
}
