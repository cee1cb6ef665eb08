//! What a participant chose, kept in the browser where it lets.
//!
//! Storage is refused in sandboxed and many third-party frames, and asking for
//! it throws there: then nothing is remembered and everything works.

use web_sys::Storage;

use super::listener::window;
use crate::session::Choices;

const KEY: &str = "meetframe.choices";

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// The choices of an earlier visit, or none.
pub(crate) fn recall() -> Choices {
    let text = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// Keeps the choices for the next visit.
pub(crate) fn remember(choices: &Choices) {
    let text = serde_json::to_string(choices).expect("choices are plain texts");
    if let Some(storage) = storage() {
        // full or forbidden: not worth a word to anybody
        let _ = storage.set_item(KEY, &text);
    }
}
