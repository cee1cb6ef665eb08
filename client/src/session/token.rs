//! Another token for the participant, brought by the embedding page.
//!
//! In the room it is told at once, and each later `join` bears it. One that the
//! server refuses there was never brought.

use protocol::ClientMessage;

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
        if !(self.is_inside() && self.entered) {
            self.reply(Some(mark), Ok(()));
            return;
        }
        self.proof.taken.get_or_insert(before);
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
