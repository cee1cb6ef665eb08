//! The sign of the tenant, or that of Meetframe: somebody in a frame.

use leptos::prelude::*;

use crate::brand;

/// The sign. The name stands beside it or above the page, so it is not read
/// out.
#[component]
pub(crate) fn Logo() -> impl IntoView {
    match brand::logo() {
        Some(address) => view! { <img class="logo logo--own" src=address alt="" /> }.into_any(),
        None => view! { <Sign /> }.into_any(),
    }
}

/// Meetframe's own, drawn in the accent colour.
#[component]
fn Sign() -> impl IntoView {
    view! {
        <svg class="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
            <rect class="logo__ground" width="32" height="32" rx="9"></rect>
            <path
                class="logo__frame"
                d="M8 12v-2a2 2 0 0 1 2-2h2M20 8h2a2 2 0 0 1 2 2v2M24 20v2a2 2 0 0 1-2 2h-2M12 24h-2a2 2 0 0 1-2-2v-2"
            ></path>
            <circle class="logo__face" cx="16" cy="16" r="4"></circle>
        </svg>
    }
}
