//! What only this page knows: open panels, layout, pin, page.

use std::time::Duration;

use leptos::prelude::*;
use protocol::{NoRecording, Source, TrackRef};

use crate::{
    browser::storage,
    meeting::{moderation::Confirm, scene::Layout},
};

/// A panel beside the stage; one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Panel {
    Chat,
    People,
}

/// A dialog over everything; one at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Overlay {
    Settings,
    Help,
    /// Asks before something is done that cannot be taken back.
    Confirm(Confirm),
}

/// Something that was wanted and cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    /// Moderators forbid it.
    Source(Source),
    /// The server does not record.
    Recording(NoRecording),
}

/// The participant's desk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Desk {
    pub(crate) panel: RwSignal<Option<Panel>>,
    pub(crate) overlay: RwSignal<Option<Overlay>>,
    pub(crate) layout: RwSignal<Layout>,
    pub(crate) pinned: RwSignal<Option<TrackRef>>,
    pub(crate) page: RwSignal<usize>,
    /// A chat message that is being written; it outlives the open panel.
    pub(crate) draft: RwSignal<String>,
    /// The moderator's controls of the room are unfolded.
    pub(crate) controls_open: RwSignal<bool>,
    /// What was wanted and cannot be had; said for a moment.
    pub(crate) denied: RwSignal<Option<Denied>>,
    /// Single keys do something.
    pub(crate) shortcuts: RwSignal<bool>,
}

/// How long it is said that something cannot be had.
const DENIED_FOR: Duration = Duration::from_secs(4);

/// Where the wish for no shortcuts is remembered.
const SHORTCUTS_KEY: &str = "meetframe.shortcuts";

impl Desk {
    /// A tidy desk.
    pub(crate) fn new() -> Self {
        Self {
            panel: RwSignal::new(None),
            overlay: RwSignal::new(None),
            layout: RwSignal::new(Layout::default()),
            pinned: RwSignal::new(None),
            page: RwSignal::new(0),
            draft: RwSignal::new(String::new()),
            controls_open: RwSignal::new(false),
            denied: RwSignal::new(None),
            shortcuts: RwSignal::new(true),
        }
    }

    /// Takes up what was remembered; only in the browser, after hydration.
    pub(crate) fn recall(self) {
        if storage::read(SHORTCUTS_KEY).as_deref() == Some("off") {
            self.shortcuts.set(false);
        }
    }

    /// Opens a panel, or closes it if it is the one that is open.
    pub(crate) fn toggle_panel(self, panel: Panel) {
        self.panel
            .update(|open| *open = (*open != Some(panel)).then_some(panel));
    }

    /// Asks before something is done that cannot be taken back.
    pub(crate) fn ask(self, confirm: Confirm) {
        self.overlay.set(Some(Overlay::Confirm(confirm)));
    }

    /// Says for a moment that something cannot be had.
    pub(crate) fn deny(self, what: Denied) {
        self.denied.set(Some(what));
        set_timeout(
            move || {
                // the desk may be gone by then
                let _ = self.denied.try_set(None);
            },
            DENIED_FOR,
        );
    }

    /// Pins a tile to the stage, or lets it go if it is pinned.
    pub(crate) fn toggle_pin(self, track: &TrackRef) {
        self.pinned.update(|pinned| {
            let same = pinned.as_ref() == Some(track);
            *pinned = (!same).then(|| track.clone());
        });
    }

    /// Chooses a layout; a pin would hide the choice, so it goes.
    pub(crate) fn choose_layout(self, layout: Layout) {
        self.pinned.set(None);
        self.layout.set(layout);
    }

    /// Switches single-key shortcuts on or off, and remembers it.
    pub(crate) fn set_shortcuts(self, on: bool) {
        self.shortcuts.set(on);
        storage::write(SHORTCUTS_KEY, if on { "on" } else { "off" });
    }
}
