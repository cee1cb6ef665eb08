//! A menu beside whatever opened it, for lists that scroll: one menu serves
//! all rows, and no edge of the list cuts it off.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use super::menu::{CloseMenu, Step, focus, on_key, step};

/// Pixels between the menu and its button, and between it and the page's edge.
const GAP: f64 = 6.0;

/// A menu of [`super::MenuItem`]s beside a button, open for as long as it is
/// there. It gives the focus back to the button.
#[component]
pub(crate) fn FloatingMenu(
    /// The menu's name.
    label: String,
    /// The button that it belongs to.
    anchor: HtmlElement,
    /// Rises when the button may have moved: the menu goes with it.
    #[prop(into)]
    moved: Signal<u32>,
    /// Asks to be closed.
    on_close: Callback<()>,
    /// The items.
    children: Children,
) -> impl IntoView {
    let anchor = StoredValue::new_local(anchor);
    let list = NodeRef::<html::Div>::new();
    let close = Callback::new(move |()| {
        on_close.run(());
        focus(anchor.try_get_value());
    });
    provide_context(CloseMenu(close));
    close_on_click_outside(list, anchor, on_close);
    let resized = resizes();
    Effect::new(move |placed: Option<bool>| {
        moved.track();
        resized.track();
        let (Some(list), Some(anchor)) = (list.get(), anchor.try_get_value()) else {
            return false;
        };
        if !is_in_sight(&anchor) {
            on_close.run(());
            return false;
        }
        place(&list, &anchor);
        if placed != Some(true) {
            step(&list, Step::First);
        }
        true
    });
    view! {
        <div
            class="menu__list menu__list--floating"
            role="menu"
            aria-label=label
            node_ref=list
            on:keydown=move |event| on_key(&event, list, close)
        >
            {children()}
        </div>
    }
}

/// A line between items of different kinds.
#[component]
pub(crate) fn MenuLine() -> impl IntoView {
    view! { <div class="menu__line" role="separator"></div> }
}

/// Rises whenever the window has another size.
fn resizes() -> RwSignal<u32> {
    let resizes = RwSignal::new(0_u32);
    let listener = window_event_listener(ev::resize, move |_| {
        resizes.update(|count| *count = count.wrapping_add(1));
    });
    on_cleanup(move || listener.remove());
    resizes
}

/// Whether a button is still there, and on the page.
fn is_in_sight(anchor: &HtmlElement) -> bool {
    let at = anchor.get_bounding_client_rect();
    anchor.is_connected() && at.bottom() > 0.0 && at.top() < Page::measure().height
}

/// Below the button if there is room, else above it; always on the page.
fn place(list: &web_sys::HtmlDivElement, anchor: &HtmlElement) {
    let (at, size) = (
        anchor.get_bounding_client_rect(),
        list.get_bounding_client_rect(),
    );
    let page = Page::measure();
    let below = at.bottom() + GAP;
    let top = if below + size.height() + GAP <= page.height {
        below
    } else {
        at.top() - size.height() - GAP
    };
    let left = if page.is_right_to_left {
        at.left()
    } else {
        at.right() - size.width()
    };
    let style = HtmlElement::style(list);
    for (name, wanted, length, room) in [
        ("top", top, size.height(), page.height),
        ("left", left, size.width(), page.width),
    ] {
        let most = (room - length - GAP).max(GAP);
        // a length in pixels is always valid
        let _ = style.set_property(name, &format!("{}px", wanted.clamp(GAP, most)));
    }
}

/// What there is room for.
struct Page {
    width: f64,
    height: f64,
    is_right_to_left: bool,
}

impl Page {
    fn measure() -> Self {
        let root = document().document_element();
        let size = |side: fn(&web_sys::Element) -> i32| {
            root.as_ref().map_or(0.0, |root| f64::from(side(root)))
        };
        Self {
            width: size(web_sys::Element::client_width),
            height: size(web_sys::Element::client_height),
            is_right_to_left: root
                .as_ref()
                .and_then(|root| root.get_attribute("dir"))
                .is_some_and(|dir| dir == "rtl"),
        }
    }
}

/// A press on the button itself is left to the button.
fn close_on_click_outside(
    list: NodeRef<html::Div>,
    anchor: StoredValue<HtmlElement, LocalStorage>,
    close: Callback<()>,
) {
    let listener = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|t| t.dyn_into::<Node>().ok());
        let in_list = list
            .get_untracked()
            .is_some_and(|list| list.contains(target.as_ref()));
        let in_anchor = anchor
            .try_get_value()
            .is_some_and(|anchor| anchor.contains(target.as_ref()));
        if !in_list && !in_anchor {
            close.run(());
        }
    });
    on_cleanup(move || listener.remove());
}
