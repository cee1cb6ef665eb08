//! What the page that embeds us lets us do.
//!
//! Asking before trying matters: a try that is not allowed fails quietly for
//! us, but leaves an error in the embedding page's console.

use js_sys::{Function, Reflect};
use leptos::prelude::document;
use wasm_bindgen::{JsCast, JsValue};

/// Whether a feature is allowed here. Browsers that cannot say are believed to
/// allow it.
pub(crate) fn allows(feature: &str) -> bool {
    asked(feature).unwrap_or(true)
}

fn asked(feature: &str) -> Option<bool> {
    let policy = Reflect::get(&document(), &JsValue::from_str("featurePolicy")).ok()?;
    let method = Reflect::get(&policy, &JsValue::from_str("allowsFeature")).ok()?;
    let method: Function = method.dyn_into().ok()?;
    method
        .call1(&policy, &JsValue::from_str(feature))
        .ok()?
        .as_bool()
}
