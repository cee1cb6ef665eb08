//! Another token for the participant, brought by the embedding page.
//!
//! In the room it is told at once, and each later `join` bears it. One that the
//! server refuses, there or at the door, was never brought.

use protocol::{ClientMessage, ErrorCode};

use super::{Session, wishes::Wish};
use crate::{model::RequestMark, query};

/// The queries of the page's address.
#[derive(Debug, Default)]
pub(super) struct Proof {
    /// The last one that the server took, while another is being looked at.
    taken: Option<String>,
}

impl Session {
    pub(super) fn bring_token(&mut self, token: &str, mark: RequestMark) {
        let query = query::with_token(&self.config.query, token);
        let before = std::mem::replace(&mut self.config.query, query.clone());
        self.proof.taken.get_or_insert(before);
        if !(self.is_inside() && self.entered) {
            self.reply(Some(mark), Ok(()));
            return;
        }
        let kind = self.config.kind;
        self.wish(Wish {
            message: ClientMessage::SetToken { kind, query },
            mark: Some(mark),
        });
    }

    /// The server took the token of this query.
    pub(super) fn token_taken(&mut self, query: String) {
        self.proof.taken = (self.config.query != query).then_some(query);
    }

    /// The next join bears this token.
    #[must_use]
    pub fn bears_token(&self, token: &str) -> bool {
        self.config.query == query::with_token(&self.config.query, token)
    }

    /// The server let the participant in, by the token that was brought.
    pub(super) fn token_let_in(&mut self) {
        self.proof.taken = None;
    }

    /// The server does not let the participant in by the token that was brought.
    /// Says whether there is one before, which counts on.
    pub(super) fn give_token_up(&mut self, code: ErrorCode) -> bool {
        let taken = self.proof.taken.take_if(|_| is_of_token(code));
        taken.map(|taken| self.config.query = taken).is_some()
    }

    /// The server did not take it.
    pub(super) fn token_refused(&mut self, query: &str) {
        if self.config.query == query
            && let Some(taken) = self.proof.taken.take()
        {
            self.config.query = taken;
        }
    }

    /// The name of the address is void: another one was chosen.
    pub(super) fn forget_given_name(&mut self) {
        for query in [Some(&mut self.config.query), self.proof.taken.as_mut()]
            .into_iter()
            .flatten()
        {
            *query = query::without(query, "displayName");
        }
    }
}

/// What another token may mend.
fn is_of_token(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::TokenInvalid
            | ErrorCode::TokenExpired
            | ErrorCode::TokenNotYetValid
            | ErrorCode::TokenUsedUp
            | ErrorCode::TokenRoom
    )
}
