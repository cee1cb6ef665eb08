//! The end of the token, and another one in its place.

use std::rc::Rc;

use client::{Request, model::Model, query};
use leptos::prelude::{set_timeout, set_timeout_with_handle, window};
use protocol::{BridgeError, BridgeEvent};

use super::Frame;
use crate::{
    bridge::{
        changes::is_inside,
        expiry::{Look, look},
    },
    browser::{clock, reload},
};

impl Frame {
    /// Has the end told in time; an end that is known already is being watched.
    pub(super) fn watch_token(self: &Rc<Self>, model: &Model) {
        // after leaving, the token is the same as before
        let Some(you) = &model.you else { return };
        if self.token_end.get() != you.token_ends_at {
            self.token_ends(you.token_ends_at);
        }
    }

    /// The token has another end than was known.
    pub(super) fn token_ends(self: &Rc<Self>, ends_at: Option<u64>) {
        self.token_end.set(ends_at);
        if let Some(timer) = self.token_timer.take() {
            timer.clear();
        }
        let Some(ends_at) = ends_at else { return };
        match look(ends_at, clock::now()) {
            Look::Tell(left) => self.emit(BridgeEvent::TokenExpiring { ends_at, left }),
            Look::Again(after) => {
                let weak = Rc::downgrade(self);
                let again = move || {
                    if let Some(frame) = weak.upgrade() {
                        frame.token_ends(Some(ends_at));
                    }
                };
                // without a timer nothing is told, and nothing else is lost
                self.token_timer
                    .set(set_timeout_with_handle(again, after).ok());
            }
        }
    }

    /// Takes another token: for the room, for later joins, and for a reload.
    pub(super) async fn take_token(self: &Rc<Self>, token: String) -> Result<(), BridgeError> {
        self.request(Request::Token(token.clone())).await?;
        if self.no_way_in().is_some() {
            // the page itself was refused, and only the server makes another;
            // the answer goes first
            let address = address_with(&token);
            set_timeout(move || reload::at(&address), std::time::Duration::ZERO);
        } else if self.look(|model| model.you.is_some())? {
            reload::later_at(&address_with(&token));
        } else {
            // what it is worth, and when it ends, is known at the door
            self.token_ends(None);
            self.token_brought.replace(Some(token));
        }
        Ok(())
    }

    /// The door was opened: by the token that was brought before it, or, when
    /// that was refused, by the one of before, which the address still has.
    pub(super) fn keep_token(&self, model: &Model) {
        if !is_inside(model) {
            return;
        }
        let (brought, engine) = (self.token_brought.take(), self.meeting.engine());
        if let Some((token, engine)) = brought.zip(engine)
            && engine.bears_token(&token)
        {
            reload::later_at(&address_with(&token));
        }
    }
}

/// The frame's address with another token in it.
fn address_with(token: &str) -> String {
    let location = window().location();
    let path = location.pathname().unwrap_or_default();
    let search = location.search().unwrap_or_default();
    let query = query::with_token(search.trim_start_matches('?'), token);
    format!("{path}?{query}")
}
