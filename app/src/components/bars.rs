//! Three bars, of which some are lit: how good a connection is.

use leptos::prelude::*;

/// Bars with `lit` of them lit, 0 to 3. The words stand beside them.
#[component]
pub(crate) fn Bars(lit: u8) -> impl IntoView {
    view! {
        <svg class="bars" viewBox="0 0 14 12" aria-hidden="true" focusable="false">
            <rect x="0" y="8" width="3.5" height="4" rx="1" data-lit=(lit >= 1).to_string()></rect>
            <rect x="5.25" y="4" width="3.5" height="8" rx="1" data-lit=(lit >= 2).to_string()></rect>
            <rect x="10.5" y="0" width="3.5" height="12" rx="1" data-lit=(lit >= 3).to_string()></rect>
        </svg>
    }
}
