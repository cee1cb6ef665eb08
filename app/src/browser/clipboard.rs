//! Copies text, also where the modern interface is forbidden.

use leptos::prelude::{document, window};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

use super::policy;

/// Copies a text; says whether it worked.
pub(crate) async fn copy(text: String) -> bool {
    modern(&text).await || by_selection(&text).is_some()
}

/// The asynchronous clipboard, absent without HTTPS and refused in frames that
/// do not list `clipboard-write`.
async fn modern(text: &str) -> bool {
    let navigator = window().navigator();
    let has = js_sys::Reflect::get(&navigator, &JsValue::from_str("clipboard"))
        .is_ok_and(|clipboard| clipboard.is_object());
    has && policy::allows("clipboard-write")
        && JsFuture::from(navigator.clipboard().write_text(text))
            .await
            .is_ok()
}

/// Selects the text in a field outside the view and copies the selection.
fn by_selection(text: &str) -> Option<()> {
    let document = document();
    let body = document.body()?;
    let active = document.active_element();
    let field: HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    field.set_class_name("visually-hidden");
    field.set_value(text);
    body.append_child(&field).ok()?;
    field.select();
    let html: HtmlDocument = document.dyn_into().ok()?;
    let done = html.exec_command("copy").unwrap_or(false);
    field.remove();
    if let Some(active) = active.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = active.focus();
    }
    done.then_some(())
}
