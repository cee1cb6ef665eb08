//! `/recordings/…`: the player of a recording, loaded after the page.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{brand, browser::language::translated, parts::Part, text::text};

/// The page of a recording.
#[component]
pub(crate) fn Recorded() -> impl IntoView {
    let part = Part::Watch.load();
    translated(move || {
        view! {
            <Title text=format!("{} · {}", text().watch.title, brand::name()) />
            {move || part.view_or(loading)}
        }
    })
}

fn loading() -> AnyView {
    view! {
        <main class="watch">
            <p role="status">{text().common.loading}</p>
            <noscript>
                <p>{text().common.needs_script}</p>
            </noscript>
        </main>
    }
    .into_any()
}
