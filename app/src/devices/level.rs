//! How loud the own microphone is.

use leptos::{html, prelude::*};

use crate::{state::Meeting, text::text};

/// A meter that moves with the voice.
#[component]
pub(crate) fn LevelMeter() -> impl IntoView {
    let level = Meeting::expect().store.level;
    let bar = NodeRef::<html::Div>::new();
    // set through the object model: a style attribute would need a place in
    // the content security policy
    Effect::new(move |_| {
        let level = level.get().min(100);
        if let Some(bar) = bar.get() {
            let scale = format!("scaleX({}.{:02})", level / 100, level % 100);
            let _ = web_sys::HtmlElement::style(&bar).set_property("transform", &scale);
        }
    });
    view! {
        <div
            class="level"
            role="meter"
            aria-label=text().devices.level
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || level.get().to_string()
        >
            <div class="level__bar" node_ref=bar></div>
        </div>
    }
}
