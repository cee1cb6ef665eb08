//! Whether the page stands in a frame of another page.

use leptos::prelude::window;

/// Whether there is a page around this one.
pub(crate) fn is_embedded() -> bool {
    let window = window();
    match window.parent() {
        Ok(Some(parent)) => parent != window,
        Ok(None) => false,
        // what may not even be looked at is somebody else's
        Err(_) => true,
    }
}
