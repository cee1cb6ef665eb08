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
            set_full.set(document().fullscreen_element().is_some());
        },
    );
    on_cleanup(move || listener.remove());
    full
}

/// Enters or leaves full screen.
pub(crate) fn toggle() {
    let document = document();
    if document.fullscreen_element().is_some() {
        document.exit_fullscreen();
    } else if let Some(root) = document.document_element() {
        request(&root);
    }
}

/// Asks for full screen. A refusal is the browser's to explain, so its promise
/// is taken care of instead of left to complain in the console.
fn request(root: &web_sys::Element) {
    let method = js_sys::Reflect::get(root, &JsValue::from_str("requestFullscreen"));
    let Ok(Ok(method)) = method.map(JsCast::dyn_into::<js_sys::Function>) else {
        return;
    };
    let promise = method
        .call0(root)
        .ok()
        .and_then(|p| p.dyn_into::<js_sys::Promise>().ok());
    if let Some(promise) = promise {
        leptos::task::spawn_local(async move {
            let _ = wasm_bindgen_futures::JsFuture::from(promise).await;
        });
    }
}
