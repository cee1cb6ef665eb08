//! What a room's page was given with its address, and what of it may change
//! while the page runs.
//!
//! Everything about looks and ways, nothing about rights: those come with the
//! model of the engine. What methods of an embedding page change is a signal.

mod handed;
mod plain;

use leptos::prelude::*;
use protocol::{ErrorCode, PageSettings, Role, Source, WireError};

use crate::{
    browser::full_screen,
    state::{May, Store},
};

pub(crate) use handed::{Handed, handed};
pub(crate) use plain::{Address, plain_settings};

/// A room's page. Components below it find it in the context.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Page {
    given: StoredValue<PageSettings>,
    /// The toolbar is hidden, and its shortcuts are off.
    pub(crate) controls_hidden: RwSignal<bool>,
    /// Tiles show the picture alone: no name, no icon.
    pub(crate) indicators_hidden: RwSignal<bool>,
    /// How far the start in full screen has come.
    pub(crate) full_screen: RwSignal<FullScreen>,
}

/// The start in full screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FullScreen {
    /// It is not wanted, or was done, or nothing came of it.
    Settled,
    /// It is still to come: it needs a click or a key.
    Due,
    /// The browser was asked and has not answered yet.
    Asked,
}

impl Page {
    /// A page as its address says.
    pub(crate) fn new(given: PageSettings) -> Self {
        Self {
            controls_hidden: RwSignal::new(given.controls_disabled),
            indicators_hidden: RwSignal::new(given.hide_indicators),
            full_screen: RwSignal::new(match given.start_full_screen {
                true => FullScreen::Due,
                false => FullScreen::Settled,
            }),
            given: StoredValue::new(given),
        }
    }

    /// The page that a component stands in.
    pub(crate) fn expect() -> Self {
        expect_context()
    }

    /// What the server made of the address; stays the same.
    pub(crate) fn given<T>(self, read: impl FnOnce(&PageSettings) -> T) -> T {
        self.given.with_value(read)
    }

    /// What clicks and keys do besides: fill the screen, if that is due. Where
    /// the browser says no it stays due; where it never will, too, so that it
    /// can be said.
    pub(crate) fn fill_screen(self) {
        let state = self.full_screen;
        if state.get_untracked() != FullScreen::Due || !full_screen::is_available() {
            return;
        }
        state.set(FullScreen::Asked);
        full_screen::enter_then(move |done| {
            let _ = state.try_set(match done {
                true => FullScreen::Settled,
                false => FullScreen::Due,
            });
        });
    }

    /// There is no chat for this participant.
    pub(crate) fn chat_disabled(self) -> bool {
        self.given(|given| given.chat_disabled)
    }

    /// An address to invite others with: the room's own, with nothing of this
    /// participant. None where the room is entered by tokens only; those who
    /// hand them out do the inviting.
    pub(crate) fn invitation(self) -> Option<String> {
        let origin = window().location().origin().ok()?;
        self.given(|given| {
            let kind = given.kind.path();
            let room = &given.room_id;
            (!is_by_token(&given.query)).then(|| format!("{origin}/{kind}/?roomId={room}"))
        })
    }

    /// Whether this participant has a microphone, or a camera, at all: viewers
    /// have neither, interpreters no camera. Tracks.
    pub(crate) fn uses(self, store: Store, source: Source) -> bool {
        if store.you.with(Option::is_some) {
            return store.may_use(source) != May::NotInThisRole;
        }
        match self.given(|given| given.role) {
            Role::Viewer => false,
            Role::Interpreter => source == Source::Microphone,
            Role::Participant | Role::Moderator => true,
        }
    }
}

/// Why there is no way in, as far as is known before joining. That an event
/// has not started yet is none: its doors open by themselves.
pub(crate) fn refusal(settings: &PageSettings) -> Option<WireError> {
    let refusal = settings.refusal.clone();
    refusal.filter(|error| error.code != ErrorCode::NotStarted)
}

fn is_by_token(query: &str) -> bool {
    let names = query.split('&').map(|pair| pair.split('=').next());
    names
        .flatten()
        .any(|name| name == "token" || name == "accessToken")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_came_by_a_token_has_no_link_to_pass_on() {
        assert!(is_by_token("roomId=x&token=abc"));
        assert!(is_by_token("accessToken=1"));
        assert!(!is_by_token("roomId=token&displayName=a"));
        assert!(!is_by_token(""));
    }
}
