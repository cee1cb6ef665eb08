//! What is known about somebody before the room knows them: by token, address,
//! tenant and ticket.
//!
//! Admission finds it out. What the room makes of it stands in `arrival` and
//! `renewal`.

use std::sync::Arc;

use protocol::{Role, RoomKind};
use serde::{Deserialize, Serialize};

use crate::{clock::UnixMillis, webhooks::EventTarget};

/// What admission found out about somebody, by token, address and tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claims {
    /// What they are to begin with.
    pub role: Role,
    /// Their token, and not their address or interface, says whether they
    /// watch.
    pub stage_signed: bool,
    /// May start and stop recordings.
    pub may_record: bool,
    /// May raise a hand.
    pub may_raise_hand: bool,
    /// May write into the chat.
    pub may_chat: bool,
    /// May change their own name: no token gives it.
    pub may_rename: bool,
    /// Their token switches the waiting room on.
    pub waiting_room: bool,
    /// Most people with camera or microphone on; 0 is no limit.
    pub max_broadcasters: u32,
    /// Most people with a tile; 0 is no limit.
    pub max_watchers: u32,
    /// A player for everybody: an https URL, checked.
    pub video: Option<String>,
    /// Their token says so, and not only their address.
    pub video_signed: bool,
    /// The language that an interpreter speaks.
    pub language: Option<String>,
    /// Their token switches interpretation on.
    pub interpreters: bool,
    /// Who says that their id is theirs.
    pub id_by: IdBy,
    /// Their token's hash: the same for all who have the same token.
    pub token: Option<TokenHash>,
    /// When their token expires: nobody new comes in by it after that.
    pub expires_at: Option<UnixMillis>,
    /// When their token's lifetime is over, and their tickets with it.
    pub ends_at: Option<UnixMillis>,
    /// Who is told that they join and leave.
    pub events: Option<Arc<EventTarget>>,
    /// The recorder's own page: it sees and hears what a viewer does, and is
    /// nobody.
    pub recorder: bool,
    /// By which of the room's two interfaces they come.
    pub interface: RoomKind,
}

impl Claims {
    /// What the recorder's page may: watch.
    #[must_use]
    pub fn recorder() -> Self {
        Self {
            role: Role::Viewer,
            may_chat: false,
            may_rename: false,
            recorder: true,
            ..Self::default()
        }
    }
}

impl Default for Claims {
    /// Somebody without a token, on a plain address.
    fn default() -> Self {
        Self {
            role: Role::Participant,
            stage_signed: false,
            may_record: false,
            may_raise_hand: false,
            may_chat: true,
            may_rename: true,
            waiting_room: false,
            max_broadcasters: 0,
            max_watchers: 0,
            video: None,
            video_signed: false,
            language: None,
            interpreters: false,
            id_by: IdBy::Server,
            token: None,
            expires_at: None,
            ends_at: None,
            events: None,
            recorder: false,
            interface: RoomKind::Call,
        }
    }
}

impl Claims {
    /// Until when their token is good for coming back.
    #[must_use]
    pub fn token_ends_at(&self) -> Option<UnixMillis> {
        [self.expires_at, self.ends_at].into_iter().flatten().min()
    }

    /// Whether a token says what they are to begin with: nobody leads or
    /// interprets without one.
    pub(super) fn is_role_signed(&self) -> bool {
        self.stage_signed || matches!(self.role, Role::Moderator | Role::Interpreter)
    }
}

/// Who says that somebody's id is theirs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum IdBy {
    /// The server, which made it up.
    #[default]
    Server,
    /// Their token.
    Token,
    /// Their address, and the integrator's server, which was asked.
    Integrator,
    /// Their address alone, where anybody may write it.
    Address,
}

impl IdBy {
    /// Whether somebody with such an id takes the place of who has the same.
    /// Everybody in a room sees the ids of all, and an integrator knows none
    /// that the server made up.
    pub(super) fn replaces(self, other: Self) -> bool {
        match self {
            Self::Server | Self::Token => true,
            Self::Integrator => other != Self::Server,
            Self::Address => other == Self::Address,
        }
    }
}

/// SHA-256 of a participant's token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct TokenHash(pub [u8; 32]);

/// What a seat was granted besides what its token says. Stands in tickets, so
/// that a server that restarted knows it again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// The role by then.
    pub role: Role,
    /// When the room was made, in milliseconds since 1970-01-01 UTC: what was
    /// granted in one meeting is nothing in the next one of the same name.
    #[serde(default)]
    pub meeting: u64,
    /// They were let in; else they wait, and the ticket only says that nothing
    /// else stood in their way.
    pub admitted: bool,
    /// The token that they came by, or the last one that they brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<TokenHash>,
    /// By which of the room's two interfaces they came.
    #[serde(default)]
    pub interface: RoomKind,
    /// Who said that their id is theirs.
    #[serde(default)]
    pub id_by: IdBy,
}
