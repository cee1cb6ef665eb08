//! Two specks in the corners that change all the time. Where nothing else
//! moves, the browser captures no picture, and after that every transition
//! stalls the capture for a quarter of a second: with them it never rests.

use std::time::Duration;

use leptos::{html, prelude::*};

/// Pictures a second.
const RATE: f64 = 30.0;

/// Two shades of black that an encoder hardly tells apart.
const SHADES: [&str; 2] = ["#000000", "#010101"];

/// The specks.
#[component]
pub(super) fn Beat() -> impl IntoView {
    let specks = [NodeRef::<html::Span>::new(), NodeRef::<html::Span>::new()];
    Effect::new(move |_| {
        let turn = StoredValue::new(0_usize);
        let timer = set_interval_with_handle(
            move || {
                let Some(now) = turn.try_get_value() else {
                    return;
                };
                turn.set_value((now + 1) % SHADES.len());
                for speck in specks.iter().filter_map(|speck| speck.get_untracked()) {
                    // a valid property of every element
                    let style = web_sys::HtmlElement::style(&speck);
                    let _ = style.set_property("background", SHADES[now]);
                }
            },
            Duration::from_secs_f64(1.0 / RATE),
        );
        if let Ok(timer) = timer {
            on_cleanup(move || timer.clear());
        }
    });
    specks
        .map(|speck| view! { <span class="recorder__beat" aria-hidden="true" node_ref=speck></span> })
        .collect_view()
}
