//! Loads pages from the server.

use leptos::prelude::window;
use wasm_bindgen::JsCast;
use web_sys::PerformanceNavigationTiming;

/// Loads the page anew.
pub(crate) fn now() {
    // fails only for documents that are gone already
    let _ = window().location().reload();
}

/// Loads an address of ours from the server.
pub(crate) fn at(address: &str) {
    // fails only for addresses that cannot be read, and ours can
    let _ = window().location().set_href(address);
}

/// Has this address loaded when the participant loads the page anew.
#[cfg(target_arch = "wasm32")]
pub(crate) fn later_at(address: &str) {
    if let Ok(history) = window().history() {
        let state = history.state().unwrap_or(wasm_bindgen::JsValue::NULL);
        // refused in sandboxes without an origin: then the old one is loaded
        let _ = history.replace_state_with_url(&state, "", Some(address));
    }
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
