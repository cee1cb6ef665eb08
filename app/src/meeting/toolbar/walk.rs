//! Arrow keys move the focus along the toolbar, as toolbars have it.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use crate::text::text;

/// Moves the focus to the next or the previous button, round the ends.
pub(super) fn walk(event: &ev::KeyboardEvent, bar: NodeRef<html::Div>) {
    let forward = match event.key().as_str() {
        "ArrowRight" => text().dir == "ltr",
        "ArrowLeft" => text().dir == "rtl",
        _ => return,
    };
    let Some(bar) = bar.get_untracked() else {
        return;
    };
    let tools = visible_tools(&bar);
    let active = document().active_element();
    let at = tools
        .iter()
        .position(|tool| active.as_ref() == Some(tool.as_ref()));
    let Some(at) = at else { return };
    let count = tools.len();
    let next = if forward { at + 1 } else { at + count - 1 } % count;
    event.prevent_default();
    let _ = tools[next].focus();
}

fn visible_tools(bar: &web_sys::HtmlDivElement) -> Vec<HtmlElement> {
    let Ok(found) = bar.query_selector_all("button.tool") else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|i| found.item(i)?.dyn_into().ok())
        .filter(|tool: &HtmlElement| tool.offset_parent().is_some())
        .collect()
}
