//! One participant's place in a room.

use std::time::Instant;

use protocol::{NoRecording, Participant, PeerId, QualityScore, Role, Source, You};
use serde::{Deserialize, Serialize};

use super::{Claims, SessionId, TokenHash, offers::Offers};
use crate::{
    clock::UnixMillis,
    policy::{Action, Actor, Deed, Rights, Target, may},
};

/// Tells the seats that one participant had one after the other apart. Random,
/// so that a ticket from before a restart never fits a seat made after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeatId(pub u64);

impl SeatId {
    /// A new seat.
    #[must_use]
    pub fn random() -> Self {
        Self(rand::random())
    }
}

/// How many tokens of one seat are known. Each costs 32 bytes; of somebody who
/// brought more, the first ones are not barred when they are removed.
const TOKENS_MAX: usize = 64;

/// One participant's place in a room.
#[derive(Debug)]
pub(super) struct Seat {
    pub(super) id: SeatId,
    /// Grows with each one who joins or comes on stage.
    pub(super) order: u64,
    pub(super) participant: Participant,
    pub(super) presence: Presence,
    pub(super) offers: Offers,
    /// What admission found out about them.
    pub(super) claims: Claims,
    /// All tokens that they had here, the newest last.
    pub(super) tokens: Vec<TokenHash>,
    /// How good their connection is, once it is known.
    pub(super) quality: Option<QualityScore>,
    /// The language that they listen to besides the original.
    pub(super) listens_to: Option<String>,
}

/// Whether a participant has a socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// They have.
    Here(SessionId),
    /// They lost it.
    Away {
        /// When.
        since: Instant,
        /// When something follows from it.
        due: Instant,
    },
}

impl Seat {
    /// What is known about them from now on.
    pub(super) fn claim(&mut self, claims: Claims) {
        if let Some(token) = claims.token {
            self.tokens.retain(|known| *known != token);
            if self.tokens.len() == TOKENS_MAX {
                self.tokens.remove(0);
            }
            self.tokens.push(token);
        }
        self.claims = claims;
    }

    pub(super) fn session(&self) -> Option<SessionId> {
        match self.presence {
            Presence::Here(session) => Some(session),
            Presence::Away { .. } => None,
        }
    }

    /// As the table of rights knows them.
    pub(super) fn actor(&self) -> Actor {
        let rights = Rights {
            allowed: self.participant.allowed,
            chat: self.claims.may_chat,
            raise_hand: self.claims.may_raise_hand,
            record: self.claims.may_record,
            rename: self.claims.may_rename,
        };
        Actor::Seated(self.role(), rights)
    }

    /// What its participant is told about themself. Why there is no recording
    /// interests those who could start one.
    pub(super) fn you(&self, no_recording: Option<NoRecording>) -> You {
        let actor = self.actor();
        let may_record = self.may_record();
        You {
            participant: self.participant.clone(),
            may_chat: may(&actor, Action::Chat).is_ok(),
            may_raise_hand: may(&actor, Action::RaiseHand).is_ok(),
            may_record,
            no_recording: no_recording.filter(|_| may_record),
            token_ends_at: self.claims.token_ends_at().map(UnixMillis::get),
        }
    }

    pub(super) fn may_record(&self) -> bool {
        may(&self.actor(), Action::Moderate(Deed::Record, Target::Room)).is_ok()
    }

    /// The recorder's page: it has a seat and is nobody.
    pub(super) fn is_hidden(&self) -> bool {
        self.claims.recorder
    }

    /// Whether they are one of those who watch.
    pub(super) fn is_viewer(&self) -> bool {
        !self.is_on_stage() && !self.is_hidden()
    }

    pub(super) fn peer(&self) -> &PeerId {
        &self.participant.id
    }

    pub(super) fn role(&self) -> Role {
        self.participant.role
    }

    pub(super) fn is_on_stage(&self) -> bool {
        self.role().is_on_stage()
    }

    /// Whether they count for the most people with camera or microphone.
    pub(super) fn is_broadcaster(&self) -> bool {
        let media = self.participant.media;
        self.is_on_stage() && (media.is_on(Source::Microphone) || media.is_on(Source::Camera))
    }

    /// The language in which they are heard, instead of the original.
    pub(super) fn channel(&self) -> Option<&String> {
        let interprets = self.role() == Role::Interpreter;
        self.claims.language.as_ref().filter(|_| interprets)
    }

    /// The language into which they translate right now. Somebody whose socket
    /// is lost does not count: listeners are told in time.
    pub(super) fn translates_into(&self) -> Option<&String> {
        self.channel().filter(|_| self.session().is_some())
    }
}
