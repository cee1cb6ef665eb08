//! A moderator has to let the participant in.

use leptos::prelude::*;

use super::door::Door;
use crate::text::text;

/// Waits for a moderator. The devices can be looked after meanwhile.
#[component]
pub(crate) fn Lobby() -> impl IntoView {
    view! {
        <Door explanation=text().lobby.waiting with_preview=true>
            <span class="door__pulse" aria-hidden="true"></span>
        </Door>
    }
}
