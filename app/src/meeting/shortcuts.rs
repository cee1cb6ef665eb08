//! Single keys that do what the toolbar does, unless somebody is typing.

use leptos::{ev, prelude::*};
use protocol::Source;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::toolbar::{toggle_hand, toggle_input, toggle_share};
use crate::{
    browser::full_screen,
    page::Page,
    state::{Desk, Meeting, Overlay, Panel},
};

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    Microphone,
    Camera,
    Share,
    Chat,
    People,
    Layout,
    FullScreen,
    Hand,
    Help,
    Escape,
}

impl Action {
    /// All of them, in the order of the help.
    pub(super) const ALL: [Self; 10] = [
        Self::Microphone,
        Self::Camera,
        Self::Share,
        Self::Chat,
        Self::People,
        Self::Layout,
        Self::FullScreen,
        Self::Hand,
        Self::Help,
        Self::Escape,
    ];

    /// The key, as `KeyboardEvent.key` names it, in small letters.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Microphone => "m",
            Self::Camera => "v",
            Self::Share => "s",
            Self::Chat => "c",
            Self::People => "p",
            Self::Layout => "l",
            Self::FullScreen => "f",
            Self::Hand => "r",
            Self::Help => "?",
            Self::Escape => "escape",
        }
    }

    fn of_key(key: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|action| action.key().eq_ignore_ascii_case(key))
    }
}

/// Listens for shortcuts as long as the calling component lives.
pub(super) fn listen() {
    let meeting = Meeting::expect();
    let desk = expect_context::<Desk>();
    let has_chat = !Page::expect().chat_disabled();
    let listener = window_event_listener(ev::keydown, move |event| {
        let wanted = wanted(&event, desk).filter(|action| has_chat || *action != Action::Chat);
        let Some(action) = wanted else {
            return;
        };
        event.prevent_default();
        perform(action, meeting, desk);
    });
    on_cleanup(move || listener.remove());
}

/// The action of a key press, if it is meant as one.
fn wanted(event: &ev::KeyboardEvent, desk: Desk) -> Option<Action> {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.repeat() {
        return None;
    }
    // Escape takes back what an input method suggests, and closes nothing
    if event.is_composing() {
        return None;
    }
    // a dialog closes itself, and the rest has to wait for that
    if desk.overlay.get_untracked().is_some() || event.default_prevented() {
        return None;
    }
    let action = Action::of_key(&event.key())?;
    let allowed = action == Action::Escape || (desk.shortcuts.get_untracked() && !is_typing(event));
    allowed.then_some(action)
}

fn is_typing(event: &ev::KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|element| {
            element
                .closest("input, textarea, select, [contenteditable], [role=menu]")
                .ok()
        })
        .flatten()
        .is_some()
}

fn perform(action: Action, meeting: Meeting, desk: Desk) {
    match action {
        Action::Microphone => toggle_input(meeting, desk, Source::Microphone),
        Action::Camera => toggle_input(meeting, desk, Source::Camera),
        Action::Share => toggle_share(meeting, desk),
        Action::Chat => desk.toggle_panel(Panel::Chat),
        Action::People => desk.toggle_panel(Panel::People),
        Action::Layout => desk.choose_layout(desk.layout.get_untracked().next()),
        Action::FullScreen => full_screen::toggle(),
        Action::Hand => toggle_hand(meeting),
        Action::Help => desk.overlay.set(Some(Overlay::Help)),
        Action::Escape => desk.panel.set(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_work_with_and_without_shift() {
        assert_eq!(Action::of_key("m"), Some(Action::Microphone));
        assert_eq!(Action::of_key("M"), Some(Action::Microphone));
        assert_eq!(Action::of_key("?"), Some(Action::Help));
        assert_eq!(Action::of_key("Escape"), Some(Action::Escape));
        assert_eq!(Action::of_key("x"), None);
    }

    #[test]
    fn no_two_actions_share_a_key() {
        for action in Action::ALL {
            assert_eq!(Action::of_key(action.key()), Some(action));
        }
    }
}
