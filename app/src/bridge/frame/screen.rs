//! Full screen.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::document;
use protocol::{BridgeError, BridgeFault};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::browser::{full_screen, policy};

/// Fills the screen, or leaves it.
///
/// # Errors
/// `blocked_by_embedder`, `unsupported` or `gesture_required`.
pub(super) async fn fill(on: bool) -> Result<(), BridgeError> {
    if on == full_screen::is_on() {
        return Ok(());
    }
    if on && !full_screen::is_available() {
        return Err(match policy::allows("fullscreen") {
            true => BridgeError::new(BridgeFault::Unsupported, "the browser cannot do it"),
            false => BridgeError::new(
                BridgeFault::BlockedByEmbedder,
                "the iframe's allow attribute lacks fullscreen",
            ),
        });
    }
    let asked = match on {
        true => document().document_element().map(JsValue::from),
        false => Some(document().into()),
    };
    let method = if on {
        "requestFullscreen"
    } else {
        "exitFullscreen"
    };
    let asked = asked.and_then(|target| call(&target, method));
    let asked = asked.ok_or_else(untouched)?;
    let done = JsFuture::from(asked).await;
    done.map(|_| ()).map_err(|_| untouched())
}

fn call(target: &JsValue, method: &str) -> Option<Promise> {
    let method = Reflect::get(target, &method.into()).ok()?;
    let method: Function = method.dyn_into().ok()?;
    method.call0(target).ok()?.dyn_into().ok()
}

/// The browser wants a click first.
pub(super) fn untouched() -> BridgeError {
    BridgeError::new(
        BridgeFault::GestureRequired,
        "the browser wants a click or a key within the frame first",
    )
}
