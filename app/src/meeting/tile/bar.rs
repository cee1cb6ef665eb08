//! The bar at the foot of a tile: name, muted microphone, bad connection.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::QualityScore;

use crate::{
    components::{Bars, Icon},
    state::Person,
    text::text,
};

/// Name, muted microphone, bad connection.
#[component]
pub(super) fn NameBar(person: Arc<Person>, name: Signal<String>, is_screen: bool) -> impl IntoView {
    let words = &text().tile;
    let media = person.media.clone();
    let muted = move || {
        let muted = !is_screen && !media.get().microphone;
        muted.then(|| {
            view! {
                <span class="tile__sign" role="img" aria-label=words.muted>
                    <Icon glyph=icondata::LuMicOff />
                </span>
            }
        })
    };
    let connection = move || {
        let (words, lit) = match person.quality.get() {
            QualityScore::Good => return None,
            QualityScore::Fair => (words.fair, 2),
            QualityScore::Poor => (words.poor, 1),
            QualityScore::Lost => (words.lost, 0),
        };
        Some(view! {
            <span class="tile__sign tile__sign--connection" role="img" aria-label=words title=words>
                <Bars lit=lit />
            </span>
        })
    };
    view! {
        <div class="tile__bar">
            {muted} <span class="tile__name" dir="auto">
                {move || name.get()}
            </span> {connection}
        </div>
    }
}
