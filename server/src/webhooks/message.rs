//! A message to an integrator.

use std::fmt;

use serde::Serialize;

use super::EventKind;
use crate::{clock::UnixMillis, config::Secret};

/// The id of a message, the same whenever it is sent again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId(String);

impl MessageId {
    /// A new id.
    #[must_use]
    pub fn random() -> Self {
        Self(format!("msg_{:032x}", rand::random::<u128>()))
    }

    /// The id that a text is.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("msg_")?;
        let good = rest.len() == 32 && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
        good.then(|| Self(text.to_owned()))
    }

    /// An id from the database.
    #[must_use]
    pub fn from_sql(text: String) -> Self {
        Self(text)
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What a message tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `joinPeer`: somebody joined.
    JoinPeer,
    /// `closePeer`: somebody left.
    ClosePeer,
    /// Anything else that somebody asked for.
    Event(EventKind),
}

impl Kind {
    /// The name. To the URL of a tenant or a token it is the last part of the
    /// path as well.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::JoinPeer => "joinPeer",
            Self::ClosePeer => "closePeer",
            Self::Event(kind) => kind.name(),
        }
    }

    /// The kind of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "joinPeer" => Some(Self::JoinPeer),
            "closePeer" => Some(Self::ClosePeer),
            name => EventKind::parse(name).map(Self::Event),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A message that waits.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its place in the outbox.
    pub seq: i64,
    /// Its id.
    pub id: MessageId,
    /// What it tells.
    pub kind: Kind,
    /// The body: JSON. It is signed, so it is kept as it was written.
    pub body: String,
    /// An authorization that an address or a token gave.
    pub authorization: Option<Secret>,
    /// How often it was sent in vain.
    pub attempts: u32,
    /// When it was written.
    pub created_at: UnixMillis,
    /// When it is to be sent.
    pub next_at: UnixMillis,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    event: &'static str,
    room_id: &'a str,
    peer_id: &'a str,
    display_name: &'a str,
}

/// The body of `joinPeer`.
#[must_use]
pub fn join_peer(room_id: &str, peer_id: &str, display_name: &str) -> String {
    text("connected", room_id, peer_id, display_name)
}

/// The body of `closePeer`.
#[must_use]
pub fn close_peer(room_id: &str, peer_id: &str, display_name: &str) -> String {
    text("disconnected", room_id, peer_id, display_name)
}

fn text(event: &'static str, room_id: &str, peer_id: &str, display_name: &str) -> String {
    let body = Body {
        event,
        room_id,
        peer_id,
        display_name,
    };
    serde_json::to_string(&body).expect("four texts are plain JSON")
}
