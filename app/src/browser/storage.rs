//! `localStorage`, where it is allowed. In a third-party frame even asking for
//! it may throw; then nothing is remembered.

use leptos::prelude::window;

fn storage() -> Option<leptos::web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// What was remembered under a key.
pub(crate) fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok().flatten()
}

/// Remembers something; a full or forbidden storage is no error.
pub(crate) fn write(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // a quota of zero, as private windows have it, refuses every write
        let _ = storage.set_item(key, value);
    }
}
