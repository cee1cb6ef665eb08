//! What only this page knows: open panels, layout, pin, page.

use leptos::prelude::*;
use protocol::TrackRef;

use crate::{browser::storage, meeting::scene::Layout};

/// A panel beside the stage; one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Panel {
    Chat,
    People,
}

/// A dialog over everything; one at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overlay {
    Settings,
    Help,
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
    /// Single keys do something.
    pub(crate) shortcuts: RwSignal<bool>,
}

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
