//! Gives the focus back to where it came from.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Remembers what has the focus now, and gives it back when the calling
/// component goes, unless somebody has moved it elsewhere by then.
pub(crate) fn give_back() {
    let before = StoredValue::new_local(focused());
    on_cleanup(move || {
        let left_to_nobody = || focused().is_none_or(|now| !is_kept(&now));
        // what was inside the component loses the focus with the next frame
        request_animation_frame({
            let before = before.try_get_value().flatten();
            move || {
                if let Some(before) = before.filter(|_| left_to_nobody()) {
                    // an element that is gone by now cannot take it
                    let _ = before.focus();
                }
            }
        });
    });
}

fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Whether an element really holds the focus: the body only stands in for it.
fn is_kept(element: &HtmlElement) -> bool {
    element.tag_name() != "BODY"
}
