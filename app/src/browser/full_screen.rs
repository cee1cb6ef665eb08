//! Full screen, which an embedding page may forbid and iPhones do not have.

use leptos::{ev::Custom, prelude::*};
use wasm_bindgen::{JsCast, JsValue};

/// Whether the page may fill the screen.
pub(crate) fn is_available() -> bool {
    document().fullscreen_enabled()
}

/// Whether the page fills the screen, now and later.
pub(crate) fn watch() -> ReadSignal<bool> {
    let (full, set_full) = signal(false);
    let listener = window_event_listener(
        Custom::<web_sys::Event>::new("fullscreenchange"),
        move |_| {
            set_full.set(is_on());
        },
    );
    on_cleanup(move || listener.remove());
    full
}

/// Whether the page fills the screen now.
pub(crate) fn is_on() -> bool {
    document().fullscreen_element().is_some()
}

/// Enters or leaves full screen.
pub(crate) fn toggle() {
    if is_on() {
        document().exit_fullscreen();
    } else {
        enter();
    }
}

/// Enters full screen; call it from a click or a key.
pub(crate) fn enter() {
    enter_then(|_| ());
}

/// The same, and tells whether the browser did it.
pub(crate) fn enter_then(tell: impl FnOnce(bool) + 'static) {
    let asked = document()
        .document_element()
        .and_then(|root| request(&root));
    leptos::task::spawn_local(async move {
        let done = match asked {
            Some(promise) => wasm_bindgen_futures::JsFuture::from(promise).await.is_ok(),
            None => false,
        };
        tell(done);
    });
}

/// Asks for full screen. A refusal is the browser's to explain, so its promise
/// is taken care of instead of left to complain in the console.
fn request(root: &web_sys::Element) -> Option<js_sys::Promise> {
    let method = js_sys::Reflect::get(root, &JsValue::from_str("requestFullscreen")).ok()?;
    let method: js_sys::Function = method.dyn_into().ok()?;
    method.call0(root).ok()?.dyn_into().ok()
}
