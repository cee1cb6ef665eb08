//! Pinning: which tile the participant wants on the stage.

use leptos::prelude::*;
use protocol::TrackRef;

use crate::{components::Icon, state::Desk, text::text};

/// Puts the tile on the stage, or back.
#[component]
pub(in crate::meeting) fn PinButton(
    /// What is pinned.
    track: TrackRef,
    /// What it is called.
    name: Signal<String>,
    /// How the button looks.
    class: &'static str,
) -> impl IntoView {
    let desk = expect_context::<Desk>();
    let words = &text().tile;
    let pinned = {
        let track = track.clone();
        Memo::new(move |_| desk.pinned.with(|pinned| pinned.as_ref() == Some(&track)))
    };
    let label = move || {
        name.with(|name| match pinned.get() {
            true => words.unpin.with(name),
            false => words.pin.with(name),
        })
    };
    view! {
        <button
            type="button"
            class=class
            data-pinned=move || pinned.get().then_some("true")
            aria-label=label
            title=label
            on:click=move |_| desk.toggle_pin(&track)
        >
            {move || match pinned.get() {
                true => view! { <Icon glyph=icondata::LuPinOff /> },
                false => view! { <Icon glyph=icondata::LuPin /> },
            }}
        </button>
    }
}
