//! Loads the page anew.

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use web_sys::PerformanceNavigationTiming;

/// Loads the page anew.
pub(crate) fn now() {
    // fails only for documents that are gone already
    let _ = window().location().reload();
}

/// Loads the page anew, unless that is how it was loaded: twice would not help
/// either, and three times would never end.
pub(crate) fn once() {
    if !was_reloaded() {
        now();
    }
}

fn was_reloaded() -> bool {
    let entries = window()
        .performance()
        .map(|performance| performance.get_entries_by_type("navigation"));
    entries
        .and_then(|entries| {
            entries
                .get(0)
                .dyn_into::<PerformanceNavigationTiming>()
                .ok()
        })
        .is_none_or(|entry| entry.type_() == web_sys::NavigationType::Reload)
}
