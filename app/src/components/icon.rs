//! One icon of Lucide, inline.

use leptos::prelude::*;

/// An icon of the library, such as `icondata::LuMic`.
pub(crate) type Glyph = icondata::Icon;

/// Draws an icon in the colour and size of the text around it. It says nothing
/// to screen readers: the words beside it do.
#[component]
pub(crate) fn Icon(glyph: Glyph) -> impl IntoView {
    view! {
        <svg
            class="icon"
            viewBox="0 0 24 24"
            aria-hidden="true"
            focusable="false"
            inner_html=glyph.data
        ></svg>
    }
}
