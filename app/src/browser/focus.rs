//! Where the focus goes with a screen, and back to where it came from.

use leptos::{html::ElementType, prelude::*};
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

/// Takes the focus to what a new screen begins with. While a page around this
/// one is in use, its focus is not taken away.
pub(crate) fn take<E>(node: NodeRef<E>)
where
    E: ElementType + 'static,
    E::Output: JsCast + Clone + 'static,
{
    Effect::new(move |_| {
        let in_use = document().has_focus().unwrap_or(true);
        if let Some(element) = node.get().filter(|_| in_use) {
            let _ = element.unchecked_ref::<HtmlElement>().focus();
        }
    });
}

fn focused() -> Option<HtmlElement> {
    document().active_element()?.dyn_into().ok()
}

/// Whether an element really holds the focus: the body only stands in for it.
fn is_kept(element: &HtmlElement) -> bool {
    element.tag_name() != "BODY"
}
