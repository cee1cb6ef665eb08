//! A button with a menu: arrow keys, Escape, a click outside.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node};

use super::{Glyph, Icon};

/// How an item asks its menu to close.
#[derive(Clone, Copy)]
pub(super) struct CloseMenu(pub(super) Callback<()>);

/// A button that opens a menu of [`MenuItem`]s above itself.
#[component]
pub(crate) fn Menu(
    /// The button's name.
    label: &'static str,
    /// The button's icon.
    glyph: Glyph,
    /// More classes for the whole.
    #[prop(optional)]
    class: &'static str,
    /// A count at the button's corner; an item tells it in words.
    #[prop(optional, into)]
    badge: Signal<Option<String>>,
    /// The items.
    children: ChildrenFn,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let root = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let list = NodeRef::<html::Div>::new();
    let close = Callback::new(move |()| {
        open.set(false);
        focus(button.get_untracked().map(HtmlElement::from));
    });
    provide_context(CloseMenu(close));
    close_on_click_outside(root, open);
    Effect::new(move |_| {
        if let Some(list) = list.get() {
            step(&list, Step::First);
        }
    });
    let on_key = move |event| on_key(&event, list, close);
    let children = StoredValue::new(children);
    view! {
        <div class=format!("menu {class}") node_ref=root>
            <button
                type="button"
                class="tool"
                node_ref=button
                aria-label=label
                title=label
                aria-haspopup="menu"
                aria-expanded=move || open.get().to_string()
                data-badge=move || badge.get()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <Icon glyph=glyph />
            </button>
            <Show when=move || open.get()>
                <div class="menu__list" role="menu" aria-label=label node_ref=list on:keydown=on_key>
                    {children.read_value()()}
                </div>
            </Show>
        </div>
    }
}

/// One item. With `checked` it is one choice of several, or, with `toggle`,
/// something that is on or off by itself.
#[component]
pub(crate) fn MenuItem(
    #[prop(into)] label: Signal<String>,
    glyph: Glyph,
    #[prop(optional, into)] checked: Option<Signal<bool>>,
    #[prop(optional)] toggle: bool,
    #[prop(optional)] class: &'static str,
    #[prop(into)] on_choose: Callback<()>,
) -> impl IntoView {
    let menu = expect_context::<CloseMenu>();
    view! {
        <button
            type="button"
            class=format!("menu__item {class}")
            role=match (checked.is_some(), toggle) {
                (false, _) => "menuitem",
                (true, false) => "menuitemradio",
                (true, true) => "menuitemcheckbox",
            }
            aria-checked=move || checked.map(|checked| checked.get().to_string())
            tabindex="-1"
            on:click=move |_| {
                menu.0.run(());
                on_choose.run(());
            }
        >
            <Icon glyph=glyph />
            <span>{move || label.get()}</span>
            {move || {
                checked
                    .is_some_and(|checked| checked.get())
                    .then(|| view! { <Icon glyph=icondata::LuCheck /> })
            }}
        </button>
    }
}

/// Arrow keys walk the list, Escape and Tab close it.
pub(super) fn on_key(event: &ev::KeyboardEvent, list: NodeRef<html::Div>, close: Callback<()>) {
    if event.key() == "Escape" || event.key() == "Tab" {
        event.stop_propagation();
        close.run(());
        return;
    }
    if let (Some(to), Some(list)) = (Step::of_key(&event.key()), list.get_untracked()) {
        event.prevent_default();
        event.stop_propagation();
        step(&list, to);
    }
}

/// Where the focus goes within a list.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step {
    First,
    Last,
    Next,
    Previous,
}

impl Step {
    fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            "Home" => Self::First,
            "End" => Self::Last,
            "ArrowDown" => Self::Next,
            "ArrowUp" => Self::Previous,
            _ => return None,
        })
    }
}

/// Moves the focus within the visible items of a list, round its ends.
pub(super) fn step(list: &web_sys::HtmlDivElement, to: Step) {
    let Ok(found) = list.query_selector_all("[role^=menuitem]") else {
        return;
    };
    let items: Vec<HtmlElement> = (0..found.length())
        .filter_map(|i| found.item(i)?.dyn_into().ok())
        .filter(|item: &HtmlElement| item.offset_parent().is_some())
        .collect();
    let active = document().active_element();
    let at = items
        .iter()
        .position(|item| active.as_ref() == Some(item.as_ref()));
    let next = match (to, at) {
        (Step::Last, _) | (Step::Previous, None | Some(0)) => items.len().saturating_sub(1),
        (Step::Previous, Some(at)) => at - 1,
        (Step::Next, Some(at)) if at + 1 < items.len() => at + 1,
        _ => 0,
    };
    focus(items.get(next).cloned());
}

pub(super) fn focus(element: Option<HtmlElement>) {
    if let Some(element) = element {
        // an element that is gone cannot take the focus
        let _ = element.focus();
    }
}

fn close_on_click_outside(root: NodeRef<html::Div>, open: RwSignal<bool>) {
    let listener = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|t| t.dyn_into::<Node>().ok());
        let inside = root
            .get_untracked()
            .is_some_and(|root| root.contains(target.as_ref()));
        if !inside && open.get_untracked() {
            open.set(false);
        }
    });
    on_cleanup(move || listener.remove());
}
