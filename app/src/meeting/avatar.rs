//! What stands for somebody whose camera is off.

use leptos::prelude::*;
use protocol::PeerId;

use crate::{components::Icon, text::initials};

/// How many colours there are in the style sheet.
const HUES: u32 = 12;

/// Initials on the colour that [`hue`] gives.
#[component]
pub(super) fn Avatar(hue: u32, #[prop(into)] name: Signal<String>) -> impl IntoView {
    view! {
        <span class="avatar" data-hue=hue.to_string() aria-hidden="true">
            {move || {
                let letters = name.with(|name| initials(name));
                if letters.is_empty() {
                    view! { <Icon glyph=icondata::LuUser /> }.into_any()
                } else {
                    letters.into_any()
                }
            }}
        </span>
    }
}

/// The number of a participant's colour, the same on every page: FNV-1a over the id.
pub(super) fn hue(peer: &PeerId) -> u32 {
    let hash = peer.as_str().bytes().fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    hash % HUES
}
