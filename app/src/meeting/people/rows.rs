//! A list of people within the panel's scroller. Of long lists only the rows
//! in sight are drawn; screen readers are told how many there are.

use std::hash::Hash;

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::window::{Sight, drawn};
use crate::browser::resize;

/// What scrolls; found in the context by the lists within.
#[derive(Clone, Copy)]
pub(super) struct Scroller {
    pub(super) node: NodeRef<html::Div>,
    /// Rises whenever other rows may be in sight.
    moved: RwSignal<u32>,
}

impl Scroller {
    /// A scroller for the calling component to draw.
    pub(super) fn new() -> Self {
        let scroller = Self {
            node: NodeRef::new(),
            moved: RwSignal::new(0),
        };
        let size = resize::size_of(scroller.node);
        Effect::new(move |_| {
            size.track();
            scroller.moved();
        });
        scroller
    }

    /// Other rows may be in sight now.
    pub(super) fn moved(self) {
        // the panel may be gone by the time that a frame is drawn
        let _ = self
            .moved
            .try_update(|count| *count = count.wrapping_add(1));
    }

    /// What is in sight of a list.
    fn sight(self, list: NodeRef<html::Ul>) -> Sight {
        self.moved.track();
        let measured = self.node.get_untracked().zip(list.get_untracked());
        let Some((scroller, list)) = measured else {
            return Sight::UNKNOWN;
        };
        let row = list.first_element_child();
        Sight {
            row: row.map_or(0.0, |row| row.get_bounding_client_rect().height()),
            past: f64::from(scroller.scroll_top() - list.offset_top()),
            height: f64::from(scroller.client_height()),
        }
    }
}

/// A list of rows of the same height.
#[component]
pub(super) fn Rows<T, K, V>(
    /// Its name.
    label: &'static str,
    /// Everybody, in order.
    items: Memo<Vec<T>>,
    /// What stays the same as long as a row need not be drawn anew.
    key: fn(&T) -> K,
    /// Draws what is in a row.
    row: fn(T) -> V,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
    K: Eq + Hash + 'static,
    V: IntoView + 'static,
{
    let scroller = expect_context::<Scroller>();
    let list = NodeRef::<html::Ul>::new();
    let total = Memo::new(move |_| items.with(Vec::len));
    let range = Memo::new(move |_| drawn(total.get(), scroller.sight(list)));
    Effect::new(move |_| {
        total.track();
        // the lists below this one have moved with its end
        request_animation_frame(move || scroller.moved());
    });
    let before = move || rows_high(range.get().start);
    let after = move || rows_high(total.get().saturating_sub(range.get().end));
    let each = move || {
        keep_focus(list);
        items.with(|items| items.get(range.get()).unwrap_or_default().to_vec())
    };
    view! {
        <ul
            class="rows"
            aria-label=label
            node_ref=list
            style:padding-block-start=before
            style:padding-block-end=after
        >
            <ForEnumerate
                each=each
                key=key
                children=move |index, item| {
                    view! {
                        <li
                            class="person"
                            aria-setsize=move || total.get().to_string()
                            aria-posinset=move || (range.get().start + index.get() + 1).to_string()
                        >
                            {row(item)}
                        </li>
                    }
                }
            />
        </ul>
    }
}

/// A row that moves within the document loses the focus that is in it: it gets
/// it back when all have their places. Call it before they move.
fn keep_focus(list: NodeRef<html::Ul>) {
    let focused = document().active_element();
    let inside = list
        .get_untracked()
        .zip(focused)
        .filter(|(list, focused)| list.contains(Some(focused)));
    let Some(focused) = inside.and_then(|(_, focused)| focused.dyn_into::<HtmlElement>().ok())
    else {
        return;
    };
    request_animation_frame(move || {
        let active = document().active_element();
        if active.is_none_or(|active| active.tag_name() == "BODY") {
            // what is gone by now cannot take it
            let _ = focused.focus();
        }
    });
}

/// So many rows in the style sheet's measure.
fn rows_high(count: usize) -> String {
    format!("calc({count} * var(--row))")
}
